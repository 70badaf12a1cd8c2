#include "finding.h"

#include "../language/scenario_edit.h"
#include "../language/scenario_print.h"
#include "../must.h"
#include "../text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COMMENT_WIDTH = 110 };

/* ---- Title and tags ---- */

static void set_title(struct scenario *scenario, const char *what, const struct reproduction *reproduction)
{
    struct text title = { 0 };
    text_string(&title, "A ");
    text_string(&title, what);
    text_string(&title, reproduction->check ? " that fails " : " that fails: ");
    text_string(&title, reproduction->check ? reproduction->cause : reproduction->summary);
    scenario_set_title(scenario, title.bytes);
    text_free(&title);
}

static void tag_chance(struct scenario *scenario, const struct chance *chance)
{
    char seed[24];
    if (chance->policy == CHOICE_RECORDED) {
        char *line = recording_print(&chance->recording);
        scenario_add_tag(scenario, "choices", line);
        free(line);
    }
    if (chance->policy == CHOICE_SEEDED) {
        (void)snprintf(seed, sizeof seed, "%" PRIu64, chance->seed);
        scenario_add_tag(scenario, "seed", seed);
    }
}

/* ---- The comment ---- */

/* Writes the sentence as comment lines, wrapped. */
static void write_comment(struct text *out, const char *sentence)
{
    while (*sentence != '\0') {
        size_t length = strlen(sentence);
        if (length > COMMENT_WIDTH) {
            length = COMMENT_WIDTH;
            while (length > 0 && sentence[length] != ' ')
                length--;
            if (length == 0)
                length = strcspn(sentence, " ");
        }
        text_string(out, "# ");
        text_append(out, sentence, length);
        text_string(out, "\n");
        sentence += length;
        sentence += strspn(sentence, " ");
    }
}

/* The message of the check without line and time, which the changed scenario no longer has. */
static char *sentence_of(const char *summary)
{
    const char *line = summary + strlen(summary);
    for (const char *at = strstr(summary, " Seen at line "); at != NULL;
         at = strstr(at + 1, " Seen at line "))
        line = at;
    return must(strndup(summary, (size_t)(line - summary)));
}

static void raise_first(char *sentence)
{
    if (sentence[0] >= 'a' && sentence[0] <= 'z')
        sentence[0] = (char)(sentence[0] - 'a' + 'A');
}

/* A title that names a check does not say what the check found.  Where the origin is told, the sentence
 * follows it. */
static void write_what_failed(struct text *out, const struct finding *finding,
                              const struct reproduction *reproduction)
{
    struct text comment = { 0 };
    char *sentence = sentence_of(reproduction->summary);
    if (finding->origin != NULL) {
        text_string(&comment, finding->origin);
        text_string(&comment, ": ");
    }
    if (finding->origin != NULL || reproduction->check)
        text_string(&comment, sentence);
    if (comment.length > 0) {
        raise_first(comment.bytes);
        write_comment(out, comment.bytes);
    }
    free(sentence);
    text_free(&comment);
}

/* Title and tags are the first lines, those that begin with a hash. */
static size_t top_length(const char *text)
{
    size_t length = 0;
    while (text[length] == '#')
        length += strcspn(text + length, "\n") + 1;
    return length;
}

char *finding_write(struct scenario *scenario, const struct finding *finding,
                    const struct reproduction *reproduction)
{
    set_title(scenario, finding->what, reproduction);
    tag_chance(scenario, &reproduction->chance);
    if (finding->found_by != NULL && scenario_tag(scenario, "found by") == NULL)
        scenario_add_tag(scenario, "found by", finding->found_by);
    char *printed = scenario_print(scenario);
    struct text out = { 0 };
    size_t top = top_length(printed);
    text_append(&out, printed, top);
    write_what_failed(&out, finding, reproduction);
    text_string(&out, printed + top);
    free(printed);
    return text_take(&out);
}

/* ---- Reading it again ---- */

bool finding_fails(const char *path, const char *text, const struct reproduction *reproduction)
{
    struct complaints complaints = { 0 };
    struct reproduction again = { .kind = reproduction->kind,
                                  .other = reproduction->other,
                                  .limit = reproduction->limit,
                                  .chance = { .policy = CHOICE_SCRIPTED } };
    struct scenario *scenario = scenario_parse(path, text, strlen(text), NULL, NULL, &complaints);
    bool fails = scenario != NULL && reproduction_begin(&again, scenario) &&
                 strcmp(again.cause, reproduction->cause) == 0;
    if (scenario != NULL)
        scenario_free(scenario);
    reproduction_free(&again);
    return fails;
}

size_t finding_lines(const char *text)
{
    size_t lines = 0;
    bool below = false;
    for (; *text != '\0'; text += strcspn(text, "\n"), text += *text == '\n') {
        size_t length = strcspn(text, "\n");
        if (!below)
            below = length >= 3 && strspn(text, "-") == length;
        else if (strspn(text, " \t") < length)
            lines++;
    }
    return lines;
}
