#include "adopt_place.h"

#include "../must.h"
#include "../printable.h"
#include "../text.h"
#include "../tool/output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_MOST = 60, PATH_SIZE = 4096 };

/* ---- Names ---- */

static bool is_letter_or_digit(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9');
}

/* A path, or a place in a file. */
static bool is_place(const char *word, size_t length)
{
    return memchr(word, '/', length) != NULL || memchr(word, ':', length > 0 ? length - 1 : 0) != NULL;
}

/* "Assertion" becomes "assertion", and "b->c" becomes "b-c". */
static void add_word(struct text *name, const char *word, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        const char byte = word[i];
        const bool upper = byte >= 'A' && byte <= 'Z';
        const char lower = (char)(upper ? byte - 'A' + 'a' : byte);
        if (is_letter_or_digit(byte))
            text_append(name, &lower, 1);
        else if (name->length > 0 && name->bytes[name->length - 1] != '-')
            text_string(name, "-");
    }
}

/* Cut behind a word. */
static void cut(struct text *name)
{
    size_t length = name->length;
    if (length > NAME_MOST)
        for (length = NAME_MOST; length > 0 && name->bytes[length] != '-'; length--)
            continue;
    if (length == 0)
        length = NAME_MOST;
    while (length > 0 && name->bytes[length - 1] == '-')
        length--;
    name->bytes[length] = '\0';
    name->length = length;
}

char *adopt_name(const char *cause)
{
    struct text name = { 0 };
    if (strncmp(cause, "crash: ", 7) == 0)
        cause += 7;
    const char *parenthesis = strstr(cause, " (");
    const char *end = parenthesis != NULL ? parenthesis : cause + strlen(cause);
    while (cause < end) {
        const size_t length = strcspn(cause, " (");
        if (!is_place(cause, length)) {
            add_word(&name, cause, length);
            if (name.length > 0 && name.bytes[name.length - 1] != '-')
                text_string(&name, "-");
        }
        cause += length + (cause[length] != '\0');
    }
    if (name.length == 0)
        text_string(&name, "failure");
    cut(&name);
    return text_take(&name);
}

bool adopt_name_is_good(const char *name)
{
    if (*name == '\0' || *name == '.')
        return false;
    for (; *name != '\0'; name++)
        if (!is_letter_or_digit(*name) && strchr("-_.", *name) == NULL)
            return false;
    return true;
}

/* ---- Places ---- */

static bool make_one_folder(const char *path)
{
    struct stat status;
    if (mkdir(path, 0777) == 0)
        return true;
    if (errno != EEXIST || stat(path, &status) != 0)
        return false;
    errno = ENOTDIR;
    return S_ISDIR(status.st_mode);
}

/* Those above it as well. */
static bool make_folder(const char *path)
{
    bool good = true;
    char *folder = must(strdup(path));
    for (char *slash = strchr(folder + 1, '/'); good && slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        good = make_one_folder(folder);
        *slash = '/';
    }
    good = good && make_one_folder(folder);
    const int reason = errno;
    if (!good) {
        fputs("rehearse: cannot create ", stderr);
        printable_string(stderr, path);
        fprintf(stderr, ": %s\n", strerror(reason));
    }
    free(folder);
    return good;
}

static char *path_of(const struct adopt_place *place, const char *name, size_t number)
{
    struct text path = { 0 };
    text_string(&path, place->folder);
    text_string(&path, "/");
    text_string(&path, name);
    if (number > 1) {
        text_string(&path, "-");
        text_number(&path, number);
    }
    text_string(&path, place->ending);
    return text_take(&path);
}

char *adopt_path(const struct adopt_place *place, const char *cause)
{
    if (!make_folder(place->folder))
        return NULL;
    char *name = place->name != NULL ? must(strdup(place->name)) : adopt_name(cause);
    char *path = path_of(place, name, 1);
    for (size_t number = 2; access(path, F_OK) == 0; number++) {
        if (place->name != NULL) {
            fputs("rehearse adopt: ", stderr);
            printable_string(stderr, path);
            fputs(" is there already; give another --name\n", stderr);
            free(path);
            path = NULL;
            break;
        }
        free(path);
        path = path_of(place, name, number);
    }
    free(name);
    return path;
}

bool adopt_write(const char *path, const void *bytes, size_t length)
{
    struct output *output = output_open(path);
    if (output == NULL)
        return false;
    (void)fwrite(bytes, 1, length, output_file(output));
    return output_commit(output);
}

char *adopt_without_folder(const char *text)
{
    char folder[PATH_SIZE];
    struct text out = { 0 };
    if (getcwd(folder, sizeof folder - 1) == NULL || strcmp(folder, "/") == 0)
        return must(strdup(text));
    const size_t length = strlen(folder);
    memcpy(folder + length, "/", sizeof "/");
    for (const char *found; (found = strstr(text, folder)) != NULL; text = found + length + 1)
        text_append(&out, text, (size_t)(found - text));
    text_string(&out, text);
    return text_take(&out);
}
