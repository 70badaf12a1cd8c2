#include "scenario_print.h"

#include "scenario_steps.h"

/* ---- Title and tags ---- */

static void write_line(struct text *out, const char *mark, const char *text)
{
    assert(strchr(text, '\n') == NULL);
    text_string(out, mark);
    text_string(out, text);
    text_string(out, "\n");
}

static void print_tags(struct text *out, const struct scenario *scenario)
{
    assert(scenario->strict == (scenario_tag(scenario, "strict") != NULL));
    assert(scenario->level == LEVEL_UNSTATED || scenario_tag(scenario, "level") != NULL);
    assert(scenario->fails == NULL || scenario_tag(scenario, "fails") != NULL);
    if (strcmp(scenario->title, scenario->path) != 0)
        write_line(out, "# ", scenario->title);
    for (const struct tag *tag = scenario->tags; tag != NULL; tag = tag->next) {
        text_string(out, "## ");
        text_string(out, tag->name);
        write_line(out, tag->value[0] != '\0' ? ": " : "", tag->value);
    }
}

static void begin_section(struct text *out, const char *section, const char *name)
{
    text_string(out, out->length > 0 ? "\n[" : "[");
    text_string(out, section);
    write_line(out, name[0] != '\0' ? "] " : "]", name);
}

/* ---- [Server] ---- */

/* Advances in a list of hosts; whether `host` was already passed, or is the next. */
static bool comes_next(const struct core_settings *settings, size_t *passed, const char *host)
{
    for (size_t i = 0; i < *passed; i++)
        if (strcmp(settings->hosts[i], host) == 0)
            return true;
    if (*passed == settings->host_count || strcmp(settings->hosts[*passed], host) != 0)
        return false;
    (*passed)++;
    return true;
}

/* Whether the parser would add the rest of the first server's hosts after the first `named` ones. */
static bool are_added(const struct scenario *scenario, size_t named)
{
    const struct core_settings *settings = &scenario->settings;
    size_t passed = named;
    for (size_t i = 0; i < scenario->cast_count; i++)
        if (!is_served_elsewhere(scenario, scenario->cast[i].domain) &&
            !comes_next(settings, &passed, scenario->cast[i].domain))
            return false;
    for (const struct account *account = scenario->accounts; account != NULL; account = account->next)
        if (!is_served_elsewhere(scenario, account->domain) &&
            !comes_next(settings, &passed, account->domain))
            return false;
    return passed == settings->host_count;
}

static void write_hosts(struct text *out, const char *name, const char *const *hosts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        write_named(out, 1, name, hosts[i]);
}

static void print_first_server(struct text *out, const struct scenario *scenario)
{
    const struct core_settings *settings = &scenario->settings;
    struct text lines = { 0 };
    size_t named =
        scenario->servers != NULL && settings->host_count > 0 ? 1 : 0; /* each of several lists its own */
    while (named < settings->host_count && !are_added(scenario, named))
        named++;
    write_hosts(&lines, "host", settings->hosts, named);
    write_hosts(&lines, "anonymous", settings->anonymous_hosts, settings->anonymous_host_count);
    write_settings(&lines, settings);
    if (lines.length > 0 || scenario->server_name != NULL || scenario->servers != NULL)
        begin_section(out, "Server", scenario->server_name != NULL ? scenario->server_name : "");
    text_append(out, lines.bytes, lines.length);
    text_free(&lines);
}

static void print_servers(struct text *out, const struct scenario *scenario)
{
    print_first_server(out, scenario);
    for (const struct server_head *server = scenario->servers; server != NULL; server = server->next) {
        begin_section(out, "Server", server->name);
        write_hosts(out, "host", server->settings.hosts, server->settings.host_count);
        write_settings(out, &server->settings);
    }
}

/* ---- [Client] and [Account] ---- */

static void write_given(struct text *out, const char *name, const char *value)
{
    if (value != NULL && value[0] != '\0')
        write_named(out, 1, name, value);
}

/* "account: disabled" of a character is stored as a separate struct account. */
static const char *status_of(const struct scenario *scenario, const struct character *character)
{
    if (character->no_account)
        return "none";
    for (const struct account *account = scenario->accounts; account != NULL; account = account->next)
        if (strcmp(account->jid, character->jid) == 0 && strcmp(account->password, character->password) == 0)
            return account->status;
    return NULL;
}

static void print_character(struct text *out, const struct scenario *scenario,
                            const struct character *character)
{
    begin_section(out, "Client", character->name);
    text_string(out, "\tjid: ");
    text_string(out, character->jid);
    write_line(out, character->resource != NULL ? "/" : "",
               character->resource != NULL ? character->resource : "");
    write_given(out, "password", character->password);
    write_given(out, "mechanism", character->mechanism);
    write_given(out, "tls", character->tls_always ? "yes" : character->tls_never ? "no" : NULL);
    write_given(out, "certificate", character->certificate);
    write_given(out, "channel binding", character->binding);
    write_given(out, "account", status_of(scenario, character));
}

static bool is_of_the_cast(const struct scenario *scenario, const char *jid)
{
    for (size_t i = 0; i < scenario->cast_count; i++)
        if (strcmp(scenario->cast[i].jid, jid) == 0)
            return true;
    return false;
}

static void print_accounts(struct text *out, const struct scenario *scenario)
{
    for (const struct account *account = scenario->accounts; account != NULL; account = account->next) {
        if (is_of_the_cast(scenario, account->jid))
            continue;
        begin_section(out, "Account", account->jid);
        write_given(out, "password", account->password);
        write_given(out, "account", account->status);
    }
}

/* ---- [Roster] and [Blocklist] ---- */

static void print_lists(struct text *out, const struct scenario *scenario)
{
    for (const struct roster_head *roster = scenario->rosters; roster != NULL; roster = roster->next) {
        begin_section(out, "Roster", roster->jid);
        for (const struct roster_line *item = roster->items; item != NULL; item = item->next) {
            text_string(out, "\t");
            write_roster_line(out, item);
            text_string(out, "\n");
        }
    }
    for (const struct blocklist_head *list = scenario->blocklists; list != NULL; list = list->next) {
        begin_section(out, "Blocklist", list->jid);
        for (const struct blocked_line *blocked = list->blocked; blocked != NULL; blocked = blocked->next)
            write_line(out, "\t", blocked->jid);
    }
}

/* ---- Steps ---- */

static const struct wording *wording_of(const struct step *step)
{
    const struct wording *wording = find_wording(step);
    assert(wording != NULL);
    return wording;
}

static void write_step(struct text *out, const struct scenario *scenario, const struct wording *wording,
                       const struct step *step)
{
    assert(step->actor < (int)scenario->cast_count);
    if (wording->subject != SUBJECT_NOBODY) {
        text_string(out, scenario->cast[step->actor].name);
        text_string(out, behind_subject(wording->subject));
    }
    bool written = write_wording(out, wording, step);
    assert(written);
    text_string(out, wording->block != BLOCK_NONE ? ":" : "");
}

/* Whether a required block would be empty. */
static bool is_left_out(const struct step *step)
{
    const struct wording *wording = wording_of(step);
    if (wording->block == BLOCK_NONE)
        return false;
    if (wording->block != BLOCK_STEPS)
        return !has_block(wording->block, step);
    for (const struct step *inner = step->steps; inner != NULL; inner = inner->next)
        if (!is_left_out(inner))
            return false;
    return true;
}

/* Steps of one line are consecutive; a step with a block is surrounded by blank lines. */
static void print_steps(struct text *out, const struct scenario *scenario, const struct step *steps,
                        size_t depth)
{
    bool first = true, had_block = false;
    for (const struct step *step = steps; step != NULL; step = step->next) {
        const struct wording *wording = wording_of(step);
        bool block = wording->block != BLOCK_NONE;
        if (is_left_out(step))
            continue;
        if (!first && (block || had_block))
            text_string(out, "\n");
        text_repeat(out, '\t', depth);
        write_step(out, scenario, wording, step);
        text_string(out, "\n");
        if (wording->block == BLOCK_STEPS)
            print_steps(out, scenario, step->steps, depth + 1);
        else if (block)
            write_block(out, wording->block, step, depth);
        first = false;
        had_block = block;
    }
}

/* ---- All of it ---- */

char *scenario_print(const struct scenario *scenario)
{
    struct text out = { 0 };
    print_tags(&out, scenario);
    print_servers(&out, scenario);
    for (size_t i = 0; i < scenario->cast_count; i++)
        print_character(&out, scenario, &scenario->cast[i]);
    print_accounts(&out, scenario);
    print_lists(&out, scenario);
    text_string(&out, "\n---------\n\n");
    print_steps(&out, scenario, scenario->steps, 0);
    return text_take(&out);
}
