/*
 * answer.h - what is compared of an element that a client received, so that two servers can be compared.
 *
 * Left out is what a server may choose as it likes, and what says nothing about it:
 *
 *      * stream features, SASL challenges and the data of <success/>: they differ with what servers offer, and
 *        how a login ends is compared;
 *      * acknowledgements and requests for them (XEP-0198, 4), whose time the server chooses;
 *      * human-readable text in errors (RFC 6120, 4.9.2, 6.5 and 8.3.2), and the name, version and system in an
 *        answer of XEP-0092;
 *      * `to` where it is the client's full JID, and `from` where it is its bare JID: stanzas without them mean the
 *        same (RFC 6120, 8.1.1.1 and 8.1.2.1); and the default type "normal" of messages (RFC 6121, 5.2.2);
 *      * `xml:lang` of a stanza where it is that of the stream from the server, which applies to a stanza without one
 *        (RFC 6120, 4.7.4);
 *      * in a stanza of the type "error" all but <error/>, and its `by`: a server may return the stanza that it
 *        refuses, and may say who it is (RFC 6120, 8.3.1);
 *      * the order of attributes, and that of items in a roster, a block list and an answer of service discovery;
 *      * values that are generated: a value of an attribute `id`, `ver`, `stamp`, `previd` or `location` that the
 *        scenario does not name is "*".  A resource, or the localpart of an anonymous user, that a server assigned
 *        and the scenario does not name is "*1" for the first one, and so on.
 */
#ifndef SIM_ANSWER_H
#define SIM_ANSWER_H

#include "../xml/xml.h"

/* What the scenario names, and the resources and localparts that servers assigned so far. */
struct answer_names {
    char *scenario; /* its text */
    char **assigned;
    size_t assigned_count;
};

/* Takes over the text of the scenario. */
struct answer_names answer_names_new(char *scenario);
void answer_names_free(struct answer_names *names);

/* The client that received an element. */
struct answered {
    const char *account;  /* a bare JID */
    const char *full_jid; /* NULL before it is bound */
    const char *lang;     /* of the stream from the server; NULL for none */
};

struct answer {
    char *text;   /* what is compared, in one line; NULL for nothing */
    char *sender; /* `from` in it, "" when it has none */
};

/* The caller frees both strings. */
struct answer answer_of(struct answer_names *names, const struct xml *element, const struct answered *client);

#endif
