#include "bench_clients.h"

#include "../client/scram.h"

#include <stdio.h>
#include <string.h>

void person_init(struct person *person, size_t number)
{
    (void)snprintf(person->name, sizeof person->name, "user%zu", number);
    (void)snprintf(person->bare_jid, PEOPLE_JID, "%s@" PEOPLE_HOST, person->name);
    (void)snprintf(person->full_jid, PEOPLE_JID, "%s@" PEOPLE_HOST "/" PEOPLE_RESOURCE, person->name);
    person->resource = person->full_jid + strlen(person->bare_jid) + 1;
}

void person_init_at(struct person *person, size_t number, size_t resource)
{
    person_init(person, number);
    (void)snprintf(person->full_jid, PEOPLE_JID, "%s@" PEOPLE_HOST "/" PEOPLE_RESOURCE "-%zu", person->name,
                   resource);
}

const char *people_secret(void)
{
    enum { ITERATIONS = 4096 }; /* RFC 7677, 4 */
    static char *secret;
    if (secret == NULL)
        secret = scram_secret(PEOPLE_MECHANISM, PEOPLE_PASSWORD, "bench", ITERATIONS);
    return secret;
}

void people_subscriber(const struct person *contact, char *out, size_t size)
{
    (void)snprintf(out, size, "<item xmlns='jabber:iq:roster' jid='%s' subscription='from'/>",
                   contact->bare_jid);
}
