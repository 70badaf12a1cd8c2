#include "manual.h"

#include "version.h"

#include <string.h>

/* ---- Text ---- */

/* A backslash begins an escape in roff, and a hyphen there is not the minus sign of options. */
static void print_character(FILE *out, char c)
{
    if (c == '\\')
        fputs("\\e", out);
    else if (c == '-')
        fputs("\\-", out);
    else
        fputc(c, out);
}

/* A line of text: one that begins with a dot or an apostrophe would be a request. */
static void print_line(FILE *out, const char *text, size_t length)
{
    if (length > 0 && (text[0] == '.' || text[0] == '\''))
        fputs("\\&", out);
    for (size_t i = 0; i < length; i++)
        print_character(out, text[i]);
    fputc('\n', out);
}

static void print_item(FILE *out, const char *term, size_t term_length, const char *text, size_t length)
{
    fputs(".TP\n.B ", out);
    print_line(out, term, term_length);
    print_line(out, text, length);
}

/* Paragraphs and items, as help_text reads them. */
static void print_paragraphs(FILE *out, const char *text)
{
    bool apart = true; /* the next line begins a paragraph */
    while (*text != '\0') {
        const size_t length = strcspn(text, "\n");
        const char *tab = memchr(text, '\t', length);
        if (tab != NULL) {
            const char *term = text + strspn(text, " ");
            print_item(out, term, (size_t)(tab - term), tab + 1, length - (size_t)(tab + 1 - text));
        } else if (length > 0) {
            fputs(apart ? ".PP\n" : "", out);
            print_line(out, text, length);
        }
        apart = length == 0 || tab != NULL;
        text += length + (text[length] == '\n');
    }
}

static void print_section(FILE *out, const char *name)
{
    fprintf(out, ".SH %s\n", name);
}

/* The release without the commit. */
static void print_title(FILE *out, const char *verb)
{
    const char *version = tool_version();
    fputs(verb != NULL ? ".TH REHEARSE\\-" : ".TH REHEARSE", out);
    for (const char *c = verb != NULL ? verb : ""; *c != '\0'; c++)
        fputc(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c, out);
    fprintf(out, " 1 \"\" \"Rehearsal %.*s\" \"User Commands\"\n", (int)strcspn(version, " "), version);
}

/* "rehearse\-run \- runs scenarios": the sentence of a verb becomes a phrase, as whatis(1) expects it. */
static void print_name(FILE *out, const char *verb, const char *summary)
{
    const size_t length = strlen(summary);
    const bool ends = length > 0 && summary[length - 1] == '.';
    print_section(out, "NAME");
    fprintf(out, "rehearse%s%s \\- ", verb != NULL ? "\\-" : "", verb != NULL ? verb : "");
    fputc(verb != NULL && summary[0] >= 'A' && summary[0] <= 'Z' ? summary[0] - 'A' + 'a' : summary[0], out);
    print_line(out, summary + 1, length - 1 - (ends ? 1 : 0));
}

static void print_references(FILE *out, const struct manual *manual, const struct verb *except)
{
    print_section(out, "SEE ALSO");
    if (except != NULL)
        fputs(".BR rehearse (1),\n", out);
    for (size_t i = 0; i < manual->count && except == NULL; i++)
        fprintf(out, ".BR rehearse\\-%s (1),\n", manual->verbs[i]->name);
    fputs(".BR rehearse\\-scenario (5)\n", out);
}

/* ---- Pages ---- */

void manual_tool(FILE *out, const struct manual *manual)
{
    print_title(out, NULL);
    print_name(out, NULL, manual->summary);
    print_section(out, "SYNOPSIS");
    fputs(".B rehearse\n.I VERB\n[\\fIARGUMENT\\fR...]\n", out);
    print_section(out, "VERBS");
    for (size_t i = 0; i < manual->count; i++)
        print_item(out, manual->verbs[i]->name, strlen(manual->verbs[i]->name), manual->verbs[i]->summary,
                   strlen(manual->verbs[i]->summary));
    print_section(out, "DESCRIPTION");
    print_paragraphs(out, manual->rest);
    print_references(out, manual, NULL);
}

static void print_option(FILE *out, const struct option *option)
{
    const char letter = options_letter(option->name);
    fputs(".TP\n", out);
    if (letter != '\0')
        fprintf(out, "\\fB\\-%c\\fR, ", letter);
    fputs("\\fB\\-\\-", out);
    for (const char *c = option->name; *c != '\0'; c++)
        print_character(out, *c);
    fprintf(out, "\\fR%s%s%s\n", option->value != NULL ? " \\fI" : "",
            option->value != NULL ? option->value : "", option->value != NULL ? "\\fR" : "");
    print_line(out, option->help, strlen(option->help));
}

void manual_verb(FILE *out, const struct manual *manual, const struct verb *verb)
{
    print_title(out, verb->name);
    print_name(out, verb->name, verb->summary);
    print_section(out, "SYNOPSIS");
    fprintf(out, ".B rehearse %s\n", verb->name);
    print_line(out, verb->arguments, strlen(verb->arguments));
    print_section(out, "DESCRIPTION");
    print_paragraphs(out, verb->about);
    if (verb->option_count > 0)
        print_section(out, "OPTIONS");
    for (size_t i = 0; i < verb->option_count; i++)
        print_option(out, &verb->options[i]);
    print_references(out, manual, verb);
}
