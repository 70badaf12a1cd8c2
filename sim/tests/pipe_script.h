/*
 * pipe_script.h - an adapter that says what a test wrote down for it, whatever it is told.
 *
 * It is a command of the shell.  script_command sends everything at once.  script_turns keeps to its turns: after a
 * message that ends one, or that is answered, it waits for what comes then; it is the test's own program, whose main
 * calls script_play when it has an argument.  Then either goes on with another command of the shell.
 */
#ifndef SIM_TESTS_PIPE_SCRIPT_H
#define SIM_TESTS_PIPE_SCRIPT_H

#include "../kinds/pipe_process.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Appends bytes to a script. */
static inline void script_bytes(struct text *script, const char *bytes, size_t length)
{
    char octal[8];
    for (size_t i = 0; i < length; i++) {
        (void)snprintf(octal, sizeof octal, "\\%03o", (unsigned)(unsigned char)bytes[i]);
        text_string(script, octal);
    }
}

/* The 32 bits of a length. */
static inline void script_length(struct text *script, uint32_t length)
{
    const char bytes[] = { (char)(length & 0xff), (char)(length >> 8 & 0xff), (char)(length >> 16 & 0xff),
                           (char)(length >> 24 & 0xff) };
    script_bytes(script, bytes, sizeof bytes);
}

/* A frame with a header and perhaps, behind a line feed, a payload. */
static inline void script_frame(struct text *script, const char *frame)
{
    script_length(script, (uint32_t)strlen(frame));
    script_bytes(script, frame, strlen(frame));
}

/* Frames, until NULL. */
static inline void script_frames(struct text *script, const char *const *frames)
{
    for (; *frames != NULL; frames++)
        script_frame(script, *frames);
}

/* Turns the script into a command, to be freed; `after` is what it does then. */
static inline char *script_command(struct text *script, const char *after)
{
    struct text command = { 0 };
    text_string(&command, "printf '");
    text_append(&command, script->bytes != NULL ? script->bytes : "", script->length);
    text_string(&command, "' >&3; ");
    text_string(&command, after);
    text_free(script);
    return text_take(&command);
}

/* The same for a script that keeps to its turns. */
static inline char *script_turns(struct text *script, const char *after)
{
    struct text command = { 0 };
    char self[4096];
    const ssize_t length = readlink("/proc/self/exe", self, sizeof self);
    assert(length > 0);
    text_string(&command, "printf '");
    text_append(&command, script->bytes != NULL ? script->bytes : "", script->length);
    /* What it leaks, if it does, is no finding. */
    text_string(&command, "' | ASAN_OPTIONS=detect_leaks=0 '");
    text_append(&command, self, (size_t)length);
    text_string(&command, "' script; ");
    text_string(&command, after);
    text_free(script);
    return text_take(&command);
}

/* Whether a message of the simulator is what a script waits for behind this one of its own. */
static inline bool script_awaits(const char *own, const char *word)
{
    if (strcmp(own, "offer") == 0)
        return strcmp(word, "took") == 0;
    if (strcmp(own, "random") == 0)
        return strcmp(word, "random") == 0;
    if (strcmp(own, "await") == 0)
        return strcmp(word, "stored") == 0 || strcmp(word, "stop") == 0;
    return strcmp(word, "account") != 0 && strcmp(word, "contact") != 0 && strcmp(word, "blocked") != 0 &&
           strcmp(word, "window") != 0;
}

/* Waits for what comes behind a message; returns false when the simulator has gone. */
static inline bool script_wait(struct pipe_wire *wire, const char *frame, size_t length)
{
    static const char *const waiting[] = { "hello", "idle", "await", "offer", "random" };
    struct pipe_message message;
    for (size_t i = 0; i < sizeof waiting / sizeof waiting[0]; i++) {
        const size_t size = strlen(waiting[i]);
        if (length < size || memcmp(frame, waiting[i], size) != 0)
            continue;
        do {
            if (pipe_wire_get(wire, &message) != PIPE_MESSAGE || message.word_count < 3)
                return false;
        } while (!script_awaits(waiting[i], message.words[2]));
    }
    return true;
}

/* Plays the script that comes from standard input; what is no whole frame at its end is sent as it is. */
static inline int script_play(void)
{
    struct text script = { 0 };
    struct pipe_wire wire;
    size_t got = 1;
    pipe_wire_open(&wire, PIPE_ADAPTER_FD);
    while (got > 0) {
        text_reserve(&script, 65536);
        got = fread(script.bytes + script.length, 1, 65536, stdin);
        script.length += got;
    }
    const unsigned char *at = (const unsigned char *)script.bytes;
    for (size_t left = script.length, size; left > 0; left -= size, at += size) {
        size = left < 4 ? left : 4 + (at[0] | (size_t)at[1] << 8 | (size_t)at[2] << 16 | (size_t)at[3] << 24);
        const bool whole = size <= left && size >= 4;
        size = whole ? size : left;
        if (write(PIPE_ADAPTER_FD, at, size) != (ssize_t)size ||
            (whole && !script_wait(&wire, (const char *)at + 4, size - 4)))
            break;
    }
    text_free(&script);
    text_free(&wire.in);
    return 0;
}

#define SCRIPT_WAITS "cat <&3 >/dev/null"

#endif
