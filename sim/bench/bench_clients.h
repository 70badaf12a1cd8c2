/*
 * bench_clients.h - the accounts of a benchmark: user0@localhost, user1@localhost and so on, at the resource
 * "bench", or at several, "bench-0" and so on.
 *
 * All have the same password and the same salt, so their keys are derived once.
 */
#ifndef SIM_BENCH_PEOPLE_H
#define SIM_BENCH_PEOPLE_H

#include <stddef.h>

#define PEOPLE_HOST     "localhost"
#define PEOPLE_RESOURCE "bench"
#define PEOPLE_PASSWORD "pencil"

enum { PEOPLE_JID = 64 };

struct person {
    char name[24];             /* the localpart */
    char bare_jid[PEOPLE_JID]; /* user7@localhost */
    char full_jid[PEOPLE_JID]; /* user7@localhost/bench */
    const char *resource;      /* in that */
};

void person_init(struct person *person, size_t number);

/* The same user at one of several resources. */
void person_init_at(struct person *person, size_t number, size_t resource);

/* The stored keys of an account, for the mechanism PEOPLE_MECHANISM; static. */
#define PEOPLE_MECHANISM "SCRAM-SHA-256"
const char *people_secret(void);

/* The roster item by which `contact` is subscribed to the account's presence, as the core stores it. */
void people_subscriber(const struct person *contact, char *out, size_t size);

#endif
