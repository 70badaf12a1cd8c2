/*
 * account_facts.h - what the model knows of an account: its sessions, whom it may have blocked, the messages to it.
 *
 * An account is known from the moment in which a session of it got a name, because only then it is certain that it
 * exists, until its removal is asked for.
 */
#ifndef SIM_MODEL_ACCOUNT_FACTS_H
#define SIM_MODEL_ACCOUNT_FACTS_H

#include "address.h"
#include "message.h"
#include "session_facts.h"

#include <stddef.h>

struct account_facts {
    uint64_t jid;                    /* account_hash of its bare JID */
    bool is_known;                   /* it exists for certain */
    bool is_provided;                /* `blocked` has what was provided before the server started */
    struct session_facts **sessions; /* that have a name; borrowed */
    size_t session_count, session_capacity;
    char **blocked; /* JIDs that it has or once had on its block list, or asked to have there (XEP-0191) */
    size_t blocked_count, blocked_capacity;
    bool has_other_blocks; /* the list was to change since it was last read from the disk */
    /* The passwords that were set since `passwords_since`, while the account had a connection (limits.h). */
    size_t passwords;
    uint64_t passwords_since, passwords_jumps;
    struct message_list messages;
    bool is_listed; /* among the accounts with messages */
    struct account_facts *next_listed;
    UT_hash_handle hh;
};

/* The accounts of a server. */
struct accounts {
    struct account_facts *first;  /* by `jid` */
    struct account_facts *listed; /* those with messages */
    struct message_table messages;
};

/* A hash of the account of an address, whatever the case of its letters; 0 where preparation may change more than
 * that, or there is no localpart. */
uint64_t account_hash(const struct address *address);

/* The account, if it is known; NULL for the hash 0. */
struct account_facts *account_find(const struct accounts *accounts, uint64_t hash);

/* Whether an account has a session, also one that may be removed. */
bool account_has_session(const struct accounts *accounts, uint64_t hash);

/* A session got its name, and is the account's from now on; it ended.  A name that is not compared has no account. */
struct account_facts *account_named(struct accounts *accounts, struct session_facts *session);
void account_ended(struct session_facts *session);

/* An account with this hash, unless that is 0, blocks a JID from the start.  Nothing else is known of it yet. */
void account_provided(struct accounts *accounts, uint64_t hash, const char *jid);

/* It blocks a JID, or may; it blocks none. */
void account_blocks(struct account_facts *account, const char *jid);
void account_blocks_none(struct account_facts *account);

/* Whether an item of a block list may match an address: one without a part stands for all that have one (XEP-0191, 6). */
bool address_may_match(const char *item, const struct address *jid);

/* Whether it may have blocked a JID (XEP-0191, 6). */
bool account_may_block(const struct account_facts *account, const struct address *jid);

/* It has messages. */
void account_list(struct accounts *accounts, struct account_facts *account);

/* Forgets all; no session is left. */
void accounts_forget(struct accounts *accounts);

#endif
