#include "../must.h"
#include "../printable.h"
#include "worker_private.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Limits for the output of a lost process: bytes read, and lines shown.  More of the first lines are shown
 * than of the last, because a sanitizer begins with its finding. */
enum { SAID_MOST = 65536, FIRST_SHOWN = 30, LAST_SHOWN = 10 };

/* ---- What the process wrote ---- */

/* Only the end of a long output; never NULL; the caller frees. */
static char *read_said(int file)
{
    char *said = must(calloc(1, SAID_MOST + 1));
    const off_t size = file >= 0 ? lseek(file, 0, SEEK_END) : 0;
    const off_t from = size > SAID_MOST ? size - SAID_MOST : 0;
    ssize_t length = 0;
    ssize_t got;
    while (size > 0 && length < SAID_MOST &&
           (got = pread(file, said + length, (size_t)(SAID_MOST - length), from + length)) > 0)
        length += got;
    for (ssize_t i = 0; i < length; i++)
        if (said[i] == '\0')
            said[i] = ' ';
    return said;
}

static size_t count_lines(const char *text)
{
    size_t lines = 0;
    for (; *text != '\0'; lines++) {
        text += strcspn(text, "\n");
        text += *text == '\n';
    }
    return lines;
}

static void write_said(FILE *out, const char *said)
{
    const size_t lines = count_lines(said);
    const bool cut = lines > FIRST_SHOWN + LAST_SHOWN;
    if (lines > 0)
        fputs("\n  standard error of its process:\n", out);
    for (size_t line = 0; line < lines; line++) {
        const size_t length = strcspn(said, "\n");
        if (cut && line == FIRST_SHOWN)
            fprintf(out, "    ... %zu lines ...\n", lines - FIRST_SHOWN - LAST_SHOWN);
        if (!cut || line < FIRST_SHOWN || line >= lines - LAST_SHOWN) {
            fputs("    ", out);
            printable_write(out, said, length);
            fputc('\n', out);
        }
        said += length + (said[length] == '\n');
    }
}

/* ---- The sentence ----
 * Crashes with equal sentences count as one cause, so a sentence contains nothing that differs between
 * runs. */

/* Writes the place that ends at `end`, "FILE:LINE", without the rest of the line. */
static void write_file_and_line(FILE *out, const char *line, const char *end)
{
    const char *from = line;
    for (const char *at = line; at < end; at++) {
        if (*at == ' ')
            from = at + 1;
        if (*at == ':' && at + 1 < end && at[1] >= '0' && at[1] <= '9') {
            const size_t digits = strspn(at + 1, "0123456789");
            fprintf(out, " (%.*s)", (int)(at + 1 + digits - from), from);
            return;
        }
    }
}

/* "PROGRAM: FILE:LINE: FUNCTION: Assertion `TEXT' failed." (glibc) */
static bool write_assertion(FILE *out, const char *line, const char *end)
{
    static const char failed[] = "' failed";
    const char *text = strstr(line, "Assertion `");
    const char *behind = text != NULL && text < end ? strstr(text, failed) : NULL;
    if (behind == NULL || behind >= end)
        return false;
    printable_write(out, text, (size_t)(behind - text) + sizeof failed - 1);
    write_file_and_line(out, line, text);
    return true;
}

/* "SUMMARY: AddressSanitizer: heap-use-after-free FILE:LINE in FUNCTION" */
static bool write_summary(FILE *out, const char *line, const char *end)
{
    static const char summary[] = "SUMMARY: ";
    if (strncmp(line, summary, sizeof summary - 1) != 0)
        return false;
    printable_write(out, line + sizeof summary - 1, (size_t)(end - line) - (sizeof summary - 1));
    return true;
}

/* "FILE:LINE:COLUMN: runtime error: TEXT", whose text contains values */
static bool write_runtime_error(FILE *out, const char *line, const char *end)
{
    const char *text = strstr(line, ": runtime error: ");
    if (text == NULL || text >= end)
        return false;
    fputs("runtime error", out);
    write_file_and_line(out, line, text);
    return true;
}

/* "fuzz_check: FILE:LINE: TEXT" (sim/fuzz/fuzz.h), of which the text has values in it */
static bool write_fuzz_check(FILE *out, const char *line, const char *end)
{
    static const char check[] = "fuzz_check: ";
    if (strncmp(line, check, sizeof check - 1) != 0)
        return false;
    fputs("fuzz_check", out);
    write_file_and_line(out, line, end);
    return true;
}

static bool write_found(FILE *out, const char *said)
{
    static bool (*const kinds[])(FILE * out, const char *line,
                                 const char *end) = { write_assertion, write_fuzz_check, write_summary,
                                                      write_runtime_error };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        for (const char *line = said; *line != '\0';) {
            const char *end = line + strcspn(line, "\n");
            if (kinds[i](out, line, end))
                return true;
            line = end + (*end == '\n');
        }
    return false;
}

static void write_end(FILE *out, const struct loss *loss)
{
    char kind[BLACK_BOX_KIND];
    if (WIFSIGNALED(loss->status))
        fputs(strsignal(WTERMSIG(loss->status)), out);
    else
        fprintf(out, "its process exited with status %d before the end of the run",
                WEXITSTATUS(loss->status));
    black_box_last_kind(loss->box, kind);
    if (kind[0] != '\0') {
        fputs(", last event: ", out);
        printable_string(out, kind);
    }
}

static char *sentence(const struct loss *loss, const char *said)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = must(open_memstream(&text, &length));
    if (loss->limit > 0) {
        fprintf(out, WORKER_POOL_LATE, (double)loss->limit / (double)SIM_SECOND);
    } else {
        fputs("crash: ", out);
        if (!write_found(out, said))
            write_end(out, loss);
    }
    fclose(out);
    return must(text);
}

struct worker_outcome worker_pool_lost(const struct loss *loss)
{
    struct worker_outcome outcome = { .lost = true,
                                      .status = loss->limit == 0 ? loss->status : 0,
                                      .real_time = loss->limit };
    size_t length = 0;
    char *said = read_said(loss->said);
    outcome.result.summary = sentence(loss, said);
    FILE *out = must(open_memstream(&outcome.result.explanation, &length));
    black_box_explain(out, loss->box, outcome.result.summary);
    write_said(out, said);
    black_box_explain_replay(out, loss->box);
    fclose(out);
    must(outcome.result.explanation);
    free(said);
    return outcome;
}
