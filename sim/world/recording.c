/*
 * recording.c - recordings of decisions, in memory and as a line of text.
 */
#include "choice.h"

#include "../must.h"
#include "../text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const concern_names[CHOICE_CONCERNS] = {
    [CHOICE_TIES] = "ties",   [CHOICE_LATENCY] = "latency", [CHOICE_PIECES] = "pieces",
    [CHOICE_DISK] = "disk",   [CHOICE_STEPS] = "steps",     [CHOICE_PLOT] = "plot",
    [CHOICE_CRASH] = "crash",
};

const char *choice_concern_name(enum choice_concern concern)
{
    return concern_names[concern];
}

void recording_add(struct recording *recording, struct choice choice)
{
    if (recording->count == recording->capacity) {
        recording->capacity = recording->capacity == 0 ? 256 : recording->capacity * 2;
        recording->list = must(realloc(recording->list, recording->capacity * sizeof *recording->list));
    }
    recording->list[recording->count++] = choice;
}

void recording_free(struct recording *recording)
{
    free(recording->list);
    *recording = (struct recording){ 0 };
}

char *recording_print(const struct recording *recording)
{
    struct text line = { 0 };
    for (size_t i = 0; i < recording->count; i++) {
        const struct choice *choice = &recording->list[i];
        char word[96];
        if (choice->answer == 0)
            continue;
        (void)snprintf(word, sizeof word, "%s%zu:%s %" PRIu32 "/%" PRIu32, line.length > 0 ? " " : "", i,
                       concern_names[choice->concern], choice->answer, choice->possibilities);
        text_string(&line, word);
    }
    if (line.length == 0)
        text_string(&line, "none");
    return text_take(&line);
}

/* ---- Parsing ---- */

/* Reads a decimal number, and sets the position after it; false when there is none or it is too large. */
static bool take_number(const char **text, uint64_t most, uint64_t *number)
{
    const char *at = *text;
    *number = 0;
    for (; *at >= '0' && *at <= '9'; at++) {
        *number = *number * 10 + (uint64_t)(*at - '0');
        if (*number > most)
            return false;
    }
    bool some = at > *text;
    *text = at;
    return some;
}

static bool take_byte(const char **text, char byte)
{
    if (**text != byte)
        return false;
    ++*text;
    return true;
}

static bool take_concern(const char **text, enum choice_concern *concern)
{
    for (unsigned i = 0; i < CHOICE_CONCERNS; i++) {
        size_t length = strlen(concern_names[i]);
        if (strncmp(*text, concern_names[i], length) != 0 || (*text)[length] != ' ')
            continue;
        *text += length + 1;
        *concern = (enum choice_concern)i;
        return true;
    }
    return false;
}

static bool take_choice(const char **text, struct recording *recording)
{
    uint64_t index;
    uint64_t answer;
    uint64_t possibilities;
    struct choice choice;
    if (!take_number(text, RECORDING_INDEX_MOST, &index) || !take_byte(text, ':') ||
        !take_concern(text, &choice.concern) || !take_number(text, UINT32_MAX, &answer) ||
        !take_byte(text, '/') || !take_number(text, UINT32_MAX, &possibilities))
        return false;
    if (index < recording->count || answer >= possibilities)
        return false;
    choice.answer = (uint32_t)answer;
    choice.possibilities = (uint32_t)possibilities;
    while (recording->count < index)
        recording_add(recording, (struct choice){ CHOICE_TIES, 0, 0 });
    recording_add(recording, choice);
    return true;
}

bool recording_parse(const char *line, struct recording *recording)
{
    *recording = (struct recording){ 0 };
    if (strcmp(line, "none") == 0)
        return true;
    do {
        if (!take_choice(&line, recording)) {
            recording_free(recording);
            return false;
        }
    } while (take_byte(&line, ' '));
    if (*line == '\0')
        return true;
    recording_free(recording);
    return false;
}
