#include "session/tables.h"

#include "session/session.h"

struct host *host_find(const struct core *core, const char *name)
{
    return map_find_string(&core->hosts, name);
}

struct session *session_find(const struct core *core, const char *full_jid)
{
    struct session *session = map_find_string(&core->full_jids, full_jid);
    return session != NULL && session_is_live(session) ? session : NULL;
}

bool host_is_local(const struct core *core, const struct jid *jid)
{
    return host_find(core, jid->domain) != NULL;
}
