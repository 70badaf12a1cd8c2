#include "account/credentials.h"

#include "account/storage.h"
#include "session/stream_error.h"

#include <string.h>

/* An answer under way may have the old or the new keys, because the host may complete requests in any
 * order. */
static void outdate(struct session *session, const char *username, const char *host)
{
    const char *name = session->sasl != NULL ? sasl_username(session->sasl) : NULL;
    if (name == NULL || strcmp(name, username) != 0 || strcmp(session->host, host) != 0)
        return;
    if (session->loading_account != NULL)
        storage_load_again(session->core, &session->loading_account, CORE_STORE_ACCOUNT, username, host);
    else
        sasl_outdate(session->sasl);
}

void credentials_changed(struct core *core, const char *username, const char *host,
                         const struct session *except, enum stream_error error, const char *text)
{
    for (struct session *s = core->sessions; s != NULL; s = s->next)
        if (s->type == SESSION_C2S_UNAUTHED)
            outdate(s, username, host);
        else if (s != except && strcmp(s->username, username) == 0 && strcmp(s->host, host) == 0)
            stream_error(s, error, text);
}
