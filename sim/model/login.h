/*
 * login.h - whether a client may log in: the exchanges of SASL as their messages pass, and the keys that are stored.
 *
 * A server lets a client in that has shown that it knows the password (RFC 6120, 6.4; RFC 5802; RFC 4616).  The model
 * reads the same messages as the server, and the keys of the account on its disk at the moment in which <success/>
 * leaves: so an old password, or an exchange that began with old keys, is of no use once others are stored.  It cannot
 * judge other mechanisms, authorization identities, and names that preparation changes in more than their case.
 *
 * A server takes the elements of a stream in their order (RFC 6120, 10.1) and answers each of an exchange once, so the
 * place of an answer says to which exchange it belongs.  An exchange that begins before an earlier one has ended replaces
 * it (6.4.2), but of several that are not answered any may be right.
 */
#ifndef SIM_MODEL_LOGIN_H
#define SIM_MODEL_LOGIN_H

#include "stream_scan.h"

enum { EXCHANGES_MOST = 4 };

/* An exchange; its texts are owned, decoded from base64, and NULL before they came. */
struct exchange {
    char *mechanism;
    char *first; /* of the client, with `first_length` bytes and a NUL */
    size_t first_length;
    char *challenge, *last; /* of SCRAM: the server's message, and the client's last one */
    size_t begun, said;     /* the elements that began it and that had `first`, counted from 1; 0: none yet */
};

/* The exchanges of a connection that have not ended.  Zeroed is none. */
struct login {
    struct exchange exchanges[EXCHANGES_MOST];
    size_t count;
    size_t came, answered; /* elements of the client, and how many of them the server has answered */
    bool has_more;
};

void login_free(struct login *login);

/* An element that is no stanza came in, or leaves; <success/> is to be judged before. */
void login_arrived(struct login *login, const struct scanned *scanned);
void login_departed(struct login *login, const struct scanned *scanned);

/* What a <success/> is: not one; deserved; by one of several exchanges; it cannot be judged; or it is wrong. */
enum success { SUCCESS_NONE, SUCCESS_DESERVED, SUCCESS_POSSIBLE, SUCCESS_UNKNOWN, SUCCESS_WRONG };

struct disk;
struct core_settings;

/* Judges a <success/> by the keys on a disk, NULL where they are not known, and the settings, on a stream to that host.  `why` is set when
 * it is wrong; `*account` to the account_hash of the one that has logged in, or 0 where it is not known. */
enum success login_judge(const struct login *login, const struct disk *disk,
                         const struct core_settings *settings, struct span host, const char **why,
                         uint64_t *account);

#endif
