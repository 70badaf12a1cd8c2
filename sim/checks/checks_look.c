#include "checks_look.h"

#include "../world/heap.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- Descriptions of violations ---- */

bool found(const struct finding *finding, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(finding->detail, finding->size, format, arguments);
    va_end(arguments);
    return false;
}

const char *shown(const char *value)
{
    return value != NULL ? value : "(unset)";
}

/* ---- Strings ---- */

bool same_string(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

const char *bare_of(char bare[BARE_JID_SIZE], const char *full_jid)
{
    size_t length = strcspn(full_jid, "/");
    assert(length < BARE_JID_SIZE);
    memcpy(bare, full_jid, length);
    bare[length] = '\0';
    return bare;
}

/* ---- What a row looks at ---- */

struct server *server_of(const struct checks *checks, const char *jid)
{
    for (size_t i = 0; i < checks->server_count; i++)
        if (server_serves(checks->servers[i], jid))
            return checks->servers[i];
    return NULL;
}

const struct session *watched_session(const struct watched *w)
{
    if (w->transport->link == NULL || !net_transport_flows(w->transport))
        return NULL;
    const struct conn *conn = server_conn_of(w->server, w->transport->link);
    return conn != NULL ? inspect_conn(conn) : NULL;
}

unsigned watched_endings(const struct watched *w)
{
    return client_endings(w->client) + net_transport_over(w->transport);
}

bool memory_ran_out(const struct checks *checks)
{
    return heap_failures() != checks->heap_failures;
}
