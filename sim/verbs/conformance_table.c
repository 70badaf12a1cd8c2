#include "conformance_table.h"

#include "../must.h"
#include "../printable.h"

#include <assert.h>
#include <string.h>

enum kind { KIND_CLAUSE, KIND_SCENARIO, KIND_NOT_APPLICABLE, KIND_NOTHING, KINDS };
static const char *const kinds[KINDS] = { "clause", "scenario", "not applicable", "nothing" };

struct evidence {
    size_t feature; /* its index */
    enum kind kind;
    const char *value;
    int line;
};

/* A table while it is read. */
struct reading {
    const char *path;
    char *rest;
    int line;
    FILE *errors;
};

enum { COLUMNS_MOST = 6 };

const char *verdict_name(enum verdict verdict)
{
    static const char *const names[VERDICTS] = { "supported", "failed", "not shown", "not applicable" };
    assert(verdict < VERDICTS);
    return names[verdict];
}

/* ---- Lines and columns ---- */

static bool complain(const struct reading *reading, const char *what, const char *word)
{
    printable_string(reading->errors, reading->path);
    fprintf(reading->errors, ":%d: %s", reading->line, what);
    printable_string(reading->errors, word);
    fputc('\n', reading->errors);
    return false;
}

/* Cuts the next line that is not a comment out of the text; NULL at its end. */
static char *next_row(struct reading *reading)
{
    while (*reading->rest != '\0') {
        char *line = reading->rest;
        const size_t length = strcspn(line, "\n");
        reading->rest += length + (line[length] == '\n');
        line[length] = '\0';
        reading->line++;
        if (line[0] != '#' && line[0] != '\0')
            return line;
    }
    return NULL;
}

/* The report prints the columns as they are. */
static bool is_legible(const char *text)
{
    while ((unsigned char)*text >= ' ' && *text != 0x7f)
        text++;
    return *text == '\0';
}

/* Cuts a line into exactly `count` columns, none of them empty. */
static bool cut_columns(const struct reading *reading, char *line, const char **columns, size_t count)
{
    size_t found = 0;
    for (bool more = true; more; found++) {
        char *tab = strchr(line, '\t');
        more = tab != NULL;
        if (more)
            *tab = '\0';
        if (found < count)
            columns[found] = line;
        if (!is_legible(line))
            return complain(reading, "this line has a control character; expected text", "");
        if (*line == '\0')
            return complain(reading, "this line has an empty column; expected tabs between columns", "");
        line = more ? tab + 1 : line;
    }
    if (found != count)
        return complain(
            reading, "this line has another number of columns; expected as many as the first lines say", "");
    return true;
}

static struct feature *find_feature(const struct conformance *conformance, const char *name)
{
    for (size_t i = 0; i < conformance->count; i++)
        if (strcmp(conformance->features[i].name, name) == 0)
            return &conformance->features[i];
    return NULL;
}

/* ---- Features ---- */

static bool is_level(const char *level)
{
    static const char *const levels[] = { "MUST", "SHOULD", "MAY", "N/A" };
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++)
        if (strcmp(levels[i], level) == 0)
            return true;
    return false;
}

static bool add_feature(struct conformance *conformance, const struct reading *reading, char *line)
{
    const char *columns[COLUMNS_MOST];
    if (!cut_columns(reading, line, columns, COLUMNS_MOST))
        return false;
    for (size_t i = 2; i < 4; i++)
        if (!is_level(columns[i]))
            return complain(reading, "expected MUST, SHOULD, MAY or N/A, got ", columns[i]);
    if (find_feature(conformance, columns[1]) != NULL)
        return complain(reading, "there are two features of the name ", columns[1]);
    conformance->features =
        must(realloc(conformance->features, (conformance->count + 1) * sizeof *conformance->features));
    struct feature *feature = &conformance->features[conformance->count++];
    *feature = (struct feature){ columns[0],
                                 columns[1],
                                 columns[2],
                                 columns[3],
                                 columns[4],
                                 columns[5],
                                 .applies = strcmp(columns[3], "N/A") != 0 };
    if (!feature->applies)
        feature->reason = "a feature of clients";
    return true;
}

/* ---- Evidence ---- */

static enum kind find_kind(const char *name)
{
    enum kind kind = KIND_CLAUSE;
    while (kind < KINDS && strcmp(kinds[kind], name) != 0)
        kind++;
    return kind;
}

static bool add_evidence(struct conformance *conformance, const struct reading *reading, char *line)
{
    const char *columns[3];
    if (!cut_columns(reading, line, columns, 3))
        return false;
    struct feature *feature = find_feature(conformance, columns[0]);
    const enum kind kind = find_kind(columns[1]);
    if (feature == NULL)
        return complain(reading, "there is no feature ", columns[0]);
    if (kind == KINDS)
        return complain(reading, "expected clause, scenario, not applicable or nothing, got ", columns[1]);
    if (feature->reason != NULL)
        return complain(reading, "nothing shows this feature, which has a reason: ", columns[0]);
    if (kind == KIND_NOT_APPLICABLE || kind == KIND_NOTHING)
        feature->reason = columns[2];
    feature->applies = kind != KIND_NOT_APPLICABLE;
    conformance->evidence = must(
        realloc(conformance->evidence, (conformance->evidence_count + 1) * sizeof *conformance->evidence));
    conformance->evidence[conformance->evidence_count++] =
        (struct evidence){ (size_t)(feature - conformance->features), kind, columns[2], reading->line };
    return true;
}

/* ---- Both ---- */

static char *join(const char *folder, const char *name)
{
    const size_t size = strlen(folder) + strlen(name) + 2;
    char *path = must(malloc(size));
    (void)snprintf(path, size, "%s/%s", folder, name);
    return path;
}

static bool read_table(struct conformance *conformance, const char *folder, const char *name, char **text,
                       bool (*add)(struct conformance *conformance, const struct reading *reading,
                                   char *line),
                       FILE *errors)
{
    char *path = join(folder, name);
    char *line = NULL;
    *text = file_read(path, NULL);
    bool good = *text != NULL;
    if (good) {
        struct reading reading = { .path = path, .rest = *text, .errors = errors };
        while (good && (line = next_row(&reading)) != NULL)
            good = add(conformance, &reading, line);
    } else {
        (void)file_cannot_read(path, errors);
    }
    free(path);
    return good;
}

bool conformance_read(struct conformance *conformance, const char *folder, FILE *errors)
{
    *conformance = (struct conformance){ 0 };
    return read_table(conformance, folder, "features.tsv", &conformance->texts[0], add_feature, errors) &&
           read_table(conformance, folder, "evidence.tsv", &conformance->texts[1], add_evidence, errors);
}

void conformance_free(struct conformance *conformance)
{
    for (size_t i = 0; i < conformance->count; i++)
        free(conformance->features[i].shown_by);
    free(conformance->features);
    free(conformance->evidence);
    free(conformance->texts[0]);
    free(conformance->texts[1]);
}

/* ---- The cases that show a feature ---- */

/* Whether a tag's value, "6120 4.9.3.13", is in the section, or in one below it. */
static bool is_within(const char *value, const char *document, const char *section)
{
    const size_t length = strlen(document);
    if (strncmp(value, document, length) != 0 || value[length] != ' ')
        return false;
    value += length + 1;
    const size_t depth = strlen(section);
    return strncmp(value, section, depth) == 0 && (value[depth] == '\0' || value[depth] == '.');
}

static bool cites(const struct scenario *scenario, const char *document, const char *section)
{
    for (const struct tag *tag = scenario->tags; tag != NULL; tag = tag->next)
        if (strcmp(tag->name, "rfc") == 0 && is_within(tag->value, document, section))
            return true;
    return false;
}

/* `clause` is "6120 4.9", or the document if `section` is not NULL.  Returns whether a scenario cites it. */
static bool show_by_clause(struct feature *feature, const struct suite *suite, const char *clause,
                           const char *section)
{
    bool found = false;
    char *document = must(strdup(clause));
    char *blank = strchr(document, ' ');
    if (section == NULL && blank != NULL) {
        *blank = '\0';
        section = blank + 1;
    }
    for (size_t i = 0; i < suite->count && section != NULL; i++)
        if (cites(suite->scenarios[i], document, section))
            feature->shown_by[i] = found = true;
    free(document);
    return found;
}

/* A file, or with its "#3" a row.  Returns whether there is such a scenario. */
static bool show_by_name(struct feature *feature, const struct suite *suite, const char *folder,
                         const char *name)
{
    bool found = false;
    char *path = join(folder, name);
    for (size_t i = 0; i < suite->count; i++) {
        const struct scenario *scenario = suite->scenarios[i];
        if (strcmp(scenario->path, path) != 0 && strcmp(scenario->name, path) != 0)
            continue;
        feature->shown_by[i] = found = true;
    }
    free(path);
    return found;
}

/* The name as it begins the paths of the suite. */
static char *without_slashes(const char *folder)
{
    size_t length = strlen(folder);
    while (length > 1 && folder[length - 1] == '/')
        length--;
    return must(strndup(folder, length));
}

/* Reports evidence that is not there. */
static bool complain_absent(const struct evidence *evidence, const struct feature *feature,
                            const char *folder, FILE *errors)
{
    const bool clause = evidence->kind == KIND_CLAUSE;
    fprintf(errors, "evidence.tsv:%d: %s: there is no scenario ", evidence->line, feature->name);
    if (!clause)
        printable_string(errors, folder);
    fputs(clause ? "with the tag rfc: " : "/", errors);
    printable_string(errors, evidence->value);
    fputc('\n', errors);
    return false;
}

/* Whether the evidence is there, or none was to be expected. */
static bool show(struct feature *feature, const struct suite *suite, const struct evidence *evidence,
                 const char *folder, FILE *errors)
{
    bool found = true;
    if (evidence->kind == KIND_CLAUSE)
        found = show_by_clause(feature, suite, evidence->value, NULL);
    if (evidence->kind == KIND_SCENARIO)
        found = show_by_name(feature, suite, folder, evidence->value);
    return found || complain_absent(evidence, feature, folder, errors);
}

bool conformance_match(struct conformance *conformance, const struct suite *suite, const char *folder,
                       FILE *errors)
{
    bool good = true;
    char *trimmed = without_slashes(folder);
    bool *has_own = must(calloc(conformance->count + 1, sizeof *has_own));
    for (size_t i = 0; i < conformance->count; i++)
        conformance->features[i].shown_by = must(calloc(suite->count + 1, sizeof(bool)));
    for (size_t i = 0; i < conformance->evidence_count; i++) {
        const struct evidence *evidence = &conformance->evidence[i];
        has_own[evidence->feature] = true;
        good = show(&conformance->features[evidence->feature], suite, evidence, trimmed, errors) && good;
    }
    for (size_t i = 0; i < conformance->count; i++) {
        struct feature *feature = &conformance->features[i];
        if (!has_own[i] && feature->applies)
            (void)show_by_clause(feature, suite, feature->rfc, feature->section);
    }
    free(has_own);
    free(trimmed);
    return good;
}

enum verdict conformance_judge(const struct feature *feature, const enum case_outcome *outcomes, size_t count)
{
    enum verdict verdict = feature->applies ? VERDICT_NOT_SHOWN : VERDICT_NOT_APPLICABLE;
    assert(feature->shown_by != NULL);
    for (size_t i = 0; i < count; i++) {
        if (!feature->shown_by[i] || outcomes[i] == CASE_NOT_RUN)
            continue;
        if (outcomes[i] == CASE_FAILED)
            return VERDICT_FAILED;
        verdict = VERDICT_SUPPORTED;
    }
    return verdict;
}
