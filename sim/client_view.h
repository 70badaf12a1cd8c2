/*
 * client_view.h - what a client knows from what it received: its roster, and who is online.
 *
 * Private to the client.  Zeroed is the view of a session in which nothing has come yet.
 */
#ifndef SIM_CLIENT_VIEW_H
#define SIM_CLIENT_VIEW_H

#include "client.h"

#define XML_NS_ROSTER "jabber:iq:roster"

struct client_view {
    struct client_contact *roster;
    struct client_online *online;
    bool asked;
    bool has_roster;
};

void client_view_clear(struct client_view *view);

/* `query` is the roster query of a result, which is the whole roster, or of a push, which is a change. */
void client_view_roster_result(struct client_view *view, const struct xml *query);
void client_view_roster_push(struct client_view *view, const struct xml *query);

void client_view_presence(struct client_view *view, const struct xml *presence);

bool client_view_sees(const struct client_view *view, const char *full_jid);

#endif
