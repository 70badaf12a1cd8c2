/*
 * hostile.h - input that is meant to cost much: functions that make it, for the table of resources_test.c.
 *
 * The stanzas are from romeo@h.lit/orchard, and in the last but one section from another server.  Each is
 * within the core's own limits, or passes one of them on purpose.
 */
#ifndef SIM_TESTS_HOSTILE_H
#define SIM_TESTS_HOSTILE_H

#include "costs_rig.h"

/* Text around something that is repeated until all of it is about so long. */
static void fill(struct payload *payload, const char *head, const char *piece, size_t length,
                 const char *tail)
{
    char *middle = times(piece, length / strlen(piece));
    put(payload, "%s%s%s", head, middle, tail);
    free(middle);
}

enum { EARLY = 9800, LARGE = 30000, MANY = 700 };

#define HEAD                                                                                                 \
    "<stream:stream to='h.lit' version='1.0' xmlns='jabber:client' "                                         \
    "xmlns:stream='http://etherx.jabber.org/streams'"
#define TO_JULIET "<message to='juliet@h.lit/balcony'>"
#define AUTH      "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='"

/* ---- Before the login ---- */

static void header_from(struct payload *p)
{
    fill(p, HEAD " from=\"", "'", EARLY - 200, "\">");
}

static void header_language(struct payload *p)
{
    fill(p, HEAD " xml:lang=\"", "'", EARLY - 200, "\">");
}

static void header_to(struct payload *p)
{
    fill(p,
         "<stream:stream version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "
         "to=\"",
         "'", EARLY - 200, "\">");
}

static void header_namespaces(struct payload *p)
{
    struct text all = { 0 };
    for (int i = 0; i < 400; i++) {
        char declaration[40];
        (void)snprintf(declaration, sizeof declaration, " xmlns:p%d='u%d'", i, i);
        text_string(&all, declaration);
    }
    put(p, HEAD "%s>", all.bytes);
    text_free(&all);
}

static void header_tag_that_may_end(struct payload *p)
{
    fill(p, HEAD " a='", ">", EARLY - 200, "'>");
}

static void blanks(struct payload *p)
{
    fill(p, "", " \n", LARGE, "");
}

static void newlines_in_auth(struct payload *p)
{
    fill(p, AUTH "PLAIN'>", "\n", EARLY - 100, "");
}

static void elements_in_auth(struct payload *p)
{
    fill(p, AUTH "PLAIN'>", "<a/>", EARLY - 100, "");
}

static void huge_token(struct payload *p)
{
    fill(p, AUTH "SCRAM-SHA-256'>", "QUJD", EARLY - 200, "</auth>");
}

static void huge_scram_name(struct payload *p)
{
    put(p, AUTH "SCRAM-SHA-256'>biws"); /* "n,," */
    char *name = times("bj1h", 1), *rest = times("YWFh", 2000);
    put(p, "%s%sLHI9YWJj</auth>", name, rest); /* "n=a", "aaa"..., ",r=abc" */
    free(name);
    free(rest);
}

static void failing_logins(struct payload *p)
{
    for (int i = 0; i < 200; i++)
        put(p, AUTH "PLAIN'>AHJvbWVvAHdyb25n</auth>"); /* "romeo", "wrong" */
}

static void logins_of_nobody(struct payload *p)
{
    for (int i = 0; i < 200; i++)
        put(p, AUTH "PLAIN'>AG5vYm9keQB3cm9uZw==</auth>");
}

static void challenges_given_up(struct payload *p)
{
    for (int i = 0; i < 200; i++)
        put(p, AUTH "SCRAM-SHA-256'>biwsbj1yb21lbyxyPWFiYw==</auth><abort "
                    "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
}

static void unknown_mechanisms(struct payload *p)
{
    for (int i = 0; i < 500; i++)
        put(p, AUTH "M%d'/>", i);
}

static void doctype(struct payload *p)
{
    put(p,
        "<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>]><a>&b;&b;</a>");
}

static void comment(struct payload *p)
{
    fill(p, "<!--", "- ", EARLY - 100, "-->");
}

/* ---- XML ---- */

static void body_of(struct payload *p, const char *piece)
{
    fill(p, TO_JULIET "<body>", piece, LARGE, "</body></message>");
}

static void apostrophes(struct payload *p)
{
    body_of(p, "'");
}

static void brackets(struct payload *p)
{
    body_of(p, "]]&gt;");
}

static void references(struct payload *p)
{
    body_of(p, "&#38;&amp;&#x3c;");
}

static void line_ends(struct payload *p)
{
    body_of(p, "\n");
}

static void carriage_returns(struct payload *p)
{
    body_of(p, "&#13;");
}

static void cdata(struct payload *p)
{
    body_of(p, "<![CDATA[<]]>");
}

static void empty_elements(struct payload *p)
{
    body_of(p, "<a/>");
}

static void text_and_elements(struct payload *p)
{
    body_of(p, "x<a/>y");
}

static void apostrophes_in_an_attribute(struct payload *p)
{
    fill(p, TO_JULIET "<a b=\"", "'", LARGE, "\"/></message>");
}

static void newlines_in_an_attribute(struct payload *p)
{
    fill(p, TO_JULIET "<a b='", "&#10;", LARGE, "'/></message>");
}

static void tag_that_may_end(struct payload *p)
{
    fill(p, TO_JULIET "<a b='", ">", LARGE, "'/></message>");
}

static void tag_that_does_not_end(struct payload *p)
{
    fill(p, TO_JULIET "<", "n", LARGE, "");
}

static void deep(struct payload *p)
{
    char *in = times("<a>", 60), *out = times("</a>", 60);
    for (int i = 0; i < 60; i++)
        put(p, TO_JULIET "%s%s</message>", in, out);
    free(in);
    free(out);
}

static void too_deep(struct payload *p)
{
    fill(p, "<message>", "<a>", LARGE, "");
}

static void many_attributes(struct payload *p)
{
    struct text all = { 0 };
    text_string(&all, TO_JULIET);
    for (int i = 0; i < 100; i++) {
        text_string(&all, "<e");
        for (int j = 0; j < 64; j++) {
            char attribute[20];
            (void)snprintf(attribute, sizeof attribute, " a%d=''", j);
            text_string(&all, attribute);
        }
        text_string(&all, "/>");
    }
    put(p, "%s</message>", all.bytes);
    text_free(&all);
}

static void names_of(struct payload *p, const char *piece, size_t ns, size_t length)
{
    char *name = times("u", ns), *all = times(piece, length / strlen(piece));
    put(p, "<message to='juliet@h.lit/balcony' xmlns:p='%s'>%s</message>", name, all);
    free(name);
    free(all);
}

static void long_namespace(struct payload *p)
{
    names_of(p, "<p:a/>", 10000, 12000);
}

static void long_namespace_of_attributes(struct payload *p)
{
    names_of(p, "<e p:a='' p:b='' p:c='' p:d='' p:e='' p:f=''/>", 10000, 12000);
}

/* All in one tag, of which expat tells when it has looked at all of it. */
static void attributes_of_one_tag(struct payload *p)
{
    struct text all = { 0 };
    for (int i = 0; i < 1500; i++) {
        char attribute[20];
        (void)snprintf(attribute, sizeof attribute, " p:a%d=''", i);
        text_string(&all, attribute);
    }
    char *ns = times("u", 10000);
    put(p, TO_JULIET "<e xmlns:p='%s'%s/></message>", ns, all.bytes);
    free(ns);
    text_free(&all);
}

static void attributes_of_an_outer_namespace(struct payload *p)
{
    struct text all = { 0 };
    for (int i = 0; i < 64; i++) {
        char attribute[20];
        (void)snprintf(attribute, sizeof attribute, " p:a%d=''", i);
        text_string(&all, attribute);
    }
    char *ns = times("u", 10000);
    put(p, "<message to='juliet@h.lit/balcony' xmlns:p='%s'><e%s/></message>", ns, all.bytes);
    free(ns);
    text_free(&all);
}

static void namespace_that_is_too_long(struct payload *p)
{
    names_of(p, "<p:a/>", 50000, 200000);
}

static void many_namespaces(struct payload *p)
{
    struct text all = { 0 };
    text_string(&all, TO_JULIET);
    for (int i = 0; i < 3000; i++) {
        char element[40];
        (void)snprintf(element, sizeof element, "<e xmlns='u%d'/>", i);
        text_string(&all, element);
    }
    put(p, "%s</message>", all.bytes);
    text_free(&all);
}

static void nested_declarations(struct payload *p)
{
    char *in = times("<a xmlns='u'><b xmlns='v'>", 30), *out = times("</b></a>", 30);
    for (int i = 0; i < 40; i++)
        put(p, TO_JULIET "%s%s</message>", in, out);
    free(in);
    free(out);
}

static void many_prefixes(struct payload *p)
{
    struct text all = { 0 };
    text_string(&all, "<message to='juliet@h.lit/balcony'");
    for (int i = 0; i < 2000; i++) {
        char declaration[40];
        (void)snprintf(declaration, sizeof declaration, " xmlns:p%d='u%d'", i, i);
        text_string(&all, declaration);
    }
    text_string(&all, ">");
    for (int i = 0; i < 2000; i++) {
        char element[40];
        (void)snprintf(element, sizeof element, "<p%d:a/>", i);
        text_string(&all, element);
    }
    put(p, "%s</message>", all.bytes);
    text_free(&all);
}

static void languages(struct payload *p)
{
    for (int i = 0; i < MANY; i++)
        put(p, "<message to='juliet@h.lit/balcony' xml:lang='x-%d'/>", i);
}

/* ---- Stanzas ---- */

static void bounced(struct payload *p)
{
    for (int i = 0; i < MANY; i++)
        put(p, "<message to='a%d@h.lit/b'/>", i);
}

static void to_herself(struct payload *p)
{
    for (int i = 0; i < MANY; i++)
        put(p, "<message to='romeo@h.lit' type='chat'><body>x</body></message>");
}

static void to_juliet(struct payload *p)
{
    for (int i = 0; i < MANY; i++)
        put(p, "<message to='juliet@h.lit/balcony'/>");
}

static void copies_of_copies(struct payload *p)
{
    put(p, "<iq type='set' id='c'><enable xmlns='urn:xmpp:carbons:2'/></iq>");
    for (int i = 0; i < MANY; i++)
        put(p, "<message to='juliet@h.lit' type='chat'><received xmlns='urn:xmpp:carbons:2'><forwarded"
               " xmlns='urn:xmpp:forward:0'><message type='chat'/></forwarded></received><body/></message>");
}

static void errors_to_and_fro(struct payload *p)
{
    for (int i = 0; i < MANY; i++)
        put(p, "<message type='error' to='%s'><error type='cancel'/></message>",
            i % 2 == 0 ? "h.lit" : "nobody@h.lit/x");
}

static void malformed_requests(struct payload *p)
{
    for (int i = 0; i < MANY; i++)
        put(p, i % 2 == 0 ? "<iq/>" : "<iq type='get' id='i'/>");
}

static void bad_addresses(struct payload *p)
{
    for (int i = 0; i < 20; i++)
        fill(p, "<message to='", "a@", 2000, "'/>");
}

static void long_addresses(struct payload *p)
{
    for (int i = 0; i < 20; i++)
        fill(p, "<message to='a@h.lit/", "\xcc\x80\xcc\x96", 1020, "'/>");
}

static void questions(struct payload *p)
{
    static const char *const ns[] = { "http://jabber.org/protocol/disco#info",
                                      "http://jabber.org/protocol/disco#items",
                                      "jabber:iq:version",
                                      "urn:xmpp:time",
                                      "urn:xmpp:ping",
                                      "jabber:iq:last" };
    for (int i = 0; i < MANY; i++)
        put(p, "<iq type='get' id='q' to='%s'><query xmlns='%s'/></iq>", i % 4 < 2 ? "h.lit" : "romeo@h.lit",
            ns[i % 6]);
}

static void results_unasked(struct payload *p)
{
    for (int i = 0; i < MANY; i++)
        put(p, "<iq type='result' id='r' to='juliet@h.lit/balcony'/>");
}

static void roster_asked_for(struct payload *p)
{
    for (int i = 0; i < 200; i++)
        put(p, "<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>");
}

static void roster_sets(struct payload *p)
{
    put(p, "<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>");
    for (int i = 0; i < 400; i++)
        put(p, "<iq type='set' id='r'><query xmlns='jabber:iq:roster'><item jid='c%d@h.lit'/></query></iq>",
            i);
}

static void large_items(struct payload *p)
{
    char *name = times("&apos;", 1000);
    put(p, "<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>");
    for (int i = 0; i < 20; i++) {
        struct text groups = { 0 };
        for (int j = 0; j < 8; j++) {
            char group[64];
            (void)snprintf(group, sizeof group, "<group>%d", j);
            text_string(&groups, group);
            text_string(&groups, name);
            text_string(&groups, "</group>");
        }
        put(p,
            "<iq type='set' id='r'><query xmlns='jabber:iq:roster'><item jid='c%d@h.lit' name='%s'>%s</item>"
            "</query></iq>",
            i, name, groups.bytes);
        text_free(&groups);
    }
    free(name);
}

static void block_list(struct payload *p)
{
    struct text items = { 0 };
    for (int i = 0; i < 900; i++) {
        char item[40];
        (void)snprintf(item, sizeof item, "<item jid='b%d@h.lit'/>", i);
        text_string(&items, item);
    }
    put(p, "<iq type='set' id='b'><block xmlns='urn:xmpp:blocking'>%s</block></iq>", items.bytes);
    put(p, "<iq type='set' id='b'><unblock xmlns='urn:xmpp:blocking'>%s</unblock></iq>", items.bytes);
    text_free(&items);
}

static void unblocked_many(struct payload *p)
{
    struct text items = { 0 };
    for (int i = 0; i < 8000; i++) {
        char item[40];
        (void)snprintf(item, sizeof item, "<item jid='x%d@h.lit'/>", i);
        text_string(&items, item);
    }
    put(p, "<iq type='set' id='b'><unblock xmlns='urn:xmpp:blocking'>%s</unblock></iq>", items.bytes);
    text_free(&items);
}

static void blocked_and_unblocked(struct payload *p)
{
    for (int i = 0; i < 200; i++) {
        put(p,
            "<iq type='set' id='b'><block xmlns='urn:xmpp:blocking'><item jid='juliet@h.lit'/></block></iq>");
        put(p, "<iq type='set' id='b'><unblock xmlns='urn:xmpp:blocking'/></iq>");
    }
}

static void unblocked_nobody(struct payload *p)
{
    for (int i = 0; i < 50; i++)
        put(p, "<iq type='set' id='b'><unblock xmlns='urn:xmpp:blocking'><item jid='x'/></unblock></iq>");
}

static void directed(struct payload *p)
{
    for (int i = 0; i < MANY; i++)
        put(p, "<presence to='c%d@%s'/>", i, i % 2 == 0 ? "h.lit" : "far.lit");
    put(p, "<presence type='unavailable'/>");
}

static void coming_and_going(struct payload *p)
{
    for (int i = 0; i < 100; i++)
        put(p, "<presence type='unavailable'/><presence/>");
}

static void requests_to_thousands(struct payload *p)
{
    for (int i = 0; i < 300; i++)
        put(p, "<presence type='subscribe' to='c%d@%s'/>", i, i % 2 == 0 ? "h.lit" : "far.lit");
}

static void probes_of_thousands(struct payload *p)
{
    for (int i = 0; i < MANY; i++)
        put(p, "<presence type='probe' to='c%d@h.lit'/>", i);
}

static void passwords(struct payload *p)
{
    for (int i = 0; i < 100; i++)
        put(p,
            "<iq type='set' id='p'><query xmlns='jabber:iq:register'><username>romeo</username>"
            "<password>pw%d</password></query></iq>",
            i);
}

static void asleep_and_awake(struct payload *p)
{
    for (int i = 0; i < MANY; i++)
        put(p, "<%s xmlns='urn:xmpp:csi:0'/>", i % 2 == 0 ? "inactive" : "active");
}

static void acknowledgements(struct payload *p)
{
    for (int i = 0; i < MANY; i++)
        put(p, i % 2 == 0 ? "<r xmlns='urn:xmpp:sm:3'/>" : "<a xmlns='urn:xmpp:sm:3' h='0'/>");
}

static void wrong_acknowledgement(struct payload *p)
{
    put(p, "<a xmlns='urn:xmpp:sm:3' h='4294967295'/>");
}

static void managed_again(struct payload *p)
{
    for (int i = 0; i < MANY; i++)
        put(p, "<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
}

static void resumed_in_vain(struct payload *p)
{
    for (int i = 0; i < MANY; i++)
        put(p, "<resume xmlns='urn:xmpp:sm:3' previd='n%d' h='0'/>", i);
}

static void names_of_elements(struct payload *p)
{
    for (int i = 0; i < MANY; i++)
        put(p, "<message type='error' to='u@h.lit'><e%d a%d=''/></message>", i, i);
}

static void statuses_at_the_end(struct payload *p)
{
    char *status = times("'", 2000);
    for (int i = 0; i < 20; i++)
        put(p, "<presence/><presence type='unavailable'><status>%s</status></presence>", status);
    free(status);
}

static void available_again_and_again(struct payload *p)
{
    for (int i = 0; i < 100; i++)
        put(p, "<presence><status>%d</status></presence>", i);
}

static void large_presence(struct payload *p)
{
    char *status = times("'", 20000);
    put(p, "<presence><status>%s</status></presence>", status);
    for (int i = 0; i < 20; i++)
        put(p, "<presence type='probe' to='romeo@h.lit'/>");
    free(status);
}

static void to_elsewhere(struct payload *p)
{
    for (int i = 0; i < MANY; i++)
        put(p, "<message to='a@d%d.lit'/>", i);
}

/* ---- From another server ---- */

static void arrive_for_nobody(struct payload *p)
{
    for (int i = 0; i < 400; i++)
        put(p, "<message from='a@evil.lit' to='u%d@h.lit' type='chat'><body>x</body></message>", i);
}

static void arrive_to_be_kept(struct payload *p)
{
    for (int i = 0; i < 400; i++)
        put(p, "<message from='a@evil.lit' to='away@h.lit' type='chat'><body>x</body></message>");
}

static void arrive_requests(struct payload *p)
{
    char *text = times("'", 200);
    for (int i = 0; i < 400; i++)
        put(p,
            "<presence type='subscribe' from='a%d@evil.lit' to='juliet@h.lit'><status>%s</status></presence>",
            i, text);
    free(text);
}

static void arrive_probes(struct payload *p)
{
    for (int i = 0; i < 400; i++)
        put(p, "<presence type='probe' from='a%d@evil.lit' to='%s@h.lit'/>", i,
            i % 2 == 0 ? "away" : "juliet");
}

static void arrive_presences(struct payload *p)
{
    char *text = times("'", 500);
    for (int i = 0; i < 400; i++)
        put(p, "<presence from='a%d@evil.lit/x' to='juliet@h.lit/balcony'><status>%s</status></presence>", i,
            text);
    free(text);
}

static void arrive_requests_of_iq(struct payload *p)
{
    for (int i = 0; i < 400; i++)
        put(p,
            "<iq type='get' id='%d' from='a@evil.lit' to='%s'><query"
            " xmlns='http://jabber.org/protocol/disco#info'/></iq>",
            i, i % 2 == 0 ? "h.lit" : "juliet@h.lit/balcony");
}

static void arrive_namespaces(struct payload *p)
{
    char *ns = times("u", 5000), *all = times("<p:a/>", 2000);
    put(p, "<message from='a@evil.lit' to='juliet@h.lit/balcony' xmlns:p='%s'>%s</message>", ns, all);
    free(ns);
    free(all);
}

/* ---- Contents of storage ---- */

static void roster_of(const char *domain, int count, const char *state)
{
    for (int i = 0; i < count; i++) {
        char jid[64], item[200];
        (void)snprintf(jid, sizeof jid, "c%d@%s", i, domain);
        (void)snprintf(item, sizeof item, "<item xmlns='jabber:iq:roster' jid='%s' %s/>", jid, state);
        rig_put(CORE_STORE_ROSTER, "romeo", jid, item);
    }
}

static void large_roster(void)
{
    roster_of("h.lit", 500, "subscription='both'");
    roster_of("far.lit", 500, "subscription='both'");
}

static void unanswered_requests(void)
{
    roster_of("far.lit", 500, "subscription='none' ask='subscribe'");
}

static void large_roster_and_block_list(void)
{
    large_roster();
    for (int i = 0; i < 500; i++) {
        char jid[64];
        (void)snprintf(jid, sizeof jid, "b%d@h.lit", i);
        rig_put(CORE_STORE_BLOCKLIST, "romeo", jid, "<item/>");
    }
}

static void kept_messages(void)
{
    char *body = times("x", 1000);
    for (int i = 0; i < 300; i++) {
        char key[32], message[1200];
        (void)snprintf(key, sizeof key, "%020d", i + 1);
        (void)snprintf(message, sizeof message,
                       "<message xmlns='jabber:client' from='a@b' to='romeo@h.lit'><body>%s</body></message>",
                       body);
        rig_put(CORE_STORE_OFFLINE, "romeo", key, message);
    }
    free(body);
}

static void somebody_away(void)
{
    rig_account("away", "juliet");
}

#endif
