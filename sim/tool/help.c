#include "help.h"

#include "machine.h"

#include <stdbool.h>
#include <string.h>

enum { COLUMNS_USUAL = 80, INDENT = 2, BEHIND_TERM = 22, BELOW_TERM = 6, ROOM_LEAST = 24 };

/* The position of the next word. */
struct place {
    FILE *out;
    size_t columns, indent;
    size_t at; /* the column */
    bool begun;
    bool sentence; /* the last word ended a sentence */
};

unsigned help_columns(FILE *out)
{
    const unsigned columns = machine_columns(out);
    return columns > 0 ? columns : COLUMNS_USUAL;
}

static void end_line(struct place *place)
{
    if (place->begun)
        fputc('\n', place->out);
    place->begun = false;
    place->at = 0;
    place->sentence = false;
}

/* Writes the word after the last one, or on a new line. */
static void put_word(struct place *place, const char *word, size_t length, size_t gap)
{
    if (place->begun && place->at + gap + length > place->columns) {
        fprintf(place->out, "\n%*s", (int)place->indent, "");
        place->at = place->indent;
    } else if (place->begun) {
        fprintf(place->out, "%*s", (int)gap, "");
        place->at += gap;
    }
    fwrite(word, 1, length, place->out);
    place->at += length;
    place->begun = true;
    place->sentence = strchr(".:", word[length - 1]) != NULL;
}

/* The number of blanks between words is kept.  At the end of a line of the text, a sentence is followed by
 * two blanks. */
static void put_words(struct place *place, const char *text, size_t length)
{
    const char *const end = text + length;
    size_t gap = !place->begun ? 0 : place->sentence ? 2 : 1;
    while (text < end) {
        const char *space = memchr(text, ' ', (size_t)(end - text));
        const char *behind = space != NULL ? space : end;
        if (behind > text)
            put_word(place, text, (size_t)(behind - text), gap);
        for (gap = 0; behind < end && *behind == ' '; behind++)
            gap++;
        text = behind;
    }
}

static void put_item(FILE *out, const char *term, size_t term_length, const char *text, size_t length,
                     unsigned behind, unsigned columns)
{
    struct place place = { .out = out, .columns = columns, .at = INDENT + term_length };
    fprintf(out, "%*s%.*s", INDENT, "", (int)term_length, term);
    if (columns < behind + ROOM_LEAST) {
        fprintf(out, "\n%*s", BELOW_TERM, "");
        place.indent = place.at = BELOW_TERM;
    } else {
        const bool fits = place.at < behind;
        fprintf(out, "%s%*s", fits ? "" : "\n", (int)(fits ? behind - place.at : behind), "");
        place.indent = place.at = behind;
    }
    put_words(&place, text, length);
    end_line(&place);
}

void help_item(FILE *out, const char *term, const char *explanation, unsigned behind, unsigned columns)
{
    put_item(out, term, strlen(term), explanation, strlen(explanation), behind, columns);
}

void help_text(FILE *out, const char *text, unsigned columns)
{
    struct place place = { .out = out, .columns = columns };
    while (*text != '\0') {
        const size_t length = strcspn(text, "\n");
        const char *tab = memchr(text, '\t', length);
        if (length == 0 || tab != NULL)
            end_line(&place);
        if (length == 0)
            fputc('\n', out);
        else if (tab == NULL)
            put_words(&place, text, length);
        else
            put_item(out, text + INDENT, (size_t)(tab - text) - INDENT, tab + 1,
                     length - (size_t)(tab + 1 - text), BEHIND_TERM, columns);
        text += length + (text[length] == '\n');
    }
    end_line(&place);
}
