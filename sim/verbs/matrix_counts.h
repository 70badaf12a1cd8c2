/*
 * matrix_counts.h - the counts of a matrix: topics of scenarios, servers, levels.
 *
 * The topic of a scenario is the first folder below the given path that it was found by.  A file that is directly in
 * that path, or that was itself given, has its own folder as the topic.
 */
#ifndef SIM_MATRIX_COUNTS_H
#define SIM_MATRIX_COUNTS_H

#include "several.h"

/* Cases by their level, LEVEL_MUST to LEVEL_OURS.  A scenario without a level counts as LEVEL_OURS. */
struct matrix_cell {
    size_t passed[LEVEL_COUNT], failed[LEVEL_COUNT], skipped[LEVEL_COUNT];
};

struct matrix_topic {
    char *name;
    struct matrix_cell cells[SERVER_LIST_MOST]; /* one for each server */
};

struct matrix {
    const struct server_list *servers;
    struct matrix_topic *topics; /* in the order in which they were met */
    size_t count;
    struct matrix_cell all[SERVER_LIST_MOST];
};

/* The servers are borrowed. */
struct matrix matrix_new(const struct server_list *servers);
void matrix_free(struct matrix *matrix);

/* The topic of the file with that path, found by one of the given paths; the caller frees. */
char *matrix_topic_of(const char *path, const char *const *given, size_t given_count);

/* Counts the results of one case, one for each server. */
void matrix_count(struct matrix *matrix, const char *topic, enum scenario_level level,
                  const struct several_result *results);

/* The sum of all levels. */
size_t matrix_sum(const size_t counts[LEVEL_COUNT]);

/* ---- Writing (matrix_text.c, matrix_json.c, matrix_svg.c) ---- */

/* A table for a terminal; an object of JSON; a picture that is complete in itself, for light and dark pages. */
void matrix_write_text(FILE *out, const struct matrix *matrix);
void matrix_write_json(FILE *out, const struct matrix *matrix);
void matrix_write_svg(FILE *out, const struct matrix *matrix);

#endif
