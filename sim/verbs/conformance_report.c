#include "conformance_report.h"

#include "../kinds/server_kinds.h"
#include "../printable.h"
#include "../text.h"
#include "../tool/help.h"
#include "../tool/json.h"

#include <string.h>

enum { NAME_WIDTH = 38, DETAIL_INDENT = 6 };

const char *conformance_server(const struct conformance_results *results)
{
    return results->server != NULL ? results->server->name : "core";
}

static enum verdict judge(const struct conformance_results *results, const struct feature *feature)
{
    return conformance_judge(feature, results->outcomes, results->suite->count);
}

struct conformance_counts conformance_count(const struct conformance_results *results)
{
    struct conformance_counts counts = { 0 };
    for (size_t i = 0; i < results->conformance->count; i++)
        counts.of[judge(results, &results->conformance->features[i])]++;
    return counts;
}

/* ---- For a person ---- */

static size_t count_cases(const struct feature *feature, size_t count)
{
    size_t cases = 0;
    for (size_t i = 0; i < count; i++)
        cases += feature->shown_by[i];
    return cases;
}

static void print_detail(FILE *out, const char *text)
{
    fprintf(out, "%*s", DETAIL_INDENT, "");
    printable_string(out, text);
    fputc('\n', out);
}

/* Each file once. */
static void print_files(FILE *out, const struct conformance_results *results, const struct feature *feature)
{
    const char *last = "";
    for (size_t i = 0; i < results->suite->count; i++) {
        const char *path = results->suite->scenarios[i]->path;
        if (!feature->shown_by[i] || strcmp(path, last) == 0)
            continue;
        print_detail(out, path);
        last = path;
    }
}

static void print_failures(FILE *out, const struct conformance_results *results,
                           const struct feature *feature)
{
    for (size_t i = 0; i < results->suite->count; i++) {
        if (!feature->shown_by[i] || results->outcomes[i] == CASE_PASSED)
            continue;
        fprintf(out, "%*s%s", DETAIL_INDENT, "",
                results->outcomes[i] == CASE_FAILED ? "failed: " : "not run: ");
        printable_string(out, results->suite->scenarios[i]->name);
        fputs(": ", out);
        printable_string(out, results->summaries[i] != NULL ? results->summaries[i] : "not run");
        fputc('\n', out);
    }
}

/* "4.7.1, server MUST: ", with the level of the role that the feature concerns. */
static void print_description(FILE *out, const struct feature *feature, unsigned columns)
{
    struct text text = { 0 };
    const bool of_server = strcmp(feature->server, "N/A") != 0;
    text_string(&text, feature->section);
    text_string(&text, of_server ? ", server " : ", client ");
    text_string(&text, of_server ? feature->server : feature->client);
    text_string(&text, ": ");
    text_string(&text, feature->description);
    help_item(out, "", text.bytes, DETAIL_INDENT, columns);
    text_free(&text);
}

static void print_reason(FILE *out, const struct feature *feature, unsigned columns)
{
    struct text text = { 0 };
    if (feature->reason == NULL)
        return;
    text_string(&text, feature->applies ? "Missing: " : "Reason: ");
    text_string(&text, feature->reason);
    help_item(out, "", text.bytes, DETAIL_INDENT, columns);
    text_free(&text);
}

static void print_verdict(FILE *out, const struct conformance_results *results, const struct feature *feature,
                          unsigned columns)
{
    struct text text = { 0 };
    const size_t cases = count_cases(feature, results->suite->count);
    text_string(&text, verdict_name(judge(results, feature)));
    if (cases > 0) {
        text_string(&text, ", ");
        text_number(&text, cases);
        text_string(&text, cases == 1 ? " case" : " cases");
    }
    help_item(out, feature->name, text.bytes, NAME_WIDTH, columns);
    text_free(&text);
}

void conformance_print(FILE *out, const struct conformance_results *results, unsigned columns, bool verbose)
{
    const struct conformance *conformance = results->conformance;
    const struct conformance_counts counts = conformance_count(results);
    for (size_t i = 0; i < conformance->count; i++) {
        const struct feature *feature = &conformance->features[i];
        if (i == 0 || strcmp(feature->rfc, conformance->features[i - 1].rfc) != 0)
            fprintf(out, "%sRFC %s\n", i == 0 ? "" : "\n", feature->rfc);
        print_verdict(out, results, feature, columns);
        print_description(out, feature, columns);
        print_reason(out, feature, columns);
        print_failures(out, results, feature);
        if (verbose)
            print_files(out, results, feature);
    }
    fputc('\n', out);
    for (enum verdict verdict = VERDICT_SUPPORTED; verdict < VERDICTS; verdict++)
        fprintf(out, "%s%zu %s", verdict == VERDICT_SUPPORTED ? "" : ", ", counts.of[verdict],
                verdict_name(verdict));
    fputc('\n', out);
}

/* ---- JSON ---- */

/* A level is null where the feature does not apply to the role. */
static void print_level(FILE *out, const char *key, const char *level)
{
    json_string(out, key, strcmp(level, "N/A") != 0 ? level : NULL);
}

static void print_cases(FILE *out, const struct conformance_results *results, const struct feature *feature)
{
    const char *before = "";
    fputs(",\"cases\":[", out);
    for (size_t i = 0; i < results->suite->count; i++) {
        if (!feature->shown_by[i])
            continue;
        fprintf(out, "%s{\"passed\":%s", before, results->outcomes[i] == CASE_PASSED ? "true" : "false");
        json_string(out, "name", results->suite->scenarios[i]->name);
        json_string(out, "title", results->suite->scenarios[i]->title);
        json_string(out, "summary", results->summaries[i]);
        fputc('}', out);
        before = ",";
    }
    fputc(']', out);
}

static void print_json_feature(FILE *out, const struct conformance_results *results,
                               const struct feature *feature)
{
    fputs("{\"type\":\"feature\"", out);
    json_string(out, "rfc", feature->rfc);
    json_string(out, "feature", feature->name);
    json_string(out, "section", feature->section);
    print_level(out, "client", feature->client);
    print_level(out, "server", feature->server);
    json_string(out, "description", feature->description);
    json_string(out, "verdict", verdict_name(judge(results, feature)));
    json_string(out, "reason", feature->reason);
    print_cases(out, results, feature);
    fputs("}\n", out);
}

void conformance_print_json(FILE *out, const struct conformance_results *results)
{
    const struct conformance_counts counts = conformance_count(results);
    for (size_t i = 0; i < results->conformance->count; i++)
        print_json_feature(out, results, &results->conformance->features[i]);
    fprintf(
        out,
        "{\"type\":\"totals\",\"supported\":%zu,\"failed\":%zu,\"not_shown\":%zu,\"not_applicable\":%zu}\n",
        counts.of[VERDICT_SUPPORTED], counts.of[VERDICT_FAILED], counts.of[VERDICT_NOT_SHOWN],
        counts.of[VERDICT_NOT_APPLICABLE]);
}
