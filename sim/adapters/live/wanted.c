#include "wanted.h"

#include "../../must.h"

#include <string.h>

/* Whether a word is in a list with "," between. */
static bool has_word(const char *list, const char *word)
{
    const size_t length = strlen(word);
    for (const char *at = list; at != NULL; at = strchr(at, ',')) {
        at += *at == ',';
        if (strncmp(at, word, length) == 0 && (at[length] == '\0' || at[length] == ','))
            return true;
    }
    return false;
}

static void set_features(struct wanted *wanted, const char *value)
{
    wanted->offline = has_word(value, "offline");
    wanted->carbons = has_word(value, "carbons");
    wanted->blocking = has_word(value, "blocking");
    wanted->last_activity = has_word(value, "last activity");
}

/* What every configuration has a place for.  Returns false for other settings. */
static bool take_common(struct wanted *wanted, const char *name, const char *value)
{
    const bool yes = strcmp(value, "yes") == 0;
    if (strcmp(name, "tls") == 0) {
        wanted->needs_tls = strcmp(value, "required") == 0;
        wanted->has_tls = strcmp(value, "none") != 0;
    } else if (strcmp(name, "features") == 0) {
        set_features(wanted, value);
    } else if (strcmp(name, "mechanisms") == 0) {
        wanted->mechanisms = value;
    } else if (strcmp(name, "plain without tls") == 0) {
        wanted->plain_without_tls = yes;
    } else if (strcmp(name, "stream management") == 0) {
        wanted->sm = yes;
    } else if (strcmp(name, "client state") == 0) {
        wanted->csi = yes;
    } else {
        return false;
    }
    return true;
}

static bool take(struct wanted *wanted, const char *name, const char *value)
{
    if (strcmp(name, "host") == 0) {
        if (wanted->host_count < WANTED_MOST)
            wanted->hosts[wanted->host_count++] = value;
        return wanted->host_count < WANTED_MOST;
    }
    if (strcmp(name, "anonymous") == 0) {
        if (wanted->anonymous_count < WANTED_MOST)
            wanted->anonymous[wanted->anonymous_count++] = value;
        return wanted->anonymous_count < WANTED_MOST;
    }
    if (take_common(wanted, name, value))
        return true;
    if (wanted->other_count == WANTED_MOST)
        return false;
    wanted->others[wanted->other_count++] = (struct wanted_setting){ name, value };
    return true;
}

static bool is_in(const char *const *hosts, size_t count, const char *host)
{
    size_t i = 0;
    while (i < count && strcmp(hosts[i], host) != 0)
        i++;
    return i < count;
}

/* A host without accounts is named among the hosts too. */
static void part_hosts(struct wanted *wanted)
{
    size_t kept = 0;
    for (size_t i = 0; i < wanted->host_count; i++)
        if (!is_in(wanted->anonymous, wanted->anonymous_count, wanted->hosts[i]))
            wanted->hosts[kept++] = wanted->hosts[i];
    wanted->host_count = kept;
}

bool wanted_read(struct wanted *wanted, const char *payload, size_t length)
{
    *wanted = (struct wanted){ .lines = must(strndup(payload, length)),
                               .plain_without_tls = true,
                               .offline = true,
                               .carbons = true,
                               .blocking = true,
                               .last_activity = true,
                               .sm = true,
                               .csi = true };
    for (char *at = wanted->lines; *at != '\0';) {
        char *tab = strchr(at, '\t');
        char *end = strchr(at, '\n');
        if (tab == NULL || end == NULL || tab > end)
            return false;
        *tab = *end = '\0';
        if (!take(wanted, at, tab + 1))
            return false;
        at = end + 1;
    }
    part_hosts(wanted);
    return true;
}

void wanted_free(struct wanted *wanted)
{
    free(wanted->lines);
    *wanted = (struct wanted){ .lines = NULL };
}

bool wanted_mechanism(const struct wanted *wanted, const char *mechanism)
{
    return wanted->mechanisms == NULL || has_word(wanted->mechanisms, mechanism);
}

bool wanted_host(const struct wanted *wanted, const char *host)
{
    return is_in(wanted->hosts, wanted->host_count, host) ||
           is_in(wanted->anonymous, wanted->anonymous_count, host);
}
