/*
 * xml_mistake.c - explains what is wrong with a fragment, for the author of the scenario.
 *
 * A refused text is parsed once more, by a parser that records where each element began.
 */
#include "../../core/xml/expat_calls.h"
#include "../must.h"
#include "xml.h"
#include "xml_build.h"

#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

static const char around[] = "<fragment xmlns='" XML_NS_CLIENT "' xmlns:stream='" XML_NS_STREAMS
                             "' xmlns:scansion='" XML_NS_SCANSION "'>";
enum { AROUND = sizeof around - 1, NOWHERE = -1 };

struct reading {
    XML_Parser parser;
    const char *text;
    size_t length;
    size_t *begun; /* where in the text each open element begins, without the surrounding one */
    size_t open, capacity;
    long stray; /* where there is text between the elements, or NOWHERE */
};

/* ---- Places ---- */

/* The position of the parser in the text; the end of the text when it is beyond that. */
static size_t place_of(const struct reading *reading)
{
    const int64_t index = expat_token_begin(reading->parser) - AROUND;
    return index < 0 || (uint64_t)index > reading->length ? reading->length : (size_t)index;
}

static int line_of(const struct reading *reading, size_t place)
{
    int line = 1;
    for (size_t i = 0; i < place; i++)
        line += reading->text[i] == '\n';
    return line;
}

/* The column in characters, from 1. */
static int column_of(const struct reading *reading, size_t place)
{
    int column = 1;
    for (size_t i = place; i > 0 && reading->text[i - 1] != '\n'; i--)
        column += ((unsigned char)reading->text[i - 1] & 0xc0) != 0x80;
    return column;
}

/* The name of the tag that begins there, as written; sets *length. */
static const char *name_at(const struct reading *reading, size_t place, int *length)
{
    const char *name = reading->text + place, *end = reading->text + reading->length;
    while (name < end && (*name == '<' || *name == '/'))
        name++;
    const char *behind = name;
    while (behind < end && strchr(" \t\r\n/>", *behind) == NULL)
        behind++;
    *length = (int)(behind - name);
    return name;
}

/* ---- Reading ---- */

static void on_start(void *who, const XML_Char *name, const XML_Char **attributes)
{
    struct reading *reading = who;
    (void)name;
    (void)attributes;
    if (expat_token_begin(reading->parser) < AROUND)
        return;
    if (reading->open == reading->capacity) {
        reading->capacity = reading->capacity == 0 ? 16 : reading->capacity * 2;
        reading->begun = must(realloc(reading->begun, reading->capacity * sizeof *reading->begun));
    }
    reading->begun[reading->open++] = place_of(reading);
}

static void on_end(void *who, const XML_Char *name)
{
    struct reading *reading = who;
    (void)name;
    if (reading->open > 0)
        reading->open--;
}

static void on_text(void *who, const XML_Char *bytes, int length)
{
    struct reading *reading = who;
    for (int i = 0; i < length && reading->open == 0 && reading->stray == NOWHERE; i++) {
        if (strchr(" \t\r\n", bytes[i]) != NULL)
            continue;
        reading->stray = (long)place_of(reading) + i;
        XML_StopParser(reading->parser, XML_FALSE);
    }
}

static enum XML_Error read_all(struct reading *reading)
{
    XML_SetUserData(reading->parser, reading);
    XML_SetElementHandler(reading->parser, on_start, on_end);
    XML_SetCharacterDataHandler(reading->parser, on_text);
    expat_set_salt(reading->parser, 1);
    if (XML_Parse(reading->parser, around, AROUND, XML_FALSE) == XML_STATUS_ERROR ||
        XML_Parse(reading->parser, reading->text, (int)reading->length, XML_FALSE) == XML_STATUS_ERROR ||
        XML_Parse(reading->parser, "", 0, XML_TRUE) == XML_STATUS_ERROR)
        return XML_GetErrorCode(reading->parser);
    return XML_ERROR_NONE;
}

/* ---- Sentences ---- */

/* Explains a closing tag that does not match the innermost element; the parser is at its name. */
static size_t say_mismatch(FILE *out, const struct reading *reading, int lines_before)
{
    size_t place = place_of(reading);
    while (place > 0 && reading->text[place] != '<')
        place--;
    int length;
    const char *name = name_at(reading, place, &length);
    fprintf(out, "</%.*s> at column %d closes ", length, name, column_of(reading, place));
    if (reading->open == 0) {
        fprintf(out, "nothing; expected an element to begin before it");
        return place;
    }
    size_t begun = reading->begun[reading->open - 1];
    name = name_at(reading, begun, &length);
    fprintf(out, "<%.*s>, which began in line %d, column %d; expected </%.*s> before it", length, name,
            lines_before + line_of(reading, begun), column_of(reading, begun), length, name);
    return place;
}

static size_t say_unclosed(FILE *out, const struct reading *reading, int lines_before)
{
    int length;
    size_t begun = reading->begun[reading->open - 1];
    const char *name = name_at(reading, begun, &length);
    fprintf(out, "<%.*s> (line %d, column %d) is never closed; expected </%.*s>", length, name,
            lines_before + line_of(reading, begun), column_of(reading, begun), length, name);
    return begun;
}

static size_t say_at(FILE *out, const struct reading *reading, size_t place, const char *what)
{
    fprintf(out, "%s at column %d; expected well-formed stanzas", what, column_of(reading, place));
    return place;
}

/* Returns where it is. */
static size_t say(FILE *out, const struct reading *reading, enum XML_Error error, int lines_before,
                  const char *problem)
{
    if (reading->stray != NOWHERE)
        return say_at(out, reading, (size_t)reading->stray, "text stands between the elements");
    if (error == XML_ERROR_TAG_MISMATCH)
        return say_mismatch(out, reading, lines_before);
    if (error == XML_ERROR_NO_ELEMENTS && reading->open > 0)
        return say_unclosed(out, reading, lines_before);
    bool known = error != XML_ERROR_NONE && error != XML_ERROR_NO_ELEMENTS;
    return say_at(out, reading, place_of(reading), known ? XML_ErrorString(error) : problem);
}

char *xml_fragment_mistake(const char *text, size_t length, const char *problem, int lines_before, int *line)
{
    assert(length <= INT_MAX);
    struct reading reading = { .parser = must(XML_ParserCreateNS("UTF-8", (XML_Char)XML_SEPARATOR)),
                               .text = text,
                               .length = length,
                               .stray = NOWHERE };
    char *sentence = NULL;
    size_t size = 0;
    FILE *out = must(open_memstream(&sentence, &size));
    enum XML_Error error = read_all(&reading);
    *line = lines_before + line_of(&reading, say(out, &reading, error, lines_before, problem));
    fclose(out);
    XML_ParserFree(reading.parser);
    free(reading.begun);
    return must(sentence);
}
