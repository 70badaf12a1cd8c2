/*
 * accounts.h - what exists before the first step of a scenario, and how it is made on a real server.
 *
 * All of it is made through XMPP: accounts by registration (XEP-0077), contacts by roster sets and by the stanzas of
 * a subscription (RFC 6121, 3.1), blocked addresses by the blocking command (XEP-0191).  So it can only be what
 * clients can bring about: who has a subscription, or a request under way, is an account of the scenario too, and the
 * roster of that one has the other side of it.  Anything else is refused.
 */
#ifndef LIVE_ACCOUNTS_H
#define LIVE_ACCOUNTS_H

#include "quiet.h"
#include "session.h"

/* The directions of a subscription, as bits. */
enum { ACCOUNT_TO = 1, ACCOUNT_FROM = 2 };

struct account_contact {
    struct account_contact *next;
    char *jid;
    unsigned subscription;
    bool ask, pending, approved;
    char *item;    /* what a roster set has of it */
    bool is_plain; /* neither a name nor a group */
};

struct account_blocked {
    struct account_blocked *next;
    char *jid;
};

struct account {
    struct account *next;
    char *username, *host, *password;
    bool has_status; /* disabled or expired */
    bool is_made;
    struct account_contact *contacts; /* in their order, as the following */
    struct account_blocked *blocked;
    struct session *session; /* while it is provided */
};

struct accounts {
    struct account *first;
};

/* Takes the lines of `account`, `contact` or `blocked` (the protocol's).  Returns false for malformed ones. */
bool accounts_take(struct accounts *accounts, const char *word, const char *lines, size_t length);

/* Whether XMPP can make all of that; else with a sentence. */
bool accounts_can_be(const struct accounts *accounts, char why[256]);

/* Makes it.  Returns false, with a sentence, when the server does not let it. */
bool accounts_make(struct accounts *accounts, const struct tcp_address *address, const struct quiet *quiet,
                   char why[256]);

/* Removes the accounts that were made from the server.  Returns false when one could not be removed, with a sentence. */
bool accounts_remove(struct accounts *accounts, const struct tcp_address *address, char why[256]);

/* Forgets them. */
void accounts_free(struct accounts *accounts);

#endif
