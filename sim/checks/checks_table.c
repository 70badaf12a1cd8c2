#include "checks_table.h"

#include "checks_rows.h"

#include <assert.h>

#define SEED "doc/session.txt"

/* The rows of one occasion stand together, and the occasions in their order. */
static const struct check table[] = {
    { .name = "connected-resource",
      .sentence = "if session.full_jid (also session.roster and session.resource) then this is a "
                  "\"connected resource\"",
      .source = SEED,
      .occasion = ON_SESSION,
      .session = connected_resource },
    { .name = "bound-type",
      .sentence = "full_jid is not defined before resource binding, and binding makes the session c2s",
      .source = SEED,
      .occasion = ON_SESSION,
      .session = bound_when_typed_so },
    { .name = "available-is-connected",
      .sentence = "all available resources are connected resources",
      .source = SEED,
      .occasion = ON_SESSION,
      .session = available_is_connected },
    { .name = "interested-is-connected",
      .sentence = "all interested resources are connected resources",
      .source = SEED,
      .occasion = ON_SESSION,
      .session = interested_is_connected },
    { .name = "username-after-authentication",
      .sentence = "username is not defined before auth",
      .source = SEED,
      .occasion = ON_SESSION,
      .session = username_after_authentication },
    { .name = "host-after-opening",
      .sentence = "host is not defined before stream initiation",
      .source = SEED,
      .occasion = ON_SESSION,
      .session = host_after_opening },
    { .name = "full-jid-is-its-parts",
      .sentence = "full_jid is username, host and resource in username@host/resource form",
      .source = SEED,
      .occasion = ON_SESSION,
      .session = full_jid_is_its_parts },
    { .name = "priority-needs-presence",
      .sentence = "the resource priority is 0 until presence says otherwise",
      .source = SEED,
      .occasion = ON_SESSION,
      .session = priority_needs_presence },
    { .name = "presence-is-undirected",
      .sentence = "presence is the last non-directed presence with no type attribute",
      .source = SEED,
      .occasion = ON_SESSION,
      .session = presence_is_undirected },
    { .name = "hibernating-has-no-connection",
      .sentence = "a session is without a connection exactly while it hibernates",
      .source = "XEP-0198, 5",
      .occasion = ON_SESSION,
      .session = hibernating_has_no_connection },
    { .name = "tables-have-session",
      .sentence = "a connected resource is in the table of full JIDs and in that of bare JIDs",
      .source = "core/session/core_state.h",
      .occasion = ON_SESSION_IN_TABLES,
      .session = tables_have_session },
    { .name = "encrypted-before-login",
      .sentence = "if TLS is mandatory, nothing else is negotiated before it",
      .source = "RFC 6120, 5.3.1",
      .occasion = ON_SESSION_IN_TABLES,
      .session = encrypted_before_login },
    { .name = "handshake-is-alone",
      .sentence = "nothing is sent between <proceed/> and the end of the handshake",
      .source = "RFC 6120, 5.4.2.3",
      .occasion = ON_EVENT,
      .server = nothing_disturbs_a_handshake },
    { .name = "destroyed-is-silent",
      .sentence = "a destroyed session is sent nothing",
      .source = SEED,
      .occasion = ON_EVENT,
      .server = the_destroyed_are_left_alone },
    { .name = "costs-are-bounded",
      .sentence = "the bytes written to each recipient, the memory and the work are at most a multiple of "
                  "the bytes read",
      .source = "sim/world/costs.h",
      .occasion = ON_EVENT,
      .server = costs_are_bounded },
    { .name = "tables-agree",
      .sentence = "all tables of sessions agree",
      .source = "core/session/core_state.h",
      .occasion = ON_TABLES,
      .server = tables_agree },
    { .name = "quiet-means-done",
      .sentence = "at quiescence no storage request is unanswered and no session waits for one",
      .source = "core/account/user.h",
      .occasion = ON_TABLES,
      .server = quiet_means_done },
    { .name = "block-lists-are-durable",
      .sentence = "the block list that the server applies is the block list in storage",
      .source = "core/account/user.h",
      .occasion = ON_TABLES,
      .server = block_lists_are_durable },
    { .name = "messages-are-conserved",
      .sentence = "every message accepted is delivered, stored or bounced, exactly one of the three",
      .source = "RFC 6121, 8.5",
      .occasion = ON_TABLES,
      .server = messages_are_conserved },
    { .name = "durability",
      .sentence = "a change that the server confirmed to a client is in storage, even after a crash",
      .source = "core/account/user.h",
      .occasion = ON_DISK,
      .server = what_was_told_is_stored },
    { .name = "the-cache-is-stored",
      .sentence = "cached data of accounts without a session equals the stored data, and the cache is within "
                  "its limits",
      .source = "core/account/cache.h",
      .occasion = ON_DISK,
      .server = the_cache_is_what_is_stored },
    { .name = "encrypted-at-both-ends",
      .sentence = "either both ends of a connection use TLS or neither does",
      .source = "RFC 6120, 5.4.3.3",
      .occasion = ON_CLIENT,
      .client = encrypted_at_both_ends },
    { .name = "interested-when-asked",
      .sentence = "interested is true if the resource requested the roster",
      .source = SEED,
      .occasion = ON_CLIENT,
      .client = interested_when_asked },
    { .name = "roster-converges",
      .sentence = "interested resources receive roster updates",
      .source = "RFC 6121, 2.1.6",
      .occasion = ON_CLIENT,
      .client = roster_converges },
    { .name = "nobody-lingers",
      .sentence = "unavailable presence is sent to every client that received available presence",
      .source = "RFC 6121, 4.5.2",
      .occasion = ON_CLIENT,
      .client = nobody_lingers },
    { .name = "everybody-is-seen",
      .sentence = "presence is broadcast to every subscribed contact",
      .source = "RFC 6121, 4.2.2",
      .occasion = ON_CLIENT,
      .client = everybody_is_seen },
    { .name = "counts-agree",
      .sentence = "after resumption no stanza is lost and none is delivered twice",
      .source = "XEP-0198, 5",
      .occasion = ON_CLIENT,
      .client = counts_agree },
    { .name = "requests-are-answered",
      .sentence = "every iq request is answered exactly once",
      .source = "RFC 6120, 8.2.3",
      .occasion = ON_CLIENT,
      .client = requests_are_answered },
    { .name = "versions-rise",
      .sentence = "the version in a roster push is unique, and pushes come in the order of the changes",
      .source = "RFC 6121, 2.6.3",
      .occasion = ON_RECEIPT,
      .receipt = versions_rise },
    { .name = "presence-needs-a-right",
      .sentence = "a client receives presence only from contacts whose presence it may see",
      .source = "RFC 6121, 4.2.2",
      .occasion = ON_RECEIPT,
      .receipt = presence_needs_a_right },
    { .name = "unavailable-once",
      .sentence = "unavailable presence is sent once, and only to clients that received available presence",
      .source = "RFC 6121, 4.5.2",
      .occasion = ON_RECEIPT,
      .receipt = unavailable_once },
    { .name = "nothing-from-the-blocked",
      .sentence = "once the user has blocked a JID, no stanza from it is delivered to the user",
      .source = "XEP-0191, 3.3",
      .occasion = ON_RECEIPT,
      .receipt = nothing_from_the_blocked },
    { .name = "the-blocked-learn-nothing",
      .sentence = "the user will appear offline to the blocked JID",
      .source = "XEP-0191, 3.3",
      .occasion = ON_RECEIPT,
      .receipt = the_blocked_learn_nothing },
    { .name = "copies-are-for-others",
      .sentence = "a resource does not receive a copy of a message that it sent itself",
      .source = "XEP-0280, 8",
      .occasion = ON_RECEIPT,
      .receipt = copies_are_for_others },
    { .name = "nothing-leaks",
      .sentence = "a core that stops frees all the memory that it allocated",
      .source = "core/include/core.h",
      .occasion = ON_MEMORY },
};
enum { ROWS = sizeof table / sizeof table[0] };

const struct check *check_row(size_t index)
{
    return index < ROWS ? &table[index] : NULL;
}

size_t check_rows(void)
{
    return ROWS;
}

bool checks_describe(size_t index, const char **name, const char **sentence, const char **source)
{
    if (index >= ROWS)
        return model_describe_question(index - ROWS, name, sentence, source);
    *name = table[index].name;
    *sentence = table[index].sentence;
    *source = table[index].source;
    return true;
}

const struct check *check_broken_by_session(const struct finding *finding, enum occasion last,
                                            const struct session_view *view)
{
    assert(last <= ON_SESSION_IN_TABLES);
    for (const struct check *row = table; row->occasion <= last; row++)
        if (!row->session(finding, view))
            return row;
    return NULL;
}
