/*
 * pipe_script.h - an adapter that says what a test wrote down for it, whatever it is told.
 *
 * It is a command of the shell: all its frames are sent at once, in the order in which their turns will come; then
 * it waits until the simulator has gone, or ends at once.
 */
#ifndef SIM_TESTS_PIPE_SCRIPT_H
#define SIM_TESTS_PIPE_SCRIPT_H

#include "../text.h"

#include <stdio.h>
#include <stdlib.h>

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

#define SCRIPT_WAITS "cat <&3 >/dev/null"

#endif
