#include "conformance_page.h"

#include "../must.h"
#include "../tool/event_log.h"
#include "../tool/json.h"
#include "../tool/page.h"

#include <stdlib.h>
#include <string.h>

/* The numbers of the cases that show something, from 1; 0 for others.  The caller frees. */
static size_t *number_cases(const struct conformance_results *results)
{
    const struct conformance *conformance = results->conformance;
    size_t *numbers = must(calloc(results->suite->count + 1, sizeof *numbers));
    size_t count = 0;
    for (size_t i = 0; i < results->suite->count; i++)
        for (size_t j = 0; j < conformance->count && numbers[i] == 0; j++)
            if (conformance->features[j].shown_by[i])
                numbers[i] = ++count;
    return numbers;
}

static void print_begin(FILE *out, const struct conformance_results *results, size_t servers)
{
    fprintf(out, "{\"type\":\"run\",\"format\":1,\"seed\":null,\"cases\":0,\"events_format\":%d}\n",
            EVENT_LOG_FORMAT);
    fputs("{\"type\":\"conformance\"", out);
    json_key(out, "servers");
    for (size_t i = 0; i < servers; i++) {
        fputc(i == 0 ? '[' : ',', out);
        json_quote(out, conformance_server(&results[i]));
    }
    fputs("]}\n", out);
}

static void print_evidence(FILE *out, const struct conformance_results *results, size_t servers, size_t place,
                           size_t number)
{
    static const char *const outcomes[] = {
        [CASE_NOT_RUN] = "not run", [CASE_PASSED] = "passed", [CASE_FAILED] = "failed"
    };
    const struct scenario *scenario = results->suite->scenarios[place];
    fputs("{\"type\":\"evidence\"", out);
    json_number(out, "number", number);
    json_string(out, "name", scenario->name);
    json_string(out, "title", scenario->title);
    json_key(out, "outcomes");
    for (size_t i = 0; i < servers; i++) {
        fputc(i == 0 ? '[' : ',', out);
        json_quote(out, outcomes[results[i].outcomes[place]]);
    }
    fputc(']', out);
    json_key(out, "summaries");
    for (size_t i = 0; i < servers; i++) {
        fputc(i == 0 ? '[' : ',', out);
        json_quote(out, results[i].summaries[place]);
    }
    fputs("]}\n", out);
}

static const char *level_of(const char *level)
{
    return strcmp(level, "N/A") != 0 ? level : NULL;
}

static void print_feature(FILE *out, const struct conformance_results *results, size_t servers,
                          const struct feature *feature, const size_t *numbers)
{
    const char *between = "";
    fputs("{\"type\":\"feature\"", out);
    json_string(out, "rfc", feature->rfc);
    json_string(out, "feature", feature->name);
    json_string(out, "section", feature->section);
    json_string(out, "client", level_of(feature->client));
    json_string(out, "server", level_of(feature->server));
    json_string(out, "description", feature->description);
    json_string(out, "reason", feature->reason);
    json_key(out, "verdicts");
    for (size_t i = 0; i < servers; i++) {
        fputc(i == 0 ? '[' : ',', out);
        json_quote(out, verdict_name(conformance_judge(feature, results[i].outcomes, results->suite->count)));
    }
    fputc(']', out);
    json_key(out, "evidence");
    fputc('[', out);
    for (size_t i = 0; i < results->suite->count; i++) {
        if (!feature->shown_by[i])
            continue;
        fprintf(out, "%s%zu", between, numbers[i]);
        between = ",";
    }
    fputs("]}\n", out);
}

void conformance_page(FILE *out, const struct conformance_results *results, size_t servers)
{
    char *lines = NULL;
    size_t length = 0;
    size_t *numbers = number_cases(results);
    FILE *into = must(open_memstream(&lines, &length));
    print_begin(into, results, servers);
    for (size_t i = 0; i < results->suite->count; i++)
        if (numbers[i] > 0)
            print_evidence(into, results, servers, i, numbers[i]);
    for (size_t i = 0; i < results->conformance->count; i++)
        print_feature(into, results, servers, &results->conformance->features[i], numbers);
    (void)fclose(into);
    page_begin(out);
    page_lines(out, must(lines), length);
    page_end(out);
    free(lines);
    free(numbers);
}
