#include "simulator.h"

#include "../../kinds/pipe_process.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static struct {
    struct pipe_wire wire;
    void (*tell)(void);
    void (*leave)(void);
} simulator;

void simulator_begin(void (*tell)(void), void (*leave)(void))
{
    pipe_wire_open(&simulator.wire, PIPE_ADAPTER_FD);
    simulator.tell = tell;
    simulator.leave = leave;
}

_Noreturn void simulator_give_up(const char *why, const char *more)
{
    fprintf(stderr, "live: %s: %s\n", why, more);
    simulator.tell();
    simulator.leave();
    exit(EXIT_FAILURE);
}

void simulator_get(struct pipe_message *message)
{
    const enum pipe_trouble trouble = pipe_wire_get(&simulator.wire, message);
    if (trouble == PIPE_OVER) {
        simulator.leave();
        exit(EXIT_SUCCESS);
    }
    if (trouble != PIPE_MESSAGE || message->word_count < 3)
        simulator_give_up("malformed message", message->header);
}

uint64_t simulator_number(const struct pipe_message *message, size_t word)
{
    uint64_t number;
    if (word >= message->word_count || !text_read_number(message->words[word], UINT64_MAX, &number))
        simulator_give_up("a number is missing", message->header);
    return number;
}

void simulator_put(const char *payload, size_t length, const char *format, ...)
{
    char header[256];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(header, sizeof header, format, arguments);
    va_end(arguments);
    pipe_wire_put(&simulator.wire, header, payload, length);
}

void simulator_flush(void)
{
    (void)pipe_wire_flush(&simulator.wire);
}

void simulator_refuse(const char *setting, const char *reason)
{
    struct text payload = { 0 };
    text_string(&payload, setting);
    text_string(&payload, "\n");
    text_string(&payload, reason);
    simulator_put(payload.bytes, payload.length, "refuse");
    text_free(&payload);
}
