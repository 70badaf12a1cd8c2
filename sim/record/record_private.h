/*
 * record_private.h - shared by the files of the recorder: its passages, connections and cast.
 */
#ifndef SIM_RECORD_PRIVATE_H
#define SIM_RECORD_PRIVATE_H

#include "../language/scenario.h"
#include "../must.h"
#include "offer.h"
#include "record.h"
#include "wire.h"

#define NS_SASL          "urn:ietf:params:xml:ns:xmpp-sasl"
#define NS_TLS           "urn:ietf:params:xml:ns:xmpp-tls"
#define NS_BIND          "urn:ietf:params:xml:ns:xmpp-bind"
#define NS_SM            "urn:xmpp:sm:3"
#define NS_ROSTER        "jabber:iq:roster"
#define NS_PING          "urn:xmpp:ping"
#define NS_STANZA_ERRORS "urn:ietf:params:xml:ns:xmpp-stanzas"
#define NS_STREAM_ERRORS "urn:ietf:params:xml:ns:xmpp-streams"

#define NO_PASSAGE SIZE_MAX

enum passage_kind {
    PASSAGE_OPENED,
    PASSAGE_HEADER,
    PASSAGE_ELEMENT,
    PASSAGE_END,
    PASSAGE_RAW,
    PASSAGE_CLOSED /* the end of the connection */
};

struct passage {
    enum passage_kind kind;
    bool by_client;
    size_t connection;
    uint64_t at;         /* nanoseconds */
    struct xml *element; /* PASSAGE_HEADER, PASSAGE_ELEMENT */
    struct text raw;     /* PASSAGE_RAW */
    struct step *step;   /* what it becomes; NULL for none.  Its stanzas and its actor are set in score.c */
    bool is_answered;    /* a request to a client, whose answer has a step */
    size_t before;       /* the passage before whose step its own stands; NO_PASSAGE for its own place */
};

struct connection {
    struct record *record;
    struct wire *client, *server;
    size_t number;
    uint64_t now; /* of the bytes that are read */
    size_t *own;  /* its passages, by number */
    size_t own_count, own_room;

    /* While it is recorded: */
    struct text *passed; /* where the server's bytes go */
    size_t sent_ahead;   /* how many of the server's bytes behind its last item were passed on */
    bool holds;          /* the server's next element may be its features */
    bool hid_tls, hid_plus;
    bool is_dark;       /* TLS has begun: nothing can be read */
    bool authenticates; /* the client has begun to */
    bool is_explained;  /* that no login is possible */
    bool has_ended;

    /* What its passages say: */
    size_t opened, closed; /* passages; `closed` is NO_PASSAGE while it is open */
    const char *user, *domain, *password, *resource, *mechanism; /* of its login; NULL for unknown */
    const char *status; /* of the account: "disabled", "expired" or NULL */
    bool authenticated;
    const char *full_jid;    /* as bound or resumed; or NULL */
    const char *session;     /* the identifier of its stream management, if it can be resumed */
    const char *previous;    /* the one that it has resumed */
    uint32_t sent, received; /* stanzas of the client, and of the server, since stream management began */
    size_t role;
};

/* A character. */
struct role {
    const char *name, *local, *domain, *resource, *password, *mechanism;
    const char *status; /* of its account, as in a connection */
    bool authenticated; /* it has logged in at least once */
    bool bound;         /* at the step that is being written */
    size_t last;        /* its latest connection */
};

struct kept;

struct record {
    struct record_options options;
    struct passage *passages;
    size_t count, room;
    struct connection **connections;
    size_t connection_count;
    struct role *roles;
    size_t role_count;
    struct kept *memory; /* of steps and strings */
    struct values *values;
};

/* ---- Memory that lives as long as the recording (passages.c) ---- */

void *record_keep(struct record *record, size_t size); /* zeroed */
const char *record_string(struct record *record, const char *text);
const char *record_bytes(struct record *record, const char *bytes, size_t length);

/* Frees all of it. */
void record_forget(struct record *record);

/* ---- What is in a recording (passages.c) ---- */

/* Says something about a connection. */
void record_tell(const struct record *record, size_t connection, const char *sentence);

/* The passage at a place among those of a connection. */
struct passage *own_passage(const struct connection *connection, size_t at);

/* A passage gets a step. */
struct step *step_at(struct record *record, struct passage *passage, enum step_verb verb);

/* Adds a property to a step, NULL for unset; `name` is not copied. */
void step_property(struct record *record, struct step *step, const char *name, const char *value);

/* Whether a text can be a value in the head of a file: printable characters on one line, without blanks around it and
 * without a variable; and whether it can be the localpart or the domain of a JID there, with no more in it than that. */
bool is_value_of_head(const char *text);
bool is_part_of_jid(const char *text);

/* ---- Steps (exchanges.c, sasl.c) ---- */

/* Reads the passages of a connection: sets their steps, and what they say of the connection.  Connections are read in
 * their order. */
void read_connection(struct record *record, struct connection *connection);

/* Makes a usual login, or a resumption with its login, one step; if the connection begins with exactly that. */
void join_login(struct connection *connection);

/* Reads an exchange of SASL that begins with <auth/> at a place: a step at its last message of the client, none at the
 * others.  Returns the place behind it; `at` itself when it is not over, or not one that the language has a step for. */
size_t read_sasl(struct connection *connection, size_t at);

/* ---- The cast (cast.c) ---- */

/* Gives each connection a character, and the steps of its logins what differs from the character. */
void cast_roles(struct record *record);

/* The password that stands for an unknown one: `rehearse lint` complains of it. */
const char *unknown_password(struct record *record, const struct role *role);

/* ---- Values (values.c) ---- */

struct values *values_new(void);
void values_free(struct values *values);

/* A copy of a stanza that a client sent, or that a client must receive, with the values that a scenario has in their
 * place.  The caller frees it.  To be called in the order of the steps. */
struct xml *values_sent(struct record *record, const struct xml *element);
struct xml *values_received(struct record *record, size_t passage);

/* The same of a stanza that comes from another server, as that server sends it. */
struct xml *values_foreign(struct record *record, const struct xml *element);

/* Whether `text` contains what the language would take for a variable or a wildcard. */
bool values_are_special(const char *text);

/* ---- The scenario (score.c, rosters.c) ---- */

/* Fills in [Account], [Roster] and the hosts. */
void rosters_fill(struct record *record, struct scenario *scenario);

char *score_print(struct record *record);

#endif
