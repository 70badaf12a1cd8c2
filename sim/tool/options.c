#include "options.h"
#include "../text.h"

#include "../printable.h"
#include "help.h"

#include <assert.h>
#include <string.h>

enum { WORD_MAX = 255, USAGE_SIZE = 64, OPTIONS_MAX = 32, OPTION_WIDTH = 29 };

bool options_span(const char *text, uint64_t *nanoseconds)
{
    static const struct {
        const char *unit;
        uint64_t milliseconds;
    } units[] = { { "", 1000 }, { "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 } };
    enum { DIGITS_MOST = 6 };
    char number[DIGITS_MOST + 1] = "";
    uint64_t amount = 0;
    size_t digits = strspn(text, "0123456789");
    if (digits > DIGITS_MOST)
        return false;
    memcpy(number, text, digits);
    if (!text_read_number(number, UINT64_MAX, &amount) || amount == 0)
        return false;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(text + digits, units[i].unit) != 0)
            continue;
        *nanoseconds = amount * units[i].milliseconds * 1000000;
        return true;
    }
    return false;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The Levenshtein distance of two words: insertions, deletions and substitutions.  Uses one row of the usual
 * table. */
static size_t distance(const char *word, size_t length, const char *name)
{
    size_t row[WORD_MAX + 1];
    assert(length <= WORD_MAX);
    for (size_t i = 0; i <= length; i++)
        row[i] = i;
    for (size_t j = 1; name[j - 1] != '\0'; j++) {
        size_t diagonal = row[0];
        row[0] = j;
        for (size_t i = 1; i <= length; i++) {
            size_t changed = diagonal + (word[i - 1] != name[j - 1]);
            diagonal = row[i];
            row[i] = least(changed, least(row[i], row[i - 1]) + 1);
        }
    }
    return row[length];
}

const char *options_likeliest(const char *word, size_t length, const char *const *names, size_t count)
{
    const char *best = NULL;
    if (length == 0 || length > WORD_MAX)
        return NULL;
    size_t bound = length < 3 ? 1 : 2;
    for (size_t i = 0; i < count; i++) {
        size_t far = distance(word, length, names[i]);
        if (far > bound || (far == bound && best != NULL))
            continue;
        best = names[i];
        bound = far;
    }
    return best;
}

static void complain_unknown(const struct verb *verb, const char *name, size_t length, FILE *errors)
{
    const char *names[OPTIONS_MAX];
    assert(verb->option_count <= OPTIONS_MAX);
    for (size_t i = 0; i < verb->option_count; i++)
        names[i] = verb->options[i].name;
    const char *meant = options_likeliest(name, length, names, verb->option_count);
    fprintf(errors, "rehearse %s: unknown option --", verb->name);
    printable_write(errors, name, length);
    if (meant != NULL)
        fprintf(errors, "; did you mean --%s?\n", meant);
    else
        fprintf(errors, "; `rehearse help %s` lists them\n", verb->name);
}

/* The long names of the short options, for each verb that has the option. */
static const struct {
    char letter;
    const char *name;
} letters[] = { { 'h', "help" }, { 'j', "jobs" }, { 'k', "title" }, { 'v', "verbose" } };
enum { LETTERS = sizeof letters / sizeof letters[0] };

char options_letter(const char *name)
{
    for (size_t i = 0; i < LETTERS; i++)
        if (strcmp(letters[i].name, name) == 0)
            return letters[i].letter;
    return '\0';
}

static const struct option *find_option(const struct verb *verb, const char *name, size_t length)
{
    for (size_t i = 0; i < verb->option_count; i++) {
        const char *known = verb->options[i].name;
        if (strlen(known) == length && memcmp(known, name, length) == 0)
            return &verb->options[i];
    }
    return NULL;
}

/* Takes an option.  Its value is `value`, from after the '=', or, if that is NULL, `following`, which is NULL
 * at the end of the arguments.  Returns the number of arguments taken, or 0 after an error message. */
static int take_value(const struct verb *verb, const struct option *option, void *settings, const char *value,
                      const char *following, FILE *errors)
{
    int taken = 1;
    if (option->value == NULL && value != NULL) {
        fprintf(errors, "rehearse %s: --%s takes no value\n", verb->name, option->name);
        return 0;
    }
    if (option->value != NULL && value == NULL) {
        value = following;
        taken = 2;
    }
    if (option->value != NULL && value == NULL) {
        fprintf(errors, "rehearse %s: --%s needs a value: --%s %s\n", verb->name, option->name, option->name,
                option->value);
        return 0;
    }
    const char *expected = option->take(settings, value);
    if (expected == NULL)
        return taken;
    fprintf(errors, "rehearse %s: --%s: expected %s, got '", verb->name, option->name, expected);
    printable_string(errors, value);
    fputs("'\n", errors);
    return 0;
}

static int take_long(const struct verb *verb, void *settings, const char *argument, const char *following,
                     FILE *errors)
{
    const char *name = argument + 2;
    const size_t length = strcspn(name, "=");
    const struct option *option = find_option(verb, name, length);
    if (option == NULL) {
        complain_unknown(verb, name, length, errors);
        return 0;
    }
    const char *value = name[length] == '=' ? name + length + 1 : NULL;
    return take_value(verb, option, settings, value, following, errors);
}

static int take_letter(const struct verb *verb, void *settings, const char *argument, const char *following,
                       FILE *errors)
{
    for (size_t i = 0; i < LETTERS && argument[2] == '\0'; i++) {
        const struct option *option = find_option(verb, letters[i].name, strlen(letters[i].name));
        if (letters[i].letter == argument[1] && option != NULL)
            return take_value(verb, option, settings, NULL, following, errors);
    }
    fprintf(errors, "rehearse %s: unknown option ", verb->name);
    printable_string(errors, argument);
    fprintf(errors, "; `rehearse help %s` lists them\n", verb->name);
    return 0;
}

bool options_parse(const struct verb *verb, void *settings, int count, char **arguments,
                   const char **operands, size_t *operand_count, FILE *errors)
{
    bool ended = false;
    *operand_count = 0;
    for (int i = 0; i < count;) {
        const char *argument = arguments[i];
        if (ended || argument[0] != '-' || argument[1] == '\0') {
            operands[(*operand_count)++] = argument;
            i++;
        } else if (strcmp(argument, "--") == 0) {
            ended = true;
            i++;
        } else {
            const char *following = i + 1 < count ? arguments[i + 1] : NULL;
            int taken = argument[1] == '-' ? take_long(verb, settings, argument, following, errors)
                                           : take_letter(verb, settings, argument, following, errors);
            if (taken == 0)
                return false;
            i += taken;
        }
    }
    return true;
}

void options_help(const struct verb *verb, FILE *out, unsigned columns)
{
    fprintf(out, "rehearse %s %s\n", verb->name, verb->arguments);
    help_text(out, verb->summary, columns);
    fputc('\n', out);
    help_text(out, verb->about, columns);
    if (verb->option_count > 0)
        fputs("\nOptions:\n", out);
    for (size_t i = 0; i < verb->option_count; i++) {
        const struct option *option = &verb->options[i];
        char usage[USAGE_SIZE];
        const char letter[] = { '-', options_letter(option->name), ',', ' ', '\0' };
        snprintf(usage, sizeof usage, "%s--%s%s%s", letter[1] != '\0' ? letter : "", option->name,
                 option->value != NULL ? " " : "", option->value != NULL ? option->value : "");
        help_item(out, usage, option->help, OPTION_WIDTH, columns);
    }
}
