#include "record_private.h"

#include "../language/scenario_print.h"

#include <stdlib.h>

/* ---- The order of the steps ---- */

/* A step, or a pause before a passage. */
struct entry {
    size_t key; /* twice the passage, and one more for its own step */
    size_t passage;
    uint64_t pause; /* nanoseconds; 0 for the step of the passage */
};

static int compare(size_t a, size_t b)
{
    return a < b ? -1 : a > b;
}

static int by_key(const void *a, const void *b)
{
    const struct entry *one = a, *other = b;
    return one->key != other->key ? compare(one->key, other->key) : compare(one->passage, other->passage);
}

/* Returns the entries in the order of the file. */
static struct entry *list_entries(const struct record *record, size_t *count)
{
    struct entry *entries = must(calloc(record->count * 2 + 1, sizeof *entries));
    *count = 0;
    for (size_t i = 0; i < record->count; i++) {
        const struct passage *passage = &record->passages[i];
        const uint64_t pause = i > 0 ? passage->at - passage[-1].at : 0;
        if (pause >= record->options.pause && pause > 0)
            entries[(*count)++] = (struct entry){ .key = i * 2, .passage = i, .pause = pause };
        if (passage->step != NULL)
            entries[(*count)++] =
                (struct entry){ .key = passage->before != NO_PASSAGE ? passage->before * 2 : i * 2 + 1,
                                .passage = i };
    }
    qsort(entries, *count, sizeof *entries, by_key);
    return entries;
}

/* ---- Steps ---- */

struct score {
    struct record *record;
    struct step *first, *last;
    struct xml **stanzas; /* the end of those of the last step */
    bool is_asked;        /* a client got the request of another account, or of another server */
};

static struct step *append_step(struct score *score, struct step *step, int actor)
{
    step->actor = actor;
    step->next = NULL;
    if (score->last != NULL)
        score->last->next = step;
    else
        score->first = step;
    score->last = step;
    return step;
}

static struct step *new_step(struct score *score, enum step_verb verb, int actor)
{
    struct step *step = record_keep(score->record, sizeof *step);
    *step = (struct step){ .verb = verb, .source = "" };
    return append_step(score, step, actor);
}

/* Adds a stanza to the last step, if that has the same verb and actor, or to the new one. */
static void append_stanza(struct score *score, struct step *step, int actor, struct xml *stanza)
{
    const struct step *last = score->last;
    if (last == NULL || last->verb != step->verb || last->actor != actor)
        score->stanzas = &append_step(score, step, actor)->stanzas;
    assert(score->stanzas != NULL);
    *score->stanzas = stanza;
    score->stanzas = &stanza->next;
}

/* Between "$" and "{" begins another step, because together they would be a variable. */
static void append_raw(struct score *score, int actor, const char *bytes, size_t length)
{
    while (length > 0) {
        size_t piece = 1;
        while (piece < length && !(bytes[piece - 1] == '$' && bytes[piece] == '{'))
            piece++;
        struct step *step = new_step(score, STEP_SENDS_RAW, actor);
        step->text = record_bytes(score->record, bytes, piece);
        step->length = piece;
        bytes += piece;
        length -= piece;
    }
}

static bool holds_special(const struct xml *element)
{
    for (const struct xml_attribute *a = element->attributes; a != NULL; a = a->next)
        if (values_are_special(a->value))
            return true;
    for (const struct xml *child = element->children; child != NULL; child = child->next)
        if (child->text != NULL ? values_are_special(child->text) : holds_special(child))
            return true;
    return false;
}

/* An iq without an identifier would get one (client.h), and a text that looks like a variable a value. */
static bool is_sent_raw(const struct xml *element)
{
    return holds_special(element) || (xml_is(element, "iq", XML_NS_CLIENT) && xml_get(element, "id") == NULL);
}

static void append_sent(struct score *score, struct passage *passage, int actor)
{
    if (!is_sent_raw(passage->element)) {
        append_stanza(score, passage->step, actor, values_sent(score->record, passage->element));
        return;
    }
    char *printed = xml_print(passage->element, XML_NS_CLIENT);
    append_raw(score, actor, printed, strlen(printed));
    free(printed);
}

/* The domain of a JID. */
static const char *domain_of(struct record *record, const char *jid)
{
    const size_t bare = strcspn(jid, "/");
    const char *at = memchr(jid, '@', bare);
    const char *domain = at != NULL ? at + 1 : jid;
    return record_bytes(record, domain, bare - (size_t)(domain - jid));
}

static bool is_served(const struct record *record, const char *domain)
{
    size_t i = 0;
    while (i < record->role_count && strcmp(record->roles[i].domain, domain) != 0)
        i++;
    return i < record->role_count;
}

/* What another server or a component has sent arrives from there, just before the client gets it.  An answer does not:
 * the simulated server answers for domains that it does not reach. */
static void append_foreign(struct score *score, const struct xml *element)
{
    struct record *record = score->record;
    const char *from = xml_get(element, "from"), *to = xml_get(element, "to"),
               *type = xml_get(element, "type");
    const bool is_answer = type != NULL && (strcmp(type, "error") == 0 || strcmp(type, "result") == 0);
    if (strcmp(element->ns, XML_NS_CLIENT) != 0 || from == NULL || to == NULL || is_answer ||
        holds_special(element))
        return;
    const char *domain = domain_of(record, from), *host = domain_of(record, to);
    if (is_served(record, domain) || !is_served(record, host) || !is_part_of_jid(domain))
        return;
    struct xml *copy = values_foreign(record, element);
    char *printed = xml_print(copy, XML_NS_CLIENT);
    struct step *step = new_step(score, STEP_SERVER_RECEIVES, -1);
    step->text = record_string(record, printed);
    step->length = strlen(printed);
    step_property(record, step, "to", host);
    step_property(record, step, "from", domain);
    free(printed);
    xml_free(copy);
}

static bool is_asked_by_another(struct record *record, const struct role *role, const struct xml *element)
{
    const char *from = xml_get(element, "from"), *type = xml_get(element, "type");
    if (!xml_is(element, "iq", XML_NS_CLIENT) || from == NULL || type == NULL ||
        (strcmp(type, "get") != 0 && strcmp(type, "set") != 0))
        return false;
    const size_t local = strlen(role->local);
    const bool is_own = strncmp(from, role->local, local) == 0 && from[local] == '@' &&
                        strcmp(domain_of(record, from), role->domain) == 0;
    return !is_own && strcmp(from, role->domain) != 0;
}

/* Not before the first step.  Rounded, so that what a timer caused is behind the timer's span. */
static void append_pause(struct score *score, uint64_t nanoseconds)
{
    const uint64_t unit = nanoseconds >= SIM_SECOND ? SIM_SECOND : SIM_MILLISECOND;
    const sim_time span = (nanoseconds + unit / 2) / unit * unit;
    if (span == 0 || score->last == NULL)
        return;
    if (score->last->verb != STEP_TIME_PASSES)
        new_step(score, STEP_TIME_PASSES, -1);
    score->last->span += span;
}

/* Whether the client of a character has a bound resource after a step. */
static void note_binding(struct record *record, const struct passage *passage)
{
    struct role *role = &record->roles[record->connections[passage->connection]->role];
    switch (passage->step->verb) {
    case STEP_CONNECTS:
    case STEP_BINDS:
    case STEP_RESUMES:
        role->bound = true;
        role->last = passage->connection;
        return;
    case STEP_OPENS_CONNECTION:
    case STEP_DISCONNECTS:
    case STEP_DROPS_CONNECTION:
    case STEP_CONNECTION_IS:
        role->bound = false;
        return;
    default:
        return;
    }
}

static void append_entry(struct score *score, const struct entry *entry)
{
    struct record *record = score->record;
    struct passage *passage = &record->passages[entry->passage];
    const int actor = (int)record->connections[passage->connection]->role;
    if (entry->pause > 0) {
        append_pause(score, entry->pause);
        return;
    }
    note_binding(record, passage);
    switch (passage->step->verb) {
    case STEP_SENDS:
        append_sent(score, passage, actor);
        return;
    case STEP_RECEIVES:
        append_foreign(score, passage->element);
        score->is_asked =
            score->is_asked || is_asked_by_another(record, &record->roles[actor], passage->element);
        append_stanza(score, passage->step, actor, values_received(record, entry->passage));
        return;
    case STEP_SENDS_RAW:
        append_raw(score, actor, passage->raw.bytes, passage->raw.length);
        return;
    default:
        append_step(score, passage->step, actor);
        return;
    }
}

/* Sets the steps, and how the server must be for them. */
static void write_steps(struct record *record, struct scenario *scenario)
{
    size_t count;
    struct score score = { .record = record };
    struct entry *entries = list_entries(record, &count);
    for (size_t i = 0; i < count; i++)
        append_entry(&score, &entries[i]);
    free(entries);
    scenario->steps = score.first;
    scenario->settings.iq_from_strangers = score.is_asked;
}

/* ---- The head ---- */

static struct character *list_cast(struct record *record)
{
    static const char usual[] = "SCRAM-SHA-256"; /* the strongest of the simulated server without TLS */
    struct character *cast = record_keep(record, (record->role_count + 1) * sizeof *cast);
    for (size_t i = 0; i < record->role_count; i++) {
        const struct role *role = &record->roles[i];
        struct text jid = { 0 };
        text_string(&jid, role->local);
        text_string(&jid, "@");
        text_string(&jid, role->domain);
        const bool is_usual = role->mechanism == NULL || strcmp(role->mechanism, usual) == 0;
        cast[i] = (struct character){
            .name = role->name,
            .jid = record_string(record, jid.bytes),
            .local = role->local,
            .domain = role->domain,
            .resource = role->resource,
            .password = role->password != NULL ? role->password : "",
            .mechanism = is_usual ? NULL : role->mechanism,
            .no_account = role->password == NULL,
        };
        text_free(&jid);
    }
    return cast;
}

/* Accounts of the cast that may not log in. */
static struct account *list_statuses(struct record *record, const struct character *cast)
{
    struct account *first = NULL;
    for (size_t i = record->role_count; i > 0; i--) {
        const struct character *character = &cast[i - 1];
        if (record->roles[i - 1].status == NULL)
            continue;
        struct account *account = record_keep(record, sizeof *account);
        *account = (struct account){ .next = first,
                                     .jid = character->jid,
                                     .local = character->local,
                                     .domain = character->domain,
                                     .password = character->password,
                                     .status = record->roles[i - 1].status };
        first = account;
    }
    return first;
}

/* "A recorded session of Romeo, Juliet and Mercutio" */
static const char *title_of(struct record *record)
{
    struct text title = { 0 };
    text_string(&title, "A recorded session");
    for (size_t i = 0; i < record->role_count; i++) {
        text_string(&title, i == 0 ? " of " : i + 1 < record->role_count ? ", " : " and ");
        text_string(&title, record->roles[i].name);
    }
    const char *kept = record_string(record, title.bytes);
    text_free(&title);
    return kept;
}

/* Comments below the title, for passwords that are not known. */
static void write_notes(struct record *record, struct text *out)
{
    for (size_t i = 0; i < record->role_count; i++) {
        const struct role *role = &record->roles[i];
        const char *unknown = unknown_password(record, role);
        if (role->password == NULL || strcmp(role->password, unknown) != 0)
            continue;
        text_string(out, "# The password of ");
        text_string(out, role->name);
        text_string(out, " was not sent in clear: write it below in place of ");
        text_string(out, unknown);
        text_string(out, "\n");
    }
}

static char *with_notes(struct record *record, const char *printed)
{
    struct text out = { 0 };
    const size_t title = strcspn(printed, "\n") + 1;
    text_append(&out, printed, title);
    write_notes(record, &out);
    text_string(&out, printed + title);
    return text_take(&out);
}

static void free_stanzas(struct step *steps)
{
    for (struct step *step = steps; step != NULL; step = step->next)
        while (step->stanzas != NULL) {
            struct xml *stanza = step->stanzas;
            step->stanzas = stanza->next;
            xml_free(stanza);
        }
}

char *score_print(struct record *record)
{
    /* Its expectations are what one server did. */
    static struct tag level = { .name = "level", .value = "ours" };
    static const char shortest[] = "[Client] A\n\tjid: a@localhost\n---\nA connects\n";
    struct complaints complaints = { .count = 0 };
    if (record->connection_count == 0)
        return NULL;
    struct scenario *usual = must(scenario_parse("", shortest, sizeof shortest - 1, NULL, NULL, &complaints));
    struct scenario scenario = { .path = "",
                                 .name = "",
                                 .title = title_of(record),
                                 .tags = &level,
                                 .level = LEVEL_OURS,
                                 .settings = usual->settings, /* the usual ones */
                                 .cast = list_cast(record),
                                 .cast_count = record->role_count };
    write_steps(record, &scenario);
    scenario.accounts = list_statuses(record, scenario.cast);
    rosters_fill(record, &scenario);
    char *printed = scenario_print(&scenario);
    char *text = with_notes(record, printed);
    free(printed);
    free_stanzas(scenario.steps);
    scenario_free(usual);
    return text;
}
