/*
 * jid.h - XMPP addresses: localpart@domainpart/resourcepart (RFC 7622; RFC 6122 for the profiles).
 *
 * A struct jid holds prepared parts only: the localpart by Nodeprep, the domainpart by Nameprep, the
 * resourcepart by Resourceprep, each at most 1023 bytes.  Two JIDs are equal when their parts are, byte
 * for byte.  The parts live inside the struct: it is a value, to be copied and forgotten.
 *
 * Strings in ASCII, nearly all there are, are prepared here; anything else goes to libidn, which has the
 * profiles that RFC 6122 names.  They know Unicode 3.2, and RFC 7622 took versions of PRECIS in their place
 * that follow Unicode.  What holds where:
 *
 *  - Structure, lengths, the dot at the end of a domain and A-labels: RFC 7622, 3.1 to 3.4.
 *  - Which characters there are up to Unicode 3.2, and what becomes of them: RFC 6122, A and B, and RFC 3491.
 *    So a localpart may hold symbols, and a resourcepart is put into form KC, where RFC 7622 has it
 * otherwise.
 *  - Later characters are those that RFC 7622 lets in, letters everywhere and emoji in resourceparts; they
 * pass as RFC 3454, 7, has it for queries, and as they do with Prosody.  Since they are not folded, two
 * spellings of one name in such a script are two addresses; and in localparts and domains symbols pass with
 * them, which RFC 7622 refuses.
 */
#ifndef CORE_JID_H
#define CORE_JID_H

#include "core.h"

enum { JID_PART_MAX = 1023, JID_MAX = 3 * JID_PART_MAX + 2 };

struct jid {
    const char *local;                  /* NULL when there is none */
    const char *domain;                 /* never NULL in a parsed JID */
    const char *resource;               /* NULL when there is none */
    size_t bare_length;                 /* bytes of `bare` */
    char bare[2 * JID_PART_MAX + 2];    /* "local@domain" or "domain", terminated */
    char full[JID_MAX + 1];             /* with "/resource" where there is one, terminated */
    char parts[3 * (JID_PART_MAX + 1)]; /* behind local, domain and resource */
};

/* Parses and prepares.  Returns false, with *jid undefined, when the string is no JID: an empty part, a
 * part that its profile refuses, a part that is too long, bytes that are not UTF-8. */
bool jid_parse(struct jid *jid, const char *string, size_t length);

/* The same for a terminated string; NULL is no JID. */
bool jid_parse_string(struct jid *jid, const char *string);

/* Reads a JID that is known to be one, because this core prepared it. */
void jid_parse_known(struct jid *jid, const char *string);

/* Makes a JID of parts that are prepared already; `local` and `resource` may be NULL. */
void jid_make(struct jid *jid, const char *local, const char *domain, const char *resource);

bool jid_equal(const struct jid *a, const struct jid *b);
bool jid_equal_bare(const struct jid *a, const struct jid *b);

/* Prepares one part into `out`, which has room for JID_PART_MAX + 1 bytes.  Returns false when the part
 * is empty, too long, not UTF-8 or refused by its profile.  What is prepared stays as it is when it is
 * prepared again; a part that never settles is refused. */
bool jid_prepare_local(char *out, const char *part, size_t length);
bool jid_prepare_domain(char *out, const char *part, size_t length);
bool jid_prepare_resource(char *out, const char *part, size_t length);

#endif
