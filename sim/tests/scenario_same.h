/*
 * scenario_same.h - whether two scenarios are the same tree, for the tests of what prints and copies them.
 * Lines, sources, and white space that matching ignores may differ.
 */
#ifndef SIM_TESTS_SCENARIO_SAME_H
#define SIM_TESTS_SCENARIO_SAME_H

#include "../language/scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static inline void assert_same_text(const char *a, const char *b)
{
    assert_true((a == NULL) == (b == NULL));
    if (a != NULL)
        assert_string_equal(a, b);
}

static inline void assert_same_attributes(const struct xml_attribute *a, const struct xml_attribute *b)
{
    for (; a != NULL && b != NULL; a = a->next, b = b->next) {
        assert_string_equal(a->name, b->name);
        assert_string_equal(a->ns, b->ns);
        assert_string_equal(a->value, b->value);
    }
    assert_true(a == b);
}

/* The first node that is not white space beside elements, where that is ignored. */
static inline const struct xml *significant(const struct xml *parent, const struct xml *node, bool exact)
{
    while (!exact && node != NULL && node->text != NULL && xml_first_element(parent) != NULL &&
           node->text[strspn(node->text, " \t\r\n")] == '\0')
        node = node->next;
    return node;
}

static inline void assert_same_element(const struct xml *a, const struct xml *b, bool exact)
{
    assert_same_text(a->text, b->text);
    if (a->text != NULL)
        return;
    assert_string_equal(a->name, b->name);
    assert_string_equal(a->ns, b->ns);
    assert_same_attributes(a->attributes, b->attributes);
    const struct xml *x = significant(a, a->children, exact), *y = significant(b, b->children, exact);
    while (x != NULL && y != NULL) {
        assert_same_element(x, y, exact);
        x = significant(a, x->next, exact);
        y = significant(b, y->next, exact);
    }
    assert_true(x == y);
}

static inline void assert_same_items(const struct roster_line *a, const struct roster_line *b)
{
    for (; a != NULL && b != NULL; a = a->next, b = b->next) {
        assert_string_equal(a->jid, b->jid);
        assert_string_equal(a->subscription, b->subscription);
        assert_true(a->ask == b->ask && a->pending == b->pending && a->approved == b->approved);
        assert_same_text(a->name, b->name);
        assert_int_equal(a->group_count, b->group_count);
        for (size_t i = 0; i < a->group_count; i++)
            assert_string_equal(a->groups[i], b->groups[i]);
    }
    assert_true(a == b);
}

static inline void assert_same_jids(const struct blocked_line *a, const struct blocked_line *b)
{
    for (; a != NULL && b != NULL; a = a->next, b = b->next)
        assert_string_equal(a->jid, b->jid);
    assert_true(a == b);
}

static inline void assert_same_properties(const struct property *a, const struct property *b)
{
    for (; a != NULL && b != NULL; a = a->next, b = b->next) {
        assert_string_equal(a->name, b->name);
        assert_same_text(a->value, b->value);
    }
    assert_true(a == b);
}

static inline void assert_same_steps(const struct step *a, const struct step *b);

static inline void assert_same_step(const struct step *a, const struct step *b)
{
    assert_int_equal(a->verb, b->verb);
    assert_int_equal(a->actor, b->actor);
    assert_int_equal(a->length, b->length);
    assert_true((a->text == NULL) == (b->text == NULL));
    if (a->text != NULL)
        assert_memory_equal(a->text, b->text, a->length + 1);
    assert_same_text(a->property, b->property);
    assert_same_text(a->mechanism, b->mechanism);
    assert_same_text(a->user, b->user);
    assert_same_text(a->password, b->password);
    assert_same_text(a->condition, b->condition);
    assert_true(a->span == b->span && a->number == b->number && a->negated == b->negated);
    const struct xml *x = a->stanzas, *y = b->stanzas;
    for (; x != NULL && y != NULL; x = x->next, y = y->next)
        assert_same_element(x, y, a->verb == STEP_SENDS);
    assert_true(x == y);
    assert_same_properties(a->properties, b->properties);
    assert_same_items(a->roster, b->roster);
    assert_same_jids(a->blocked, b->blocked);
    assert_same_steps(a->steps, b->steps);
}

static inline void assert_same_steps(const struct step *a, const struct step *b)
{
    for (; a != NULL && b != NULL; a = a->next, b = b->next)
        assert_same_step(a, b);
    assert_true(a == b);
}

static inline void assert_same_hosts(const char *const *a, size_t a_count, const char *const *b,
                                     size_t b_count)
{
    assert_int_equal(a_count, b_count);
    for (size_t i = 0; i < a_count; i++)
        assert_string_equal(a[i], b[i]);
}

static inline void assert_same_settings(const struct core_settings *a, const struct core_settings *b)
{
    assert_same_hosts(a->hosts, a->host_count, b->hosts, b->host_count);
    assert_same_hosts(a->anonymous_hosts, a->anonymous_host_count, b->anonymous_hosts,
                      b->anonymous_host_count);
    assert_true(a->conflict == b->conflict && a->delivery == b->delivery);
    assert_true(a->mechanisms == b->mechanisms && a->features == b->features);
    assert_true(a->tls == b->tls && a->plain_without_tls == b->plain_without_tls);
    assert_true(a->iterations == b->iterations && a->salt_bytes == b->salt_bytes);
    assert_same_text(a->software, b->software);
    assert_same_text(a->software_version, b->software_version);
    assert_true(a->tell_strangers == b->tell_strangers && a->iq_from_strangers == b->iq_from_strangers);
    assert_true(a->tell_last_presence == b->tell_last_presence);
    assert_memory_equal(&a->limits, &b->limits, sizeof a->limits);
    assert_true(a->keepalive == b->keepalive && a->idle_time == b->idle_time);
    assert_true(a->ping_time == b->ping_time && a->resume_time == b->resume_time);
    assert_true(a->stream_management == b->stream_management && a->client_state == b->client_state);
    assert_true(a->ack_after == b->ack_after && a->ack_after_asleep == b->ack_after_asleep);
}

static inline void assert_same_character(const struct character *a, const struct character *b)
{
    assert_string_equal(a->name, b->name);
    assert_string_equal(a->jid, b->jid);
    assert_same_text(a->local, b->local);
    assert_string_equal(a->domain, b->domain);
    assert_same_text(a->resource, b->resource);
    assert_string_equal(a->password, b->password);
    assert_same_text(a->mechanism, b->mechanism);
    assert_true(a->no_account == b->no_account);
    assert_true(a->tls_always == b->tls_always && a->tls_never == b->tls_never);
    assert_same_text(a->certificate, b->certificate);
    assert_same_text(a->binding, b->binding);
}

static inline void assert_same_accounts(const struct account *a, const struct account *b)
{
    for (; a != NULL && b != NULL; a = a->next, b = b->next) {
        assert_string_equal(a->jid, b->jid);
        assert_string_equal(a->local, b->local);
        assert_string_equal(a->domain, b->domain);
        assert_string_equal(a->password, b->password);
        assert_same_text(a->status, b->status);
    }
    assert_true(a == b);
}

static inline void assert_same_lists(const struct scenario *a, const struct scenario *b)
{
    const struct roster_head *x = a->rosters, *y = b->rosters;
    for (; x != NULL && y != NULL; x = x->next, y = y->next) {
        assert_string_equal(x->jid, y->jid);
        assert_same_items(x->items, y->items);
    }
    assert_true(x == y);
    const struct blocklist_head *p = a->blocklists, *q = b->blocklists;
    for (; p != NULL && q != NULL; p = p->next, q = q->next) {
        assert_string_equal(p->jid, q->jid);
        assert_same_jids(p->blocked, q->blocked);
    }
    assert_true(p == q);
}

static inline void assert_same_servers(const struct scenario *a, const struct scenario *b)
{
    assert_same_text(a->server_name, b->server_name);
    assert_same_settings(&a->settings, &b->settings);
    const struct server_head *x = a->servers, *y = b->servers;
    for (; x != NULL && y != NULL; x = x->next, y = y->next) {
        assert_string_equal(x->name, y->name);
        assert_same_settings(&x->settings, &y->settings);
    }
    assert_true(x == y);
}

static inline void assert_same_tags(const struct scenario *a, const struct scenario *b)
{
    const struct tag *x = a->tags, *y = b->tags;
    for (; x != NULL && y != NULL; x = x->next, y = y->next) {
        assert_string_equal(x->name, y->name);
        assert_string_equal(x->value, y->value);
    }
    assert_true(x == y);
    assert_true(a->strict == b->strict);
    assert_same_text(a->fails, b->fails);
}

static inline void assert_same_scenario(const struct scenario *a, const struct scenario *b)
{
    assert_string_equal(a->title, b->title);
    assert_same_tags(a, b);
    assert_same_servers(a, b);
    assert_int_equal(a->cast_count, b->cast_count);
    for (size_t i = 0; i < a->cast_count; i++)
        assert_same_character(&a->cast[i], &b->cast[i]);
    assert_same_accounts(a->accounts, b->accounts);
    assert_same_lists(a, b);
    assert_same_steps(a->steps, b->steps);
}

#endif
