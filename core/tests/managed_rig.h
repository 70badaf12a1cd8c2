/*
 * managed_rig.h - the rig with stream management (XEP-0198): sessions that enable it, hibernate, and are
 * resumed.
 */
#ifndef CORE_TESTS_MANAGED_RIG_H
#define CORE_TESTS_MANAGED_RIG_H

#include "rig.h"

#define SM "xmlns='urn:xmpp:sm:3'"
#define TO_ROMEO(id)                                                                                         \
    "<message to='romeo@localhost/orchard' type='chat' id='" id "'><body>hist</body></message>"

/* Enables stream management; the identifier of the session, in a static buffer. */
static inline const char *enable(struct host_link *link)
{
    static char id[64];
    rig_say(link, "<enable " SM " resume='true'/>");
    const char *text = rig_take(link);
    rig_assert_has(text, "<enabled " SM);
    const char *at = strstr(text, " id='");
    id[0] = '\0';
    if (at != NULL)
        snprintf(id, sizeof id, "%.*s", (int)strcspn(at + 5, "'"), at + 5);
    return id;
}

static inline void resume(struct host_link *link, const char *id, unsigned h)
{
    char xml[160];
    snprintf(xml, sizeof xml, "<resume " SM " previd='%s' h='%u'/>", id, h);
    rig_say(link, xml);
}

static inline struct session_view look(const char *full_jid)
{
    const struct session *session = inspect_full_jid(rig.core, full_jid);
    assert_non_null(session);
    return session_look(session);
}

static inline void pass(uint64_t span)
{
    rig.now += span;
    core_tick(rig.core);
}

#endif
