/*
 * scenario.h - a scenario as a tree: built by the parser from a .scs file, and run by the player.
 *
 * The language and its grammar are described in scenarios/README.md, which is the reference; this header has
 * its form in memory.  A scenario has a head (title, tags, the cast, the server's settings, accounts and
 * rosters that exist at the start) and steps.  Everything in it belongs to the scenario and is freed by
 * scenario_free.
 *
 * A file with a [Table] is one scenario for each row of the table.  Each is parsed separately, with the row's
 * values in its lines; only the parser knows tables.  If the head mentions no column, the rows share it, so
 * none of them may be changed (scenario_edit.h).
 */
#ifndef SIM_SCENARIO_H
#define SIM_SCENARIO_H

#include "../world/world.h"
#include "../xml/xml.h"
#include "core.h"

struct tag {
    struct tag *next;
    const char *name;
    const char *value; /* "" for a tag without a value */
};

/* The tag "level": on what the expectations rest.  scenarios/README.md has the criteria. */
enum scenario_level {
    LEVEL_UNSTATED,
    LEVEL_MUST,   /* each server that keeps to every MUST of the documents passes */
    LEVEL_SHOULD, /* each server that keeps to every SHOULD as well passes */
    LEVEL_MAY,    /* the documents leave a choice, and this is one of the answers */
    LEVEL_OURS,   /* the expectations are Rehearsal's own */
    LEVEL_COUNT
};

/* [Client] NAME */
struct character {
    const char *name;
    const char *jid;   /* bare; split at '@' and '/', not prepared by the core */
    const char *local; /* its localpart; NULL when the JID has none */
    const char *domain;
    const char *resource;       /* to request at binding, or NULL */
    const char *password;       /* "" when not given */
    const char *mechanism;      /* for the login; NULL for the best offered one */
    bool no_account;            /* account: none - the server has no such account */
    bool tls_always, tls_never; /* tls: yes, tls: no; neither: if it is offered */
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
    bool pending;     /* a subscription request of the contact is unanswered */
    bool approved;    /* the next request of the contact is pre-approved */
    const char *name; /* NULL when none */
    const char *groups[16];
    size_t group_count;
    int line;
};

/* [Account] JID: an account in addition to those of the cast. */
struct account {
    struct account *next;
    const char *jid, *local, *domain;
    const char *password;
    const char *status; /* "disabled", "expired" or NULL; also for an account of the cast */
    int line;
};

/* [Roster] JID: a roster that exists before the first step. */
struct roster_head {
    struct roster_head *next;
    const char *jid, *local, *domain;
    struct roster_line *items;
    int line;
};

/* [Blocklist] JID: JIDs that an account has blocked before the first step; and "NAME's block list is:" */
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

/* [Server] NAME: a server other than the first. */
struct server_head {
    struct server_head *next;
    const char *name;
    struct core_settings settings; /* hosts: its own */
    int line;
};

enum step_verb {
    /* connecting and disconnecting as a whole */
    STEP_CONNECTS,
    STEP_DISCONNECTS,
    /* connecting in single steps */
    STEP_OPENS_CONNECTION,
    STEP_FAILS_TO_OPEN_CONNECTION,
    STEP_STARTS_TLS,
    STEP_FAILS_TO_START_TLS,
    STEP_OPENS_STREAM,          /* properties: attributes of the header that differ from the default */
    STEP_AUTHENTICATES,         /* mechanism, user, password: each may be NULL */
    STEP_FAILS_TO_AUTHENTICATE, /* the same, and condition */
    /* authenticating in parts */
    STEP_BEGINS_TO_AUTHENTICATE, /* mechanism, user, password as above; negated: without an initial response */
    STEP_ANSWERS_CHALLENGE,
    STEP_FINISHES_AUTHENTICATING,        /* text: a variant of the last message (scram_final.h), or NULL */
    STEP_FAILS_TO_FINISH_AUTHENTICATING, /* the same, and condition */
    STEP_ABORTS_AUTHENTICATING,
    /* the rest of a login */
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
    STEP_ANSWERS,         /* negated: not any more */
    STEP_SESSION_IS,      /* text: "hibernating"; negated */
    /* stanzas and bytes */
    STEP_SENDS,                 /* stanzas */
    STEP_PIPELINES,             /* steps: those by which the actor sends */
    STEP_SENDS_RAW,             /* text and length, with ${...}; number: bytes per piece, 0 for one piece */
    STEP_RECEIVES,              /* stanzas, in this order */
    STEP_RECEIVES_ANY_ORDER,    /* stanzas */
    STEP_RECEIVES_NOTHING,      /* span: the duration, or 0 */
    STEP_RECEIVES_STREAM_ERROR, /* condition */
    STEP_RECEIVES_END,          /* of the stream: </stream:stream> */
    STEP_IGNORES,               /* stanzas that are dropped on receipt from here on */
    STEP_HAS_NOT_RECEIVED,      /* stanzas, none of which is in the inbox */
    STEP_CONNECTION_IS,         /* text: "open" or "closed" */
    /* properties of a session */
    STEP_IS,            /* text: "connected", "available", "interested"; negated */
    STEP_PROPERTY_IS,   /* property ("full JID"), and text: its value, NULL for unset */
    STEP_PRESENCE_IS,   /* stanzas: one, NULL for unset */
    STEP_ROSTER_IS,     /* roster: NULL for an empty one, or, with the text "unset", for none */
    STEP_HEADER_IS,     /* properties: attributes of the server's stream header; NULL for absent */
    STEP_FEATURES_ARE,  /* stanzas: one <features/>, matched loosely unless it says otherwise */
    STEP_HAS_SESSIONS,  /* text: a bare JID, or NULL and the actor's; number */
    STEP_HAS_OFFLINE,   /* text: a bare JID, or NULL and the actor's; number: of stored messages */
    STEP_BLOCK_LIST_IS, /* blocked: NULL for an empty list */
    /* the world */
    STEP_SERVERS_ARE,     /* negated: disconnected from one another; else connected again */
    STEP_SERVER_RECEIVES, /* text and length, with ${...}; properties: "to", the domain of the receiving
                           * server, and "from", the authenticated domain */
    STEP_SERVER_ROUTES,   /* stanzas; properties: "from", the domain of the other server, and "to", a domain
                           * of the sending server; without it the first server */
    STEP_SERVER_ROUTES_NOTHING, /* the same properties; without "from" to any domain */
    /* time, disk and links */
    STEP_TIME_PASSES,     /* span */
    STEP_NEXT_FAILS,      /* text: "load" or "save"; number: how many of them, at least 1 */
    STEP_TAKES,           /* text: "load" or "save"; span */
    STEP_LINK_ENCRYPTED,  /* negated */
    STEP_HANDSHAKE_FAILS, /* the actor's next one */
    STEP_MIDDLE,          /* the actor's next link has a man in the middle */
    STEP_LINK_PIECES,     /* number: maximum bytes per delivery */
    STEP_LINK_FAULT,      /* text: "breaks", "dies", "heals", "stops reading" or "reads again" */
    STEP_LINK_TAKES,      /* span: the minimum latency of the current link, or of the actor's next one */
    STEP_LINK_CARRIES,    /* number: bytes per second, 0 for no bound; of the same link */
    STEP_LINK_STALLS,     /* span; of the same link */
    STEP_LINK_BREAKS,     /* number: bytes; text: "to the server", "to the client", NULL; same link */
    STEP_HALF_CLOSES,
    STEP_SERVER_SHUTS_DOWN, /* properties: "to", a domain of the server; without it the first server */
    STEP_SERVER_CRASHES,    /* the same; text: "keeping" or "losing" its writes, or NULL by choice */
    STEP_SERVER_WILL_CRASH, /* the same; number: the write from now at which it crashes; 0: after span */
    STEP_SERVER_STARTS,     /* again; properties as above */
    STEP_NTH_FAILS,         /* text: "load" or "save"; number: its number from now */
    STEP_ALLOCATION_FAILS,  /* number: its number from now */
    STEP_CLOCK_JUMPS,       /* span; negated: back */
    STEP_AT_THE_SAME_TIME,  /* steps: the concurrent steps */
    STEP_VERBS
};

struct property {
    struct property *next;
    const char *name;
    const char *value; /* NULL for "unset" */
    int line;
};

struct step {
    struct step *next;
    enum step_verb verb;
    int line;
    const char *source; /* the step's own line as written, without indentation */
    int actor;          /* index into the cast, or -1 */
    struct xml *stanzas;
    int stanza_line; /* offset from xml.line to the line in the file */
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
    const char *path;    /* as named by the caller */
    const char *name;    /* as on the command line: the path; "path#3" for a row of a table */
    const char *title;   /* the first comment; the path if there is none */
    const char *heading; /* the same, before a row's values are inserted */
    size_t row, rows;    /* of [Table]: this row, from 1, and their number; 0 without a table */
    int row_line;        /* the line of the row; 0 without a table */
    struct tag *tags;
    struct character *cast;
    size_t cast_count;
    struct account *accounts;
    struct roster_head *rosters;
    struct blocklist_head *blocklists;
    struct core_settings settings; /* hosts: those of [Server], then every domain of cast and accounts */
    const char *server_name;       /* of the first [Server]; NULL when it has none */
    struct server_head *servers;   /* all but the first; the first server does not have their hosts */
    bool strict;                   /* the tag "strict" */
    bool checks_only;              /* the tag "checks only" */
    enum scenario_level level;     /* the tag "level" */
    const char *fails;             /* the tag "fails": the scenario must fail with this text; else NULL */
    struct step *steps;
    void *memory;            /* the memory of all of the above */
    struct scenario *common; /* the scenario that owns the memory shared with this row; NULL for none */
    size_t users;            /* number of scenarios that share this one as `common` */
};

/* An error in a file. Printed as "PATH:LINE: MESSAGE". */
struct complaint {
    int line;
    char message[360]; /* the error, and what was expected; control characters are escaped (printable.h) */
};

enum { COMPLAINTS_MAX = 16 };
struct complaints {
    size_t count; /* at most COMPLAINTS_MAX are kept, all are counted */
    struct complaint list[COMPLAINTS_MAX];
};

/* Parses the text of a file; of a table, its first row.  Returns NULL when there are complaints.  `read`
 * reads the files that a head names ("from: FILE", relative to the scenario's folder; `path` includes that
 * folder).  It returns a malloc'ed string, or NULL when the file cannot be read.  This module itself does not
 * access the file system. */
typedef char *(*scenario_reader)(void *host, const char *path, size_t *length);
struct scenario *scenario_parse(const char *path, const char *text, size_t length, scenario_reader read,
                                void *host, struct complaints *complaints);

/* The same for the rows of a table one after the other; parts that do not depend on the row are parsed once.
 * `row` is from 1 to the member `rows` of the first scenario.  A row may have complaints of its own, because
 * its values are inserted into the lines.  `text` must stay valid until the end; the scenarios may outlive
 * it. */
struct scenario_file *scenario_file_new(const char *path, const char *text, size_t length,
                                        scenario_reader read, void *host);
struct scenario *scenario_file_row(struct scenario_file *file, size_t row, struct complaints *complaints);
void scenario_file_free(struct scenario_file *file);

/* The limit of the lines of all rows of a table together, without the lines that they share. */
enum { TABLE_LINES_MOST = 2000000 };
void scenario_free(struct scenario *scenario);

/* The value of a tag, "" for a tag without a value; NULL when the scenario does not have the tag. */
const char *scenario_tag(const struct scenario *scenario, const char *name);

/* The level with the name of these bytes, LEVEL_UNSTATED for none. */
enum scenario_level scenario_level_named(const char *name, size_t length);

/* "must"; NULL for LEVEL_UNSTATED. */
const char *scenario_level_name(enum scenario_level level);

/* The names of the four levels in a sentence: "must, should, may or ours". */
#define SCENARIO_LEVELS "must, should, may or ours"

#endif
