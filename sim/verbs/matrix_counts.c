#include "matrix_counts.h"

#include "../must.h"
#include "../tool/files.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct matrix matrix_new(const struct server_list *servers)
{
    return (struct matrix){ .servers = servers };
}

void matrix_free(struct matrix *matrix)
{
    for (size_t i = 0; i < matrix->count; i++)
        free(matrix->topics[i].name);
    free(matrix->topics);
    *matrix = (struct matrix){ .servers = NULL };
}

/* ---- Topics ---- */

/* What of the path is below the folder, or NULL. */
static const char *below(const char *path, const char *folder)
{
    size_t length = strlen(folder);
    while (length > 1 && folder[length - 1] == '/')
        length--;
    if (strncmp(path, folder, length) != 0 || (path[length] != '/' && folder[length - 1] != '/'))
        return NULL;
    return path + length + strspn(path + length, "/");
}

char *matrix_topic_of(const char *path, const char *const *given, size_t given_count)
{
    for (size_t i = 0; i < given_count; i++) {
        const char *rest = below(path, given[i]);
        const char *slash = rest != NULL ? strchr(rest, '/') : NULL;
        if (slash != NULL)
            return must(strndup(rest, (size_t)(slash - rest)));
    }
    const size_t folder = file_folder(path);
    size_t begin = folder;
    while (begin > 0 && path[begin - 1] != '/')
        begin--;
    return folder > begin ? must(strndup(path + begin, folder - begin)) : must(strdup("."));
}

static struct matrix_topic *topic_named(struct matrix *matrix, const char *name)
{
    for (size_t i = 0; i < matrix->count; i++)
        if (strcmp(matrix->topics[i].name, name) == 0)
            return &matrix->topics[i];
    matrix->topics = must(realloc(matrix->topics, (matrix->count + 1) * sizeof *matrix->topics));
    struct matrix_topic *topic = &matrix->topics[matrix->count++];
    *topic = (struct matrix_topic){ .name = must(strdup(name)) };
    return topic;
}

/* ---- Counting ---- */

static void count(struct matrix_cell *cell, enum scenario_level level, const struct several_result *result)
{
    cell->passed[level] += result->verdict == RESULT_PASSED;
    cell->failed[level] += result->verdict == RESULT_FAILED;
    cell->skipped[level] += result->verdict == RESULT_SKIPPED;
}

void matrix_count(struct matrix *matrix, const char *topic, enum scenario_level level,
                  const struct several_result *results)
{
    struct matrix_topic *row = topic_named(matrix, topic);
    const enum scenario_level stated = level != LEVEL_UNSTATED ? level : LEVEL_OURS;
    for (size_t i = 0; i < matrix->servers->count; i++) {
        count(&row->cells[i], stated, &results[i]);
        count(&matrix->all[i], stated, &results[i]);
    }
}

size_t matrix_sum(const size_t counts[LEVEL_COUNT])
{
    size_t sum = 0;
    for (enum scenario_level level = LEVEL_MUST; level < LEVEL_COUNT; level++)
        sum += counts[level];
    return sum;
}
