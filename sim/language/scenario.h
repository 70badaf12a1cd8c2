/*
 * scenario.h - a scenario as a tree: what the parser makes of a .scs file, and what the player runs.
 *
 * The language and its grammar are described in scenarios/README.md, which is the reference; this header is
 * its shape in memory.  A scenario has a head (title, tags, the cast, the server's settings, accounts and
 * rosters that exist at the start) and steps.  Everything in it belongs to the scenario and dies with
 * scenario_free.
 *
 * A file with a [Table] is as many scenarios as the table has rows: each is parsed by itself, with the row's
 * values in its lines, and only the parser knows tables.  Where the head mentions no column, the
 * rows share it, so that none of them may be changed (scenario_edit.h).
 */
#ifndef SIM_SCENARIO_H
#define SIM_SCENARIO_H

#include "../world/world.h"
#include "../xml/xml.h"
#include "core.h"

struct tag {
    struct tag *next;
    const char *name;
    const char *value; /* "" for a tag that is only a word */
};

/* [Client] NAME */
struct character {
    const char *name;
    const char *jid;   /* bare; prepared lightly: split at '@' and '/', never by the core */
    const char *local; /* its localpart; NULL when the JID has none */
    const char *domain;
    const char *resource;       /* to ask for at binding, or NULL */
    const char *password;       /* "" when not given */
    const char *mechanism;      /* to log in with, or NULL for the best that is offered */
    bool no_account;            /* account: none - the server knows nothing of this one */
    bool tls_always, tls_never; /* tls: yes, tls: no; neither is: where it is offered */
    const char *certificate;    /* bare JIDs with ", " between, or NULL for none */
    const char *binding;        /* channel binding: a type, "none", or NULL for the best announced */
    int line;
};

/* One roster item, in [Roster] and in "NAME's roster is:" */
struct roster_line {
    struct roster_line *next;
    const char *jid;
    const char *subscription; /* "none", "to", "from", "both" */
    bool ask;
    bool pending;     /* a request of theirs waits for an answer */
    bool approved;    /* their next request is granted without asking */
    const char *name; /* NULL when none */
    const char *groups[16];
    size_t group_count;
    int line;
};

/* Whether the account's clients are not shown the item: there is nothing in it but their request. */
bool roster_line_is_hidden(const struct roster_line *line);

/* [Account] JID: an account beside those of the cast. */
struct account {
    struct account *next;
    const char *jid, *local, *domain;
    const char *password;
    const char *status; /* "disabled", "expired" or NULL; counts for an account of the cast as well */
    int line;
};

/* [Roster] JID: a roster that exists before the first step. */
struct roster_head {
    struct roster_head *next;
    const char *jid, *local, *domain;
    struct roster_line *items;
    int line;
};

/* [Blocklist] JID: whom an account has blocked before the first step; and "NAME's block list is:" */
struct blocked_line {
    struct blocked_line *next;
    const char *jid;
    int line;
};

struct blocklist_head {
    struct blocklist_head *next;
    const char *jid, *local, *domain;
    struct blocked_line *blocked;
    int line;
};

/* [Server] NAME: a server beside the first. */
struct server_head {
    struct server_head *next;
    const char *name;
    struct core_settings settings; /* hosts: its own */
    int line;
};

enum step_verb {
    /* getting in and out, all at once */
    STEP_CONNECTS,
    STEP_DISCONNECTS,
    /* getting in, one by one */
    STEP_OPENS_CONNECTION,
    STEP_FAILS_TO_OPEN_CONNECTION,
    STEP_STARTS_TLS,
    STEP_FAILS_TO_START_TLS,
    STEP_OPENS_STREAM,          /* properties: the header's attributes that differ from the usual */
    STEP_AUTHENTICATES,         /* mechanism, user, password: each may be NULL */
    STEP_FAILS_TO_AUTHENTICATE, /* the same, and condition */
    STEP_RESTARTS_STREAM,
    STEP_BINDS,         /* text: the resource, or NULL */
    STEP_FAILS_TO_BIND, /* the same, and condition */
    STEP_CLOSES_STREAM,
    STEP_DROPS_CONNECTION,
    /* stream management */
    STEP_MANAGES,
    STEP_FAILS_TO_MANAGE, /* condition */
    STEP_ACKNOWLEDGES,    /* text: NULL for the client's own count; else number */
    STEP_RESUMES,
    STEP_FAILS_TO_RESUME, /* condition */
    STEP_ANSWERS,         /* negated: from here on it does not */
    STEP_SESSION_IS,      /* text: "hibernating"; negated */
    /* stanzas and bytes */
    STEP_SENDS,                 /* stanzas */
    STEP_SENDS_RAW,             /* text and length, with ${...}; number: bytes a piece, 0 for all at once */
    STEP_RECEIVES,              /* stanzas, in this order */
    STEP_RECEIVES_ANY_ORDER,    /* stanzas */
    STEP_RECEIVES_NOTHING,      /* span: 0, or for how long */
    STEP_RECEIVES_STREAM_ERROR, /* condition */
    STEP_RECEIVES_END,          /* of the stream: </stream:stream> */
    STEP_IGNORES,               /* stanzas, each of which is dropped from here on whenever it comes */
    STEP_HAS_NOT_RECEIVED,      /* stanzas, none of which is among those not consumed */
    STEP_CONNECTION_IS,         /* text: "open" or "closed" */
    /* what a session is */
    STEP_IS,            /* text: "connected", "available", "interested"; negated */
    STEP_PROPERTY_IS,   /* property ("full JID"), and text: its value, NULL for unset */
    STEP_PRESENCE_IS,   /* stanzas: one, NULL for unset */
    STEP_ROSTER_IS,     /* roster: NULL is an empty one, or, with the text "unset", none */
    STEP_HEADER_IS,     /* properties: attributes that the server's stream header has; text NULL is absent */
    STEP_FEATURES_ARE,  /* stanzas: one <features/>, matched loosely unless it says otherwise */
    STEP_HAS_SESSIONS,  /* text: a bare JID, or NULL and the actor's; number */
    STEP_HAS_OFFLINE,   /* text: a bare JID, or NULL and the actor's; number: of messages kept for it */
    STEP_BLOCK_LIST_IS, /* blocked: NULL is an empty one */
    /* the world */
    STEP_SERVERS_ARE,     /* negated: parted from one another; else joined again */
    STEP_SERVER_RECEIVES, /* text and length, with ${...}; properties: "to", the domain of the server that
                           * it comes to, and "from", the domain that is vouched for */
    STEP_TIME_PASSES,     /* span */
    STEP_NEXT_FAILS,      /* text: "load" or "save"; number: how many of them, at least 1 */
    STEP_TAKES,           /* text: "load" or "save"; span */
    STEP_LINK_ENCRYPTED,  /* negated */
    STEP_HANDSHAKE_FAILS, /* the actor's next one */
    STEP_MIDDLE,          /* the actor's next link has a man in the middle */
    STEP_LINK_PIECES,     /* number: bytes that arrive at once at the most */
    STEP_LINK_FAULT,      /* text: "breaks", "dies", "heals", "stops reading" or "reads again" */
    STEP_LINK_TAKES,      /* span: the least latency of the link at hand, or of the actor's next */
    STEP_LINK_CARRIES,    /* number: bytes a second, 0 for no bound; of the same */
    STEP_LINK_STALLS,     /* span; of the same */
    STEP_LINK_BREAKS,     /* number: bytes; text: "to the server", "to the client" or NULL; of the same */
    STEP_HALF_CLOSES,
    STEP_SERVER_SHUTS_DOWN, /* properties: "to", a domain of the server, or none for the first */
    STEP_SERVER_CRASHES,    /* the same; text: "keeping" or "losing" its writes, or NULL by choice */
    STEP_SERVER_WILL_CRASH, /* the same; number: at which write from now; 0: in span */
    STEP_SERVER_STARTS,     /* again; properties as above */
    STEP_NTH_FAILS,         /* text: "load" or "save"; number: which of them from now */
    STEP_ALLOCATION_FAILS,  /* number: which from now */
    STEP_CLOCK_JUMPS,       /* span; negated: back */
    STEP_AT_THE_SAME_TIME,  /* steps: none of which waits for another */
    STEP_VERBS
};

struct property {
    struct property *next;
    const char *name;
    const char *value; /* NULL where the language says "unset" */
    int line;
};

struct step {
    struct step *next;
    enum step_verb verb;
    int line;
    const char *source; /* the step's own line as written, without indentation */
    int actor;          /* index into the cast, or -1 */
    struct xml *stanzas;
    int stanza_line; /* what to add to xml.line for the line in the file */
    const char *text;
    size_t length; /* of text */
    const char *property, *mechanism, *user, *password, *condition;
    struct property *properties;
    struct roster_line *roster;
    struct blocked_line *blocked;
    struct step *steps;
    sim_time span;
    uint64_t number;
    bool negated;
};

struct scenario {
    const char *path;    /* as given */
    const char *name;    /* what a command line takes: the path; "path#3" for a row of a table */
    const char *title;   /* the first comment; the path when there is none */
    const char *heading; /* the same, before a row's values are put in */
    size_t row, rows;    /* of [Table]: which one this is, from 1, and of how many; 0 and 0 without one */
    int row_line;        /* where that row is; 0 without a table */
    struct tag *tags;
    struct character *cast;
    size_t cast_count;
    struct account *accounts;
    struct roster_head *rosters;
    struct blocklist_head *blocklists;
    struct core_settings settings; /* hosts: those of [Server], then every domain of cast and accounts */
    const char *server_name;       /* of the first [Server]; NULL when it has none */
    struct server_head *servers;   /* those beside the first; their hosts are not among its own */
    bool strict;                   /* the tag "strict" */
    bool checks_only;              /* the tag "checks only" */
    const char *fails; /* the tag "fails": the scenario must fail, and the failure must say this; else NULL */
    struct step *steps;
    void *memory;            /* behind everything above */
    struct scenario *common; /* what is not in that is in this one's; NULL: all is */
    size_t users;            /* of this one as `common` */
};

/* An error in a file. Printed as "PATH:LINE: MESSAGE". */
struct complaint {
    int line;
    char
        message[240]; /* what is wrong, and what was expected; control characters are escaped (printable.h) */
};

enum { COMPLAINTS_MAX = 16 };
struct complaints {
    size_t count; /* at most COMPLAINTS_MAX are kept, all are counted */
    struct complaint list[COMPLAINTS_MAX];
};

/* Parses a file's text; of a table, its first row.  Returns NULL when there are complaints.  `read` fetches
 * the files that a head names ("from: FILE", relative to the scenario's folder; `path` comes with that folder
 * before it): a string of malloc's, or NULL when it cannot be read; it is how this module stays out of the
 * file system. */
typedef char *(*scenario_reader)(void *host, const char *path, size_t *length);
struct scenario *scenario_parse(const char *path, const char *text, size_t length, scenario_reader read,
                                void *host, struct complaints *complaints);

/* The same for the rows of a table one after the other: what does not depend on the row is read once.  `row`
 * is from 1 to what the first of them says in `rows`.  A row may still be complained about: what its values
 * make of the lines is its own.  `text` must stay until the end; the scenarios may outlive it. */
struct scenario_file *scenario_file_new(const char *path, const char *text, size_t length,
                                        scenario_reader read, void *host);
struct scenario *scenario_file_row(struct scenario_file *file, size_t row, struct complaints *complaints);
void scenario_file_free(struct scenario_file *file);

/* The limit of the lines of all rows of a table together, without the lines that they share. */
enum { TABLE_LINES_MOST = 2000000 };
void scenario_free(struct scenario *scenario);

/* The value of a tag, "" for a bare one; NULL when the scenario does not carry it. */
const char *scenario_tag(const struct scenario *scenario, const char *name);

#endif
