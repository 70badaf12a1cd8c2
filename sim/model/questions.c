#include "questions.h"

#include "questions_login.h"

#include <stdio.h>
#include <string.h>

#define NS_CARBONS "urn:xmpp:carbons:2"

/* ---- Answers ---- */

/* By what is possible of a fact: whether it is one of the good values. */
static enum judgement by_fact(const struct departure *d, enum session_fact fact, uint8_t good,
                              struct text *why, const char *sentence)
{
    const uint8_t possible = session_facts_possible(d->session, fact);
    if ((possible & good) == 0)
        return violated(why, sentence);
    return (possible & ~good) == 0 ? HOLDS : MAY_HOLD;
}

/* ---- What leaves ---- */

/* What `from` is to the full JID of the session. */
static struct likeness sender_of(const struct departure *d)
{
    return address_liken(d->from, session_facts_jid(d->session));
}

/* From the account of the session, or without a sender, which means the same (RFC 6120, 8.1.2.1). */
static bool is_from_own_account(const struct departure *d)
{
    return d->from.bytes == NULL || sender_of(d).account == ALIKE_YES;
}

/* The address of the account itself, as opposed to one of its resources. */
static bool is_from_own_bare_jid(const struct departure *d)
{
    const struct likeness sender = sender_of(d);
    return d->from.bytes == NULL || (sender.account == ALIKE_YES && !sender.has_resource);
}

bool departure_is_answer(const struct departure *d)
{
    return d->kind == STANZA_IQ && (span_is(d->type, "result") || span_is(d->type, "error")) &&
           is_from_own_bare_jid(d);
}

static bool is_to_bare_jid(const struct departure *d)
{
    return d->is_named && d->receiver.account == ALIKE_YES && !d->receiver.has_resource;
}

/* Whether the first child has that name, and a namespace declared with it. */
static bool first_child_is(const struct departure *d, const char *name, const char *ns)
{
    struct tag tag;
    return scanned_child(d->scanned, name, &tag) && span_is(tag_attribute(&tag, "xmlns"), ns);
}

static bool is_roster_push(const struct departure *d)
{
    return span_is(d->type, "set") && is_from_own_account(d) &&
           first_child_is(d, "query", "jabber:iq:roster");
}

enum copy departure_copy(const struct departure *d)
{
    const enum copy copy = first_child_is(d, "received", NS_CARBONS) ? COPY_OF_RECEIVED
                           : first_child_is(d, "sent", NS_CARBONS)   ? COPY_OF_SENT
                                                                     : NO_COPY;
    return copy != NO_COPY && d->is_named && is_from_own_bare_jid(d) ? copy : NO_COPY;
}

/* ---- The questions ---- */

static enum judgement named_first(const struct departure *d, struct text *why)
{
    if (d->is_named)
        return HOLDS;
    if (d->session->was_resumed)
        return NOT_JUDGED; /* a session that the model does not know */
    return span_is(d->type, "error") ? MAY_HOLD : violated(why, "no resource is bound");
}

/* Only chat is delivered to another resource than the one that it is addressed to (RFC 6121, 8.5.3.2.1).  What was
 * delayed may have been sent to another resource, which is gone (XEP-0198, 4). */
static enum judgement addressed_to_another(const struct departure *d, struct text *why)
{
    if (d->kind != STANZA_MESSAGE)
        return violated(why, "it is addressed to another resource");
    return span_is(d->type, "chat") || d->scanned->is_delayed
               ? MAY_HOLD
               : violated(why, "it is addressed to another resource");
}

static enum judgement addressed_to_the_receiver(const struct departure *d, struct text *why)
{
    if (!d->is_named || d->to.bytes == NULL)
        return NOT_CONCERNED;
    switch (d->receiver.account) {
    case ALIKE_NO:
        return violated(why, "it is addressed to another account");
    case ALIKE_UNKNOWN:
        return NOT_JUDGED;
    case ALIKE_YES:
        break;
    }
    if (!d->receiver.has_resource)
        return HOLDS;
    switch (d->receiver.whole) {
    case ALIKE_NO:
        return addressed_to_another(d, why);
    case ALIKE_UNKNOWN:
        return NOT_JUDGED;
    case ALIKE_YES:
        break;
    }
    return HOLDS;
}

static enum judgement bare_messages_reach_the_available(const struct departure *d, struct text *why)
{
    if (!is_to_bare_jid(d) || d->again != AGAIN_NOTHING)
        return NOT_CONCERNED;
    return by_fact(d, FACT_PRESENCE, PRESENCE_NOT_NEGATIVE, why,
                   "the resource is not available, or its priority is negative");
}

static enum judgement some_types_reach_no_bare_jid(const struct departure *d, struct text *why)
{
    if (!is_to_bare_jid(d))
        return NOT_CONCERNED;
    if (span_is(d->type, "groupchat") || span_is(d->type, "error"))
        return violated(why, "a message of this type is addressed to a bare JID");
    return HOLDS;
}

static enum judgement requests_to_accounts_are_the_servers(const struct departure *d, struct text *why)
{
    const bool is_request = span_is(d->type, "get") || span_is(d->type, "set");
    if (!is_request || !d->is_named || is_from_own_account(d))
        return NOT_CONCERNED;
    return is_to_bare_jid(d) ? violated(why, "a request of another account is addressed to a bare JID")
                             : HOLDS;
}

static enum judgement pushes_reach_the_interested(const struct departure *d, struct text *why)
{
    if (!is_roster_push(d) || d->again != AGAIN_NOTHING)
        return NOT_CONCERNED;
    return by_fact(d, FACT_INTERESTED, FACT_YES, why, "the resource never asked for the roster");
}

/* Its own unavailable presence is sent back to a resource (RFC 6121, 4.5.2), and presence may be directed to a full
 * JID, which need not be available (8.5.3.1). */
static enum judgement presence_reaches_the_available(const struct departure *d, struct text *why)
{
    const bool is_about_others =
        d->type.bytes == NULL || span_is(d->type, "unavailable") || span_is(d->type, "subscribe");
    if (!is_about_others || !is_to_bare_jid(d) || d->again != AGAIN_NOTHING)
        return NOT_CONCERNED;
    if (sender_of(d).whole != ALIKE_NO)
        return NOT_CONCERNED;
    return by_fact(d, FACT_PRESENCE, PRESENCE_AVAILABLE, why, "the resource is not available");
}

static enum judgement subscriptions_reach_the_interested(const struct departure *d, struct text *why)
{
    const bool is_state =
        span_is(d->type, "subscribed") || span_is(d->type, "unsubscribe") || span_is(d->type, "unsubscribed");
    if (!is_state || d->again != AGAIN_NOTHING)
        return NOT_CONCERNED;
    return by_fact(d, FACT_INTERESTED, FACT_YES, why, "the resource never asked for the roster");
}

static enum judgement copies_reach_who_wants_them(const struct departure *d, struct text *why)
{
    if (d->copy == NO_COPY || d->again != AGAIN_NOTHING)
        return NOT_CONCERNED;
    return by_fact(d, FACT_CARBONS, FACT_YES, why, "the resource did not ask for copies");
}

static enum judgement copies_are_addressed_to_resources(const struct departure *d, struct text *why)
{
    if (d->copy != COPY_OF_RECEIVED)
        return NOT_CONCERNED;
    if (d->receiver.whole == ALIKE_NO)
        return violated(why, "it is not addressed to the full JID of the resource");
    return d->receiver.whole == ALIKE_YES ? HOLDS : NOT_JUDGED;
}

static enum judgement answers_have_requests(const struct departure *d, struct text *why)
{
    if (!departure_is_answer(d) || d->again != AGAIN_NOTHING)
        return NOT_CONCERNED;
    return session_facts_has_asked(d->session, d->id_hash)
               ? HOLDS
               : violated(why, "no request with its id came in that was not answered");
}

static enum judgement order_is_kept(const struct departure *d, struct text *why)
{
    if (d->place == 0 || d->last == 0)
        return NOT_CONCERNED;
    if (d->place > d->last)
        return HOLDS;
    if (d->place == d->last)
        return violated(why, "it has left to the receiver before");
    char places[256];
    snprintf(
        places, sizeof places,
        "a later stanza of its sender has left to the receiver before: of the messages and requests that "
        "came in at the server this was number %lu, and that one number %lu",
        (unsigned long)d->place, (unsigned long)d->last);
    return violated(why, places);
}

static enum judgement requests_are_due(const struct departure *d, struct text *why)
{
    switch (d->request) {
    case REQUEST_NONE:
        break;
    case REQUEST_DUE:
        return HOLDS;
    case REQUEST_POSSIBLE:
        return MAY_HOLD;
    case REQUEST_WITHOUT_REASON:
        return violated(why, "it is not new, and the resource has not become available");
    case REQUEST_AGAIN:
        return violated(why, "it is not new, and has left since the resource became available");
    }
    return NOT_CONCERNED;
}

static enum judgement presence_is_the_last(const struct departure *d, struct text *why)
{
    if (d->again != AGAIN_NOTHING || d->session->has_returned || d->outdated == OUTDATED_UNKNOWN)
        return NOT_CONCERNED;
    return d->outdated == OUTDATED_NO ? HOLDS
                                      : violated(why, "its sender has replaced it by a later presence");
}

static enum judgement leaves_are_told_once(const struct departure *d, struct text *why)
{
    if (d->leaves == 0 || d->again != AGAIN_NOTHING)
        return NOT_CONCERNED;
    return d->left < d->leaves ? HOLDS : violated(why, "it has left to the receiver before");
}

static enum judgement what_is_kept_leaves_once(const struct departure *d, struct text *why)
{
    switch (d->kept) {
    case KEPT_NONE:
        break;
    case KEPT_FIRST:
        return HOLDS;
    case KEPT_TWICE:
        return violated(why, "it has left to another resource, which is still there");
    case KEPT_LATE:
        return violated(why, "a later message of its sender was kept as well, and has left before");
    }
    return NOT_CONCERNED;
}

static enum judgement unacknowledged_leaves_again(const struct departure *d, struct text *why)
{
    switch (d->again) {
    case AGAIN_NOTHING:
        break;
    case AGAIN_EXPECTED:
        return HOLDS;
    case AGAIN_UNSURE:
        return MAY_HOLD;
    case AGAIN_OTHER:
        return violated(why, "what left before and was not acknowledged comes first, in its order");
    }
    return NOT_CONCERNED;
}

static enum judgement what_leaves_came_in(const struct departure *d, struct text *why)
{
    switch (d->origin) {
    case ORIGIN_NONE:
        break;
    case ORIGIN_KNOWN:
        return HOLDS;
    case ORIGIN_POSSIBLE:
        return MAY_HOLD;
    case ORIGIN_UNKNOWN:
        return NOT_JUDGED;
    case ORIGIN_NOWHERE:
        return violated(why, "nothing came in from its sender with this content, in this language");
    }
    return NOT_CONCERNED;
}

/* A character may be written as six (STANZA_GROWTH in core/xml/stanza.h); the rest is what a server adds: declarations
 * (STANZA_DECLARED), addresses, a delay, and what is around a copy. */
static enum judgement what_leaves_is_not_much_longer(const struct departure *d, struct text *why)
{
    enum { GROWTH = 6, MORE = 1024 + 2 * 3072 + 1024 };
    const struct span inside = d->scanned->inside;
    const size_t length = (size_t)(inside.bytes + inside.length - d->scanned->tag.begin);
    char lengths[128];
    if (d->came_length == 0)
        return NOT_CONCERNED;
    if (length <= GROWTH * d->came_length + MORE)
        return HOLDS;
    snprintf(lengths, sizeof lengths, "it has %lu bytes, and came in with %lu", (unsigned long)length,
             (unsigned long)d->came_length);
    return violated(why, lengths);
}

/* Of presence a server need not keep the time: a later one may have replaced it. */
static enum judgement what_waited_is_delayed(const struct departure *d, struct text *why)
{
    const bool is_again = d->again == AGAIN_EXPECTED && d->kind != STANZA_IQ;
    if (!is_again && (!d->has_waited || d->kind != STANZA_MESSAGE))
        return NOT_CONCERNED;
    return d->is_delayed ? HOLDS
                         : violated(why, is_again ? "it is sent again, and does not say since when"
                                                  : "it came in earlier, and does not say when");
}

static enum judgement only_what_waited_is_delayed(const struct departure *d, struct text *why)
{
    if (!d->has_just_come || d->again != AGAIN_NOTHING)
        return NOT_CONCERNED;
    return d->is_delayed ? violated(why, "it has just come in, and is delayed") : HOLDS;
}

static enum judgement counts_are_true(const struct departure *d, struct text *why)
{
    char counts[128];
    if (!d->has_count)
        return NOT_CONCERNED;
    if (d->count == d->most)
        return HOLDS;
    if (d->count - d->least <= d->most - d->least)
        return MAY_HOLD;
    snprintf(counts, sizeof counts, "it counts %lu stanzas, but %lu to %lu came in and are handled",
             (unsigned long)d->count, (unsigned long)d->least, (unsigned long)d->most);
    return violated(why, counts);
}

static enum judgement all_has_left_again(const struct session_facts *session, struct text *why)
{
    const struct unacked_queue *unacked = &session->unacked;
    if (!session->was_resumed)
        return NOT_CONCERNED;
    if (unacked->next == unacked->end)
        return HOLDS;
    if (session->is_unsure && (session->may_lose_answers || !unacked_answers_before(unacked, 0)))
        return MAY_HOLD;
    return violated(why, "not all of what was not acknowledged has left again");
}

static enum judgement counts_are_told(const struct session_facts *session, struct text *why)
{
    if (!session->is_managed)
        return NOT_CONCERNED;
    return session->acks.first == session->acks.end
               ? HOLDS
               : violated(why, "a request for an acknowledgement was not answered");
}

/* What a resumed session was sent may have been dropped. */
static enum judgement each_request_is_answered(const struct session_facts *session, struct text *why)
{
    if (session->full_jid == NULL || session->has_ended || session->was_resumed || session->must_end != NULL)
        return NOT_CONCERNED;
    return session_facts_is_owed_answer(session)
               ? violated(why, "a request to its own account came in, and no answer has left")
               : HOLDS;
}

static enum judgement by_right(enum right right, struct text *why, const char *sentence)
{
    switch (right) {
    case RIGHT_NONE:
        break;
    case RIGHT_SUBSCRIBED:
        return HOLDS;
    case RIGHT_POSSIBLE:
        return MAY_HOLD;
    case RIGHT_UNKNOWN:
        return NOT_JUDGED;
    case RIGHT_MISSING:
        return violated(why, sentence);
    }
    return NOT_CONCERNED;
}

static enum judgement accounts_tell_their_contacts(const struct departure *d, struct text *why)
{
    return by_right(d->right, why, "the receiver is not subscribed to the account");
}

static enum judgement requests_of_strangers_reach_nobody(const struct departure *d, struct text *why)
{
    return by_right(d->reach, why, "the sender may not see the presence of the resource");
}

static enum judgement strangers_are_not_told_who_is_away(const struct departure *d, struct text *why)
{
    return by_right(d->absence, why, "the receiver may not know that nobody is there");
}

static enum judgement only_full_rosters_refuse(const struct departure *d, struct text *why)
{
    return by_right(d->full, why, "there is room in the roster");
}

static enum judgement strangers_fill_no_queue(const struct departure *d, struct text *why)
{
    return by_right(d->crowding, why,
                    "more than half of what may be unacknowledged is, and its sender is a stranger");
}

static enum judgement contacts_are_told(const struct departure *d, struct text *why)
{
    switch (d->refusal) {
    case REFUSAL_NONE:
        break;
    case REFUSAL_UNKNOWN:
        return NOT_JUDGED;
    case REFUSAL_OF_INFO:
        return violated(why, "the receiver is subscribed to the account");
    case REFUSAL_OF_ITEMS:
        return violated(why, "it has asked which items there are, and there may be none");
    }
    return d->right == RIGHT_SUBSCRIBED ? HOLDS : NOT_CONCERNED;
}

/* An address that changes when it is prepared again cannot be compared, nor blocked. */
static enum judgement addresses_are_prepared(const struct departure *d, struct text *why)
{
    const struct address from = address_split(d->from), to = address_split(d->to);
    if (address_is_plain(from.local) && address_is_plain(to.local))
        return NOT_CONCERNED;
    return address_is_stable(from.local) && address_is_stable(to.local)
               ? HOLDS
               : violated(why, "its address is not prepared");
}

enum {
    OF_OTHERS = 1 << NO_STANZA,
    OF_MESSAGES = 1 << STANZA_MESSAGE,
    OF_PRESENCE = 1 << STANZA_PRESENCE,
    OF_REQUESTS = 1 << STANZA_IQ, /* and their answers */
    OF_STANZAS = OF_MESSAGES | OF_PRESENCE | OF_REQUESTS
};

static const struct question table[] = {
    [QUESTION_OF_MESSAGES] = { .name = "messages-arrive",
                               .sentence = "a message leaves to a resource of its addressee, or is refused, "
                                           "or is kept for the next one that takes messages",
                               .source = "RFC 6121, 8.5; XEP-0160, 3; XEP-0198, 5" },
    [QUESTION_OF_RESOURCES] = { .name = "resources-are-limited",
                                .sentence =
                                    "no more resources of an account are connected than the settings allow",
                                .source = "RFC 6120, 7.6.2.1; core",
                                .needs = CAPABILITY_LIMITS_RESOURCES },
    [QUESTION_OF_KEPT] = { .name = "what-is-kept-is-limited",
                           .sentence = "no more messages are kept for an account than the settings allow",
                           .source = "XEP-0160, 2; core",
                           .needs = CAPABILITY_LIMITS_OFFLINE },
    [QUESTION_OF_PASSWORDS] = { .name = "passwords-are-limited",
                                .sentence =
                                    "an account sets no more passwords in a time than the settings allow",
                                .source = "XEP-0077, 3.3; core",
                                .needs = CAPABILITY_LIMITS_PASSWORDS },
    [QUESTION_OF_ANONYMOUS] = { .name = "anonymous-users-are-limited",
                                .sentence = "no more anonymous users are in than the settings allow",
                                .source = "XEP-0175, 4; RFC 6120, 6.5.11; core",
                                .needs = CAPABILITY_LIMITS_ANONYMOUS },
    [QUESTION_OF_ENDS] = { .name = "what-is-forbidden-ends-the-stream",
                           .sentence = "the stream of a client ends that sends in the name of another, or "
                                       "too much before its login",
                           .source = "RFC 6120, 8.1.2.1, 4.9.3.9 and 4.9.3.14; core",
                           .quiet = what_must_end_has_ended },
    [QUESTION_OF_COPIES] = { .name = "what-is-sent-is-copied",
                             .sentence = "a chat message is copied to the sender's resources that want "
                                         "copies, whatever becomes of it",
                             .source = "XEP-0280, 8" },
    [QUESTION_OF_ROSTERS] = { .name = "rosters-are-limited",
                              .sentence = "no item is added to a roster, and no request, beyond what the "
                                          "settings allow",
                              .source = "core",
                              .needs = CAPABILITY_LIMITS_ROSTER },
    [QUESTION_OF_LOGINS] = { .name = "logins-get-what-is-stored",
                             .sentence = "a login loads the roster, unless the account is in use",
                             .source = "core",
                             .needs = CAPABILITY_LIMITS_CACHE },
    [QUESTION_OF_CACHE] = { .name = "what-is-loaded-is-used",
                            .sentence =
                                "what was loaded is used for the time that the settings say, and no longer",
                            .source = "core",
                            .needs = CAPABILITY_LIMITS_CACHE },
    [QUESTION_OF_SIDES] = { .name = "subscription-stanzas-have-their-effect",
                            .sentence =
                                "a subscription stanza changes the rosters of both accounts as the tables "
                                "say, and is answered or confirmed for the receiver where that is due",
                            .source = "RFC 6121, 2.5.2, 3.1.3, 3.4.2 and Appendix A; XEP-0077, 3.2" },
    [QUESTION_OF_SAVED_SIDES] = { .name = "subscriptions-change-by-stanzas",
                                  .sentence =
                                      "each change of a subscription is one that a single stanza makes",
                                  .source = "RFC 6121, 3.4.2 and Appendix A",
                                  .needs = CAPABILITY_DISK },
    [QUESTION_OF_SIGHTS] = { .name = "leaves-reach-who-saw",
                             .sentence = "when a resource sends unavailable presence or its session ends, "
                                         "that is told to all contacts that were told that it is available",
                             .source = "RFC 6121, 4.5.2" },
    [QUESTION_OF_ACTIVITIES] = { .name = "the-last-activity-is-noted",
                                 .sentence = "when a resource that was available leaves, the time is saved",
                                 .source = "XEP-0012, 4; core",
                                 .needs = CAPABILITY_ACTIVITY_STORED },
    [QUESTION_OF_REQUESTS] = { .name = "requests-leave-until-answered",
                               .sentence = "a request for a subscription leaves to each available resource "
                                           "when it comes in, to each that becomes available until it is "
                                           "answered, and at no other time",
                               .source = "RFC 6121, 3.1.3",
                               .kinds = OF_PRESENCE,
                               .leaves = requests_are_due },
    { .name = "named-first",
      .sentence = "messages and presence leave only to sessions that have bound a resource",
      .source = "RFC 6120, 7.1",
      .kinds = OF_MESSAGES | OF_PRESENCE,
      .leaves = named_first },
    { .name = "addressed-to-the-receiver",
      .sentence = "what leaves to a client is addressed to its account, and to no other resource",
      .source = "RFC 6121, 8.5.2 and 8.5.3",
      .kinds = OF_STANZAS,
      .leaves = addressed_to_the_receiver },
    { .name = "bare-messages-reach-the-available",
      .sentence = "a message to a bare JID leaves only to available resources whose priority is not negative",
      .source = "RFC 6121, 8.5.2.1.1",
      .kinds = OF_MESSAGES,
      .leaves = bare_messages_reach_the_available },
    { .name = "some-types-reach-no-bare-jid",
      .sentence = "a message of type groupchat or error to a bare JID leaves to no client",
      .source = "RFC 6121, 8.5.2.1.1",
      .kinds = OF_MESSAGES,
      .leaves = some_types_reach_no_bare_jid },
    { .name = "requests-to-accounts-are-the-servers",
      .sentence = "a request of another account to a bare JID leaves to no client",
      .source = "RFC 6121, 8.5.2.1.3",
      .kinds = OF_REQUESTS,
      .leaves = requests_to_accounts_are_the_servers },
    { .name = "pushes-reach-the-interested",
      .sentence = "roster pushes leave only to resources that asked for the roster",
      .source = "RFC 6121, 2.2",
      .kinds = OF_REQUESTS,
      .leaves = pushes_reach_the_interested },
    { .name = "presence-reaches-the-available",
      .sentence = "presence and subscription requests to a bare JID leave only to available resources",
      .source = "RFC 6121, 8.5.2.1.2 and 3.1.3",
      .kinds = OF_PRESENCE,
      .leaves = presence_reaches_the_available },
    { .name = "subscriptions-reach-the-interested",
      .sentence = "changes of a subscription leave only to resources that asked for the roster",
      .source = "RFC 6121, 3.1.6, 3.2.3 and 3.3.3",
      .kinds = OF_PRESENCE,
      .leaves = subscriptions_reach_the_interested },
    { .name = "copies-reach-who-wants-them",
      .sentence = "copies of messages leave only to resources that asked for them",
      .source = "XEP-0280, 4",
      .kinds = OF_MESSAGES,
      .leaves = copies_reach_who_wants_them },
    { .name = "copies-are-addressed-to-resources",
      .sentence = "a copy of a received message is addressed to the full JID",
      .source = "XEP-0280, 7",
      .kinds = OF_MESSAGES,
      .leaves = copies_are_addressed_to_resources },
    { .name = "answers-have-requests",
      .sentence = "an answer of the server has the id of a request that came in, and each request one answer",
      .source = "RFC 6120, 8.2.3",
      .kinds = OF_REQUESTS,
      .leaves = answers_have_requests },
    { .name = "each-request-is-answered",
      .sentence = "a request of a client to its own account is answered, or its stream ends",
      .source = "RFC 6120, 8.2.3 and 10.3.3",
      .quiet = each_request_is_answered },
    { .name = "order-is-kept",
      .sentence = "what a client sends to another leaves to it once, in the order in which it came in",
      .source = "RFC 6120, 10.1",
      .kinds = OF_MESSAGES | OF_REQUESTS,
      .leaves = order_is_kept },
    { .name = "presence-is-the-last",
      .sentence = "presence that leaves later than it came in is the last one that its sender has broadcast",
      .source = "RFC 6121, 4.2.2 and 4.3.2; XEP-0352, 5",
      .kinds = OF_PRESENCE,
      .leaves = presence_is_the_last },
    { .name = "unavailable-leaves-once",
      .sentence = "unavailable presence leaves to a resource as often as it came in, and not more",
      .source = "RFC 6121, 4.5.2 and 4.6.3",
      .kinds = OF_PRESENCE,
      .leaves = leaves_are_told_once },
    { .name = "what-is-kept-leaves-once",
      .sentence =
          "a message that was kept leaves to one resource, in the order in which its sender sent them",
      .source = "XEP-0160, 2; RFC 6120, 10.1",
      .kinds = OF_MESSAGES,
      .leaves = what_is_kept_leaves_once },
    { .name = "what-leaves-came-in",
      .sentence = "what leaves in the name of a client came in from it, with the same content",
      .source = "RFC 6120, 8.1.2.1, 8.1.5 and 8.4",
      .kinds = OF_STANZAS,
      .leaves = what_leaves_came_in },
    { .name = "what-leaves-is-not-much-longer",
      .sentence =
          "what leaves takes at most six times the bytes that came in, and a few for what a server adds",
      .source = "core",
      .needs = CAPABILITY_MEMORY,
      .kinds = OF_STANZAS,
      .leaves = what_leaves_is_not_much_longer },
    { .name = "what-waited-is-delayed",
      .sentence = "what was kept or is sent again says since when it is delayed",
      .source = "XEP-0160, 3; XEP-0198, 4; XEP-0203, 2",
      .kinds = OF_STANZAS,
      .leaves = what_waited_is_delayed },
    { .name = "only-what-waited-is-delayed",
      .sentence = "what leaves when it comes in is not delayed",
      .source = "XEP-0203, 2",
      .kinds = OF_STANZAS,
      .leaves = only_what_waited_is_delayed },
    { .name = "unacknowledged-leaves-again",
      .sentence =
          "after a resumption all that was not acknowledged leaves again, in its order, before anything else",
      .source = "XEP-0198, 5",
      .kinds = OF_STANZAS,
      .leaves = unacknowledged_leaves_again,
      .quiet = all_has_left_again },
    { .name = "accounts-tell-their-contacts",
      .sentence = "what an account supports and when it was last there is told to who may see its presence",
      .source = "XEP-0012, 3; XEP-0030, 8",
      .kinds = OF_REQUESTS,
      .leaves = accounts_tell_their_contacts },
    { .name = "requests-of-strangers-reach-nobody",
      .sentence = "a request leaves only to a resource that shares its presence with the sender",
      .source = "RFC 6121, 8.5.3.1",
      .kinds = OF_REQUESTS,
      .leaves = requests_of_strangers_reach_nobody },
    { .name = "strangers-are-not-told-who-is-away",
      .sentence = "no refusal tells a stranger that an account has no available resource",
      .source = "RFC 6120, 13.10.2; RFC 6121, 8.5.2.2.1 and 11; core",
      .kinds = OF_MESSAGES,
      .leaves = strangers_are_not_told_who_is_away },
    { .name = "strangers-fill-no-queue",
      .sentence = "who is far behind with acknowledgements is sent no presence of strangers",
      .source = "XEP-0198, 4; core",
      .needs = CAPABILITY_LIMITS_UNACKED,
      .kinds = OF_PRESENCE,
      .leaves = strangers_fill_no_queue },
    { .name = "only-full-rosters-refuse",
      .sentence = "an item is refused for want of room only where the roster that the user sees is full",
      .source = "RFC 6121, 2.3.3; core",
      .needs = CAPABILITY_LIMITS_ROSTER,
      .kinds = OF_REQUESTS,
      .leaves = only_full_rosters_refuse },
    { .name = "contacts-are-told",
      .sentence =
          "what an account supports is not refused to who may see its presence, and its items to nobody",
      .source = "XEP-0030, 8",
      .kinds = OF_REQUESTS,
      .leaves = contacts_are_told },
    { .name = "login-needs-the-password",
      .sentence = "a client logs in only with the password that the account has then",
      .source = "RFC 6120, 6.4; RFC 5802, 3 and 5.1; RFC 4616, 2",
      .kinds = OF_OTHERS,
      .leaves = login_needs_the_password },
    { .name = "addresses-are-prepared",
      .sentence = "the addresses of what leaves stay as they are when they are prepared",
      .source = "RFC 7622, 4",
      .kinds = OF_STANZAS,
      .leaves = addresses_are_prepared },
    { .name = "features-follow-the-login",
      .sentence = "binding is offered to those who have logged in, and to them alone; TLS once",
      .source = "RFC 6120, 5.4.3.3 and 7.4",
      .kinds = OF_OTHERS,
      .leaves = features_follow_the_login },
    { .name = "sessions-end-with-the-password",
      .sentence = "after a change of its password an account has no other session that began before",
      .source = "XEP-0077, 3.2 and 3.3; core",
      .kinds = OF_OTHERS,
      .leaves = nothing_outdated_is_resumed,
      .quiet = nothing_outdated_is_left },
    { .name = "counts-are-true",
      .sentence =
          "each request for an acknowledgement is answered with the number of stanzas that came in before it",
      .source = "XEP-0198, 4",
      .kinds = OF_OTHERS,
      .leaves = counts_are_true,
      .quiet = counts_are_told },
};
_Static_assert(sizeof table / sizeof table[0] <= QUESTIONS_MOST, "the counts have a place for each");

const struct question *question_at(size_t index)
{
    return index < sizeof table / sizeof table[0] ? &table[index] : NULL;
}
