#include "player_private.h"

#include "../must.h"
#include "../text.h"
#include "../xml/xml_print.h"

#include <string.h>

/* A stanza that a server has routed and no step has expected yet. */
struct routed {
    struct routed *next;
    const struct server *server;
    char *domain;
    struct xml *element; /* NULL when it was not one element */
};

/* ---- Collecting ---- */

static bool asks(const struct step *step)
{
    for (; step != NULL; step = step->next)
        if (step->verb == STEP_SERVER_ROUTES || step->verb == STEP_SERVER_ROUTES_NOTHING || asks(step->steps))
            return true;
    return false;
}

static struct xml *read_element(const char *bytes, size_t length)
{
    const char *problem;
    int line;
    struct xml *element = xml_fragment(bytes, length, &problem, &line);
    const bool is_one = element != NULL && element->next == NULL;
    while (!is_one && element != NULL) {
        struct xml *next = element->next;
        xml_free(element);
        element = next;
    }
    return element;
}

static void routed(void *host, const void *who, const char *to_domain, const char *stanza, size_t length)
{
    struct run *run = host;
    struct routed **end = &run->routed;
    while (*end != NULL)
        end = &(*end)->next;
    *end = must(calloc(1, sizeof **end));
    (*end)->server = who;
    (*end)->domain = must(strdup(to_domain));
    (*end)->element = read_element(stanza, length);
}

void routes_watch(struct run *run)
{
    if (asks(run->scenario->steps))
        federation_watch(run->federation, (struct federation_watcher){ run, routed });
}

static void drop(struct routed **link)
{
    struct routed *dropped = *link;
    *link = dropped->next;
    free(dropped->domain);
    xml_free(dropped->element);
    free(dropped);
}

void routes_forget(struct run *run)
{
    while (run->routed != NULL)
        drop(&run->routed);
}

void routes_describe(struct description *description, const struct run *run)
{
    for (const struct routed *routed = run->routed; routed != NULL; routed = routed->next) {
        describe_named(description, "routed to", routed->domain);
        xml_describe(description, "XML", routed->element);
    }
}

/* ---- Judging ---- */

/* The first one from a link on that was routed from the server to the domain; NULL for any domain. */
static struct routed **find(struct routed **link, const struct server *server, const char *domain)
{
    while (*link != NULL &&
           ((*link)->server != server || (domain != NULL && strcmp((*link)->domain, domain) != 0)))
        link = &(*link)->next;
    return link;
}

static bool matches(struct run *run, const struct xml *expected, const struct routed *routed,
                    struct bindings *captures)
{
    return routed->element != NULL && match_element(expected, routed->element, run_lookup, run, captures);
}

/* The one that is the most similar to the expected one. */
static const struct routed *likeliest(struct run *run, const struct xml *expected, struct routed **link,
                                      const struct server *server, const char *domain)
{
    const struct routed *best = NULL;
    unsigned most = 0;
    for (; *link != NULL; link = find(&(*link)->next, server, domain)) {
        const struct routed *routed = *link;
        unsigned like =
            routed->element != NULL ? match_likeness(expected, routed->element, run_lookup, run) : 0;
        if (best == NULL || like > most) {
            best = routed;
            most = like;
        }
    }
    return best;
}

/* "the server of "montague.lit"", as in the step; the caller frees. */
static char *name_server(const struct step *step)
{
    struct text name = { 0 };
    const char *host = property_of_step(step, "to");
    text_string(&name, "the server");
    if (host != NULL) {
        text_string(&name, " of \"");
        text_string(&name, host);
        text_string(&name, "\"");
    }
    return text_take(&name);
}

static void fail_expected(struct run *run, const struct step *step, const struct xml *expected,
                          const struct routed *instead)
{
    char *server = name_server(step);
    const char *domain = property_of_step(step, "from");
    if (instead == NULL)
        run_fail_with(run, expected, NULL,
                      "expected %s to route this %s to \"%s\"; nothing more was routed there", server,
                      expected->name, domain);
    else if (instead->element == NULL)
        run_fail_with(run, expected, NULL,
                      "expected %s to route this %s to \"%s\"; what was routed is not one element", server,
                      expected->name, domain);
    else
        run_fail_with(run, expected, instead->element,
                      "expected %s to route this %s to \"%s\"; the %s differs", server, expected->name,
                      domain, run->strict ? "next stanza" : "most similar stanza");
    free(server);
}

/* In a strict scenario the next stanza must match; otherwise the earliest that matches is taken. */
static bool route_one(struct run *run, const struct server *server, const struct step *step,
                      const struct xml *expected)
{
    const char *domain = property_of_step(step, "from");
    struct routed **first = find(&run->routed, server, domain);
    struct routed **link = first;
    while (!run->strict && *link != NULL && !matches(run, expected, *link, NULL))
        link = find(&(*link)->next, server, domain);
    if (*link != NULL && matches(run, expected, *link, &run->captures)) {
        drop(link);
        return true;
    }
    fail_expected(run, step, expected,
                  run->strict ? *first : likeliest(run, expected, first, server, domain));
    return false;
}

void judge_routes(struct run *run, struct actor *actor, const struct step *step)
{
    (void)actor;
    const struct server *server = server_of_step(run, step);
    const struct xml *expected = step->stanzas;
    while (server != NULL && expected != NULL && route_one(run, server, step, expected))
        expected = expected->next;
}

void judge_routes_nothing(struct run *run, struct actor *actor, const struct step *step)
{
    (void)actor;
    const struct server *server = server_of_step(run, step);
    const char *domain = property_of_step(step, "from");
    const struct routed *first = server != NULL ? *find(&run->routed, server, domain) : NULL;
    if (first == NULL)
        return;
    char *name = name_server(step);
    run_fail_with(run, NULL, first->element, "expected %s to route nothing%s; this was routed to \"%s\"",
                  name, domain != NULL ? " there" : "", first->domain);
    free(name);
}
