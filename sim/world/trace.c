/*
 * trace.c - formats lines by hand into one reused buffer, because every event writes one, and hashes many
 * lines at once.
 */
#include "trace.h"

#include "../must.h"
#include "../printable.h"

#include <assert.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

struct trace {
    trace_sink sink;
    void *host;
    trace_watcher watcher; /* NULL for none */
    void *watcher_host;
    XXH3_state_t *hash;
    char *lines; /* lines that are not hashed yet */
    size_t length, capacity;
    struct trace_tail *tail; /* `own`, or that of trace_keep_in */
    struct trace_tail own;
};

struct trace *trace_new(trace_sink sink, void *host)
{
    struct trace *trace = must(malloc(sizeof *trace));
    trace->sink = sink;
    trace->host = host;
    trace->watcher = NULL;
    trace->watcher_host = NULL;
    trace->hash = must(XXH3_createState());
    XXH3_64bits_reset(trace->hash);
    trace->lines = NULL;
    trace->length = trace->capacity = 0;
    trace->tail = &trace->own;
    trace->own.count = 0;
    return trace;
}

const char trace_of_step[] = "step", trace_of_disk[] = "disk";

void trace_watch(struct trace *trace, trace_watcher watcher, void *host)
{
    trace->watcher = watcher;
    trace->watcher_host = host;
}

void trace_keep_in(struct trace *trace, struct trace_tail *tail)
{
    assert(trace->tail->count == 0 && tail->count == 0);
    trace->tail = tail;
}

void trace_free(struct trace *trace)
{
    if (trace == NULL)
        return;
    XXH3_freeState(trace->hash);
    free(trace->lines);
    free(trace);
}

/* ---- Numbers ---- */

static char *put_text(char *out, const char *text, size_t length)
{
    memcpy(out, text, length);
    return out + length;
}

enum { NANOSECOND_DIGITS = 9, LONGEST_SECONDS = 20 };

static char *put_seconds(char *out, uint64_t seconds)
{
    char digits[LONGEST_SECONDS];
    size_t first = sizeof digits;
    do {
        digits[--first] = (char)('0' + seconds % 10);
        seconds /= 10;
    } while (seconds > 0);
    return put_text(out, digits + first, sizeof digits - first);
}

static const char PAIRS[] = "00010203040506070809101112131415161718192021222324"
                            "25262728293031323334353637383940414243444546474849"
                            "50515253545556575859606162636465666768697071727374"
                            "75767778798081828384858687888990919293949596979899";

/* "SECONDS.NANOSECONDS" */
static char *put_time(char *out, uint64_t now)
{
    const uint64_t second = 1000000000;
    out = put_seconds(out, now / second);
    *out++ = '.';
    uint32_t rest = (uint32_t)(now % second);
    for (int i = NANOSECOND_DIGITS - 2; i > 0; i -= 2) {
        memcpy(out + i, PAIRS + (size_t)2 * (rest % 100), 2);
        rest /= 100;
    }
    out[0] = (char)('0' + rest);
    return out + NANOSECOND_DIGITS;
}

/* ---- Escaping ---- */

static bool is_plain(unsigned char byte)
{
    return byte >= 0x20 && byte < 0x7f && byte != '\\';
}

/* Whether one of eight bytes is not plain.  The sums cannot carry, and the differences borrow only from a
 * byte that is itself not plain, unless some byte has its high bit set, which is not plain either. */
static bool one_is_not_plain(uint64_t eight)
{
    const uint64_t each = UINT64_C(0x0101010101010101);
    const uint64_t controls = eight - each * 0x20;
    const uint64_t delete = eight + each;
    const uint64_t backslashes = (eight ^ (each * '\\')) - each;
    return ((eight | controls | delete | backslashes) & (each * 0x80)) != 0;
}

/* Copies plain bytes up to the first that is not; returns how many. */
static size_t copy_plain(char *out, const char *bytes, size_t length)
{
    size_t done = 0;
    uint64_t eight;
    for (; length - done >= sizeof eight; done += sizeof eight) {
        memcpy(&eight, bytes + done, sizeof eight);
        if (one_is_not_plain(eight))
            break;
        memcpy(out + done, &eight, sizeof eight);
    }
    for (; done < length && is_plain((unsigned char)bytes[done]); done++)
        out[done] = bytes[done];
    return done;
}

/* The forms of UTF-8 longer than a byte (RFC 3629, section 4): lead bytes, and the bounds of the byte after
 * them.  C2 begins at A0, which leaves out the control characters U+0080 to U+009F. */
static const struct utf8_form {
    unsigned char lead_first, lead_last, second_first, second_last, length;
} UTF8_FORMS[] = {
    { 0xc2, 0xc2, 0xa0, 0xbf, 2 }, { 0xc3, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
    { 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
    { 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

static const struct utf8_form *utf8_form(unsigned char lead)
{
    for (size_t i = 0; i < sizeof UTF8_FORMS / sizeof UTF8_FORMS[0]; i++) {
        if (lead >= UTF8_FORMS[i].lead_first && lead <= UTF8_FORMS[i].lead_last)
            return &UTF8_FORMS[i];
    }
    return NULL;
}

/* The length of the printable character beyond ASCII that begins here; 0 when there is none. */
static size_t wide_character(const char *bytes, size_t length)
{
    const unsigned char *b = (const unsigned char *)bytes;
    const struct utf8_form *form = utf8_form(b[0]);
    if (form == NULL || length < form->length)
        return 0;
    if (b[1] < form->second_first || b[1] > form->second_last)
        return 0;
    for (size_t i = 2; i < form->length; i++) {
        if ((b[i] & 0xc0) != 0x80)
            return 0;
    }
    return form->length;
}

enum { LONGEST_ESCAPE = 4 };

static char *put_escape(char *out, unsigned char byte)
{
    static const char HEX[] = "0123456789ABCDEF";
    *out++ = '\\';
    switch (byte) {
    case '\n':
        *out++ = 'n';
        break;
    case '\t':
        *out++ = 't';
        break;
    case '\\':
        *out++ = '\\';
        break;
    default:
        *out++ = 'x';
        *out++ = HEX[byte >> 4];
        *out++ = HEX[byte & 0xf];
    }
    return out;
}

static char *put_escaped(char *out, const char *bytes, size_t length)
{
    for (;;) {
        const size_t plain = copy_plain(out, bytes, length);
        out += plain;
        bytes += plain;
        length -= plain;
        if (length == 0)
            return out;
        const size_t wide = wide_character(bytes, length);
        out = wide > 0 ? put_text(out, bytes, wide) : put_escape(out, (unsigned char)*bytes);
        bytes += wide > 0 ? wide : 1;
        length -= wide > 0 ? wide : 1;
    }
}

/* ---- Lines ---- */

enum { HASHED_AT_ONCE = 4096 };

/* Makes room for a line after the existing ones. */
static char *reserve(struct trace *trace, size_t size)
{
    if (trace->length + size > trace->capacity) {
        trace->capacity = HASHED_AT_ONCE + size * 2;
        trace->lines = must(realloc(trace->lines, trace->capacity));
    }
    return trace->lines + trace->length;
}

static void hash_lines(struct trace *trace)
{
    XXH3_64bits_update(trace->hash, trace->lines, trace->length);
    trace->length = 0;
}

/* A line that is too long is cut between two characters, and ended. */
static void keep(struct trace_tail *tail, const char *line, size_t length)
{
    struct trace_kept *kept = &tail->kept[tail->count % TRACE_KEPT];
    if (length <= TRACE_LINE_KEPT) {
        memcpy(kept->text, line, length);
        kept->length = (uint32_t)length;
        return;
    }
    size_t cut = TRACE_LINE_KEPT - 1;
    while (cut > 0 && ((unsigned char)line[cut] & 0xc0) == 0x80)
        cut--;
    memcpy(kept->text, line, cut);
    kept->text[cut] = '\n';
    kept->length = (uint32_t)cut + 1;
}

void trace_line(struct trace *trace, uint64_t now, const char *who, const char *what, const char *bytes,
                size_t length)
{
    assert(bytes != NULL || length == 0);
    const size_t who_length = strlen(who);
    const size_t what_length = strlen(what);
    const size_t time_and_marks = LONGEST_SECONDS + 1 + NANOSECOND_DIGITS + sizeof "   \n";
    const size_t longest = time_and_marks + who_length + what_length + length * LONGEST_ESCAPE;

    char *line = reserve(trace, longest);
    char *out = put_time(line, now);
    *out++ = ' ';
    out = put_text(out, who, who_length);
    *out++ = ' ';
    out = put_text(out, what, what_length);
    if (length > 0) {
        *out++ = ' ';
        out = put_escaped(out, bytes, length);
    }
    *out++ = '\n';

    const size_t line_length = (size_t)(out - line);
    assert(line_length <= longest);
    keep(trace->tail, line, line_length);
    atomic_signal_fence(memory_order_release); /* a reader after a crash sees only complete lines */
    trace->tail->count++;
    if (trace->sink != NULL)
        trace->sink(trace->host, trace->tail->count, line, line_length);
    if (trace->watcher != NULL)
        trace->watcher(trace->watcher_host,
                       &(struct trace_record){ trace->tail->count, now, who, what, bytes, length });
    trace->length += line_length;
    if (trace->length >= HASHED_AT_ONCE)
        hash_lines(trace);
}

uint64_t trace_hash(struct trace *trace)
{
    if (trace->length > 0)
        hash_lines(trace);
    return XXH3_64bits_digest(trace->hash);
}

uint64_t trace_count(const struct trace *trace)
{
    return trace->tail->count;
}

void trace_last(const struct trace *trace, size_t lines, trace_sink sink, void *host)
{
    trace_tail_last(trace->tail, lines, sink, host);
}

void trace_tail_last(const struct trace_tail *tail, size_t lines, trace_sink sink, void *host)
{
    const uint64_t had = tail->count < TRACE_KEPT ? tail->count : TRACE_KEPT;
    const uint64_t wanted = lines < had ? lines : had;
    for (uint64_t n = tail->count - wanted; n < tail->count; n++) {
        const struct trace_kept *kept = &tail->kept[n % TRACE_KEPT];
        sink(host, n + 1, kept->text, kept->length);
    }
}

void trace_write(void *host, uint64_t number, const char *line, size_t length)
{
    FILE *out = host;
    const bool ended = length > 0 && line[length - 1] == '\n';
    (void)fprintf(out, "%5" PRIu64 "  ", number);
    printable_write(out, line, length - ended);
    (void)fputs(ended ? "\n" : "", out);
}
