#include "wanted.h"
#include "../text.h"

#include "../must.h"
#include "../printable.h"
#include "options.h"

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

/* ---- Names of parts ---- */

/* The number after the last mark, if it ends the path; a colon may follow, as in "FILE:33: MESSAGE". */
static bool number_behind(const char *path, char mark, size_t *file_length, uint64_t *number)
{
    size_t length = strlen(path);
    length -= length > 0 && mark == ':' && path[length - 1] == ':';
    size_t begin = length;
    while (begin > 0 && path[begin - 1] >= '0' && path[begin - 1] <= '9')
        begin--;
    if (begin < 2 || begin == length || path[begin - 1] != mark)
        return false;
    char *digits = must(strndup(path + begin, length - begin));
    const bool good = text_read_number(digits, SIZE_MAX, number) && *number > 0;
    free(digits);
    *file_length = begin - 1;
    return good;
}

/* Returns false when the path names no part of a file. */
static bool read_part(const char *path, struct part *part)
{
    struct stat status;
    size_t length = 0;
    *part = (struct part){ .file = NULL };
    if (stat(path, &status) == 0 ||
        (!number_behind(path, '#', &length, &part->row) && !number_behind(path, ':', &length, &part->line)))
        return false;
    part->file = must(strndup(path, length));
    return true;
}

/* ---- Finding ---- */

static void print_part(FILE *out, const struct part *part)
{
    printable_string(out, part->file);
    fprintf(out, "%c%" PRIu64, part->row > 0 ? '#' : ':', part->row > 0 ? part->row : part->line);
}

/* A folder has no parts. */
static bool is_folder(const struct part *part, FILE *errors)
{
    struct stat status;
    if (stat(part->file, &status) != 0 || !S_ISDIR(status.st_mode))
        return false;
    fputs("rehearse: there is no ", errors);
    print_part(errors, part);
    fputs(": ", errors);
    printable_string(errors, part->file);
    fputs(" is a folder\n", errors);
    return true;
}

static bool want_part(struct wanted *wanted, struct part *part, FILE *errors)
{
    wanted->parts = must(realloc(wanted->parts, (wanted->part_count + 1) * sizeof *wanted->parts));
    wanted->parts[wanted->part_count++] = *part;
    return !is_folder(part, errors) && files_find(&wanted->files, part->file, errors);
}

static bool want_whole(struct wanted *wanted, const char *path, FILE *errors)
{
    size_t before = wanted->whole.count;
    bool found = files_find(&wanted->whole, path, errors);
    for (size_t i = before; i < wanted->whole.count; i++)
        files_add(&wanted->files, must(strdup(wanted->whole.names[i])));
    return found;
}

bool wanted_find(struct wanted *wanted, const char *const *paths, size_t count, FILE *errors)
{
    struct part part;
    bool good = true;
    for (size_t i = 0; i < count; i++) {
        const bool found = read_part(paths[i], &part) ? want_part(wanted, &part, errors)
                                                      : want_whole(wanted, paths[i], errors);
        good = found && good;
    }
    files_sort(&wanted->files);
    files_sort(&wanted->whole);
    return good;
}

void wanted_free(struct wanted *wanted)
{
    for (size_t i = 0; i < wanted->part_count; i++)
        free(wanted->parts[i].file);
    free(wanted->parts);
    files_free(&wanted->files);
    files_free(&wanted->whole);
    *wanted = (struct wanted){ 0 };
}

/* ---- Cases ---- */

bool wanted_are_there(const struct wanted *wanted, const char *file, size_t rows, size_t lines, FILE *errors)
{
    bool good = true;
    for (size_t i = 0; i < wanted->part_count; i++) {
        const struct part *part = &wanted->parts[i];
        if (strcmp(part->file, file) != 0 || (part->row <= rows && part->line <= lines))
            continue;
        good = false;
        fputs("rehearse: there is no ", errors);
        print_part(errors, part);
        if (part->line > 0)
            fprintf(errors, ": the file has %zu line%s\n", lines, lines == 1 ? "" : "s");
        else if (rows > 0)
            fprintf(errors, ": the table has %zu row%s\n", rows, rows == 1 ? "" : "s");
        else
            fputs(": the file has no table\n", errors);
    }
    return good;
}

static bool is_row_on_line(uint64_t line, struct scenario *const *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if ((uint64_t)cases[i]->row_line == line)
            return true;
    return false;
}

static bool part_has(const struct part *part, const struct scenario *one, struct scenario *const *cases,
                     size_t count)
{
    if (part->row > 0)
        return part->row == one->row;
    return (uint64_t)one->row_line == part->line || !is_row_on_line(part->line, cases, count);
}

bool wanted_has(const struct wanted *wanted, const struct scenario *one, struct scenario *const *cases,
                size_t count)
{
    if (files_have(&wanted->whole, one->path))
        return true;
    for (size_t i = 0; i < wanted->part_count; i++)
        if (strcmp(wanted->parts[i].file, one->path) == 0 && part_has(&wanted->parts[i], one, cases, count))
            return true;
    return false;
}
