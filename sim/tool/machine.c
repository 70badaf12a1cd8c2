/* For MAP_ANONYMOUS and TIOCGWINSZ. */
#define _DEFAULT_SOURCE

#include "machine.h"

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

uint64_t machine_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * SIM_SECOND + (uint64_t)now.tv_nsec;
}

void machine_hold_standard_files(void)
{
    int file = open("/dev/null", O_RDONLY);
    while (file >= 0 && file <= STDERR_FILENO)
        file = open("/dev/null", O_RDONLY);
    if (file >= 0)
        (void)close(file);
}

bool machine_is_terminal(FILE *out)
{
    const char *kind = getenv("TERM");
    const char *no_colour = getenv("NO_COLOR");
    return isatty(fileno(out)) && kind != NULL && strcmp(kind, "dumb") != 0 &&
           (no_colour == NULL || *no_colour == '\0');
}

unsigned machine_columns(FILE *out)
{
    enum { COLUMNS_MOST = 10000 };
    struct winsize size;
    uint64_t columns = 0;
    const char *said = getenv("COLUMNS");
    if (ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return said != NULL && options_number(said, COLUMNS_MOST, &columns) ? (unsigned)columns : 0;
}

static void complain(const char *path)
{
    fprintf(stderr, "rehearse: cannot write %s: %s\n", path, strerror(errno));
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

void machine_print_word(FILE *out, const char *word)
{
    static const char harmless[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+,:@%=#";
    if (*word != '\0' && *word != '#' && strspn(word, harmless) == strlen(word)) {
        fputs(word, out);
        return;
    }
    fputc('\'', out);
    for (; *word != '\0'; word++) {
        if (*word == '\'')
            fputs("'\\''", out);
        else
            fputc(*word, out);
    }
    fputc('\'', out);
}
