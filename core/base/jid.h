/*
 * jid.h - XMPP addresses: localpart@domainpart/resourcepart (RFC 7622; RFC 6122 for the profiles).
 *
 * A struct jid holds prepared parts only: the localpart by Nodeprep, the domainpart by Nameprep, the
 * resourcepart by Resourceprep, each at most 1023 bytes.  Two JIDs are equal when their parts are equal
 * byte for byte.  The parts are inside the struct, so a struct jid owns no memory.
 *
 * ASCII strings, which are nearly all, are prepared here.  Other strings are prepared by libidn, which
 * implements the profiles of RFC 6122 for Unicode 3.2.  RFC 7622 replaced them by PRECIS, which follows
 * later versions of Unicode.  The rules that apply:
 *
 *  - Structure, lengths, the dot at the end of a domain and A-labels: RFC 7622, 3.1 to 3.4.
 *  - Characters up to Unicode 3.2, and their mapping: RFC 6122, A and B, and RFC 3491.  So, unlike in
 *    RFC 7622, a localpart may contain symbols, and a resourcepart is normalised to form KC.
 *  - Later characters: those that RFC 7622 allows, letters in every part and emoji in resourceparts.
 *    They pass unchanged, as in queries of RFC 3454, 7, and as in Prosody.  They are not case-folded, so
 *    two spellings of one name in such a script are two addresses.  Later symbols also pass in localparts
 *    and domainparts, where RFC 7622 refuses them.
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
    char parts[3 * (JID_PART_MAX + 1)]; /* the bytes that local, domain and resource point to */
};

/* Parses a string and prepares its parts.  Returns false, with *jid undefined, when the string is not a
 * JID: a part is empty, is refused by its profile or is too long, or the bytes are not UTF-8. */
bool jid_parse(struct jid *jid, const char *string, size_t length);

/* The same for a string that ends with a NUL; false for NULL. */
bool jid_parse_string(struct jid *jid, const char *string);

/* Parses a JID that this core has prepared before; it must be valid. */
void jid_parse_known(struct jid *jid, const char *string);

/* Makes a JID from prepared parts; `local` and `resource` may be NULL. */
void jid_make(struct jid *jid, const char *local, const char *domain, const char *resource);

bool jid_equal(const struct jid *a, const struct jid *b);
bool jid_equal_bare(const struct jid *a, const struct jid *b);

/* Prepares one part into `out`, which has room for JID_PART_MAX + 1 bytes.  Returns false when the part is
 * empty, too long, not UTF-8 or refused by its profile.  Preparing a prepared part does not change it; a
 * part for which repeated preparation does not reach a fixed point is refused. */
bool jid_prepare_local(char *out, const char *part, size_t length);
bool jid_prepare_domain(char *out, const char *part, size_t length);
bool jid_prepare_resource(char *out, const char *part, size_t length);

#endif
