/* For MAP_ANONYMOUS and TIOCGWINSZ. */
#define _DEFAULT_SOURCE

#include "machine.h"
#include "../text.h"

#include "../printable.h"
#include "../world/world.h"
#include "options.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

void machine_begin(void)
{
    static const int refused[] = {
        [STDIN_FILENO] = O_WRONLY, [STDOUT_FILENO] = O_RDONLY, [STDERR_FILENO] = O_RDONLY
    };
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++)
        if (fcntl(stream, F_GETFD) < 0)
            (void)!open("/dev/null", refused[stream]); /* takes the lowest free descriptor */
}

uint64_t machine_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * SIM_SECOND + (uint64_t)now.tv_nsec;
}

bool machine_is_terminal(FILE *out)
{
    const char *kind = getenv("TERM");
    return isatty(fileno(out)) && kind != NULL && *kind != '\0' && strcmp(kind, "dumb") != 0;
}

unsigned machine_columns(FILE *out)
{
    enum { COLUMNS_MOST = 10000 };
    struct winsize size;
    uint64_t columns = 0;
    const char *said = getenv("COLUMNS");
    if (ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return said != NULL && text_read_number(said, COLUMNS_MOST, &columns) ? (unsigned)columns : 0;
}

static void complain(const char *path)
{
    const int reason = errno;
    fputs("rehearse: cannot write ", stderr);
    printable_string(stderr, strcmp(path, "-") == 0 ? "standard output" : path);
    fprintf(stderr, ": %s\n", strerror(reason));
}

FILE *machine_open(const char *path)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL)
        complain(path);
    return file;
}

bool machine_close(FILE *file, const char *path)
{
    if (file == NULL)
        return true;
    bool standard = file == stdout || file == stderr;
    bool failed = fflush(file) != 0 || ferror(file);
    failed = (!standard && fclose(file) != 0) || failed;
    if (failed)
        complain(path);
    return !failed;
}

FILE *machine_part_output(void)
{
    fflush(stdout);
    const int kept = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
    FILE *file = kept >= 0 ? fdopen(kept, "w") : NULL;
    if (file != NULL && dup2(STDERR_FILENO, STDOUT_FILENO) >= 0)
        return file;
    if (file != NULL)
        (void)fclose(file);
    else if (kept >= 0)
        (void)close(kept);
    return NULL;
}

void *machine_share(size_t size)
{
    void *memory =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        abort();
    return memory;
}

void machine_unshare(void *memory, size_t size)
{
    (void)munmap(memory, size);
}

static bool is_printable(const char *word)
{
    for (size_t length = 0; *word != '\0'; word += length) {
        length = printable_character(word);
        if (length == 0 || printable_is_control(word) || printable_is_format(word))
            return false;
    }
    return true;
}

static void print_quoted(FILE *out, const char *word)
{
    fputc('\'', out);
    for (; *word != '\0'; word++) {
        if (*word == '\'')
            fputs("'\\''", out);
        else
            fputc(*word, out);
    }
    fputc('\'', out);
}

/* Octal escapes, which every printf understands. */
static void print_escaped(FILE *out, const char *word)
{
    fputs("\"$(printf '", out);
    for (; *word != '\0'; word++) {
        const unsigned char byte = (unsigned char)*word;
        if (byte == '%')
            fputs("%%", out);
        else if (byte < ' ' || byte > '~' || byte == '\'' || byte == '\\')
            fprintf(out, "\\%03o", byte);
        else
            fputc(byte, out);
    }
    fputs("')\"", out);
}

void machine_print_word(FILE *out, const char *word)
{
    static const char harmless[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+,:@%=#";
    if (*word != '\0' && *word != '#' && strspn(word, harmless) == strlen(word))
        fputs(word, out);
    else if (is_printable(word))
        print_quoted(out, word);
    else
        print_escaped(out, word);
}
