#include "scram_final.h"

#include "../must.h"
#include "../text.h"

#include <nettle/base64.h>
#include <stdlib.h>
#include <string.h>

/* ---- The table ----
 *
 * A letter behind '%' stands for
 *
 *     c   the GS2 header and the channel binding data, in base64      r   the nonce of both sides
 *     f   the same, with another flag in the header                   o   one with another part of the server
 *     a   with an authorization identity                              k   the part of the client alone
 *     t   for another channel binding type                            s   the part of the server alone
 *     d   with other data, or with some where there are none
 *     e   without data
 *
 * and, in `whole` only, for
 *
 *     w   what is covered            q   a proof in which one bit is wrong      l   a proof with a byte more
 *     p   the proof, in base64       h   half of the proof
 */
static const char usual[] = "c=%c,r=%r", last[] = "%w,p=%p";

static const struct scram_variant variants[] = {
    { "another flag in the GS2 header", "c=%f,r=%r", last },
    { "an authorization identity in the GS2 header", "c=%a,r=%r", last },
    { "another channel binding type", "c=%t,r=%r", last },
    { "other channel binding data", "c=%d,r=%r", last },
    { "no channel binding data", "c=%e,r=%r", last },
    { "a channel binding that is not base64", "c=*,r=%r", last },
    { "an empty channel binding", "c=,r=%r", last },
    { "no channel binding", "r=%r", last },

    { "another nonce", "c=%c,r=%o", last },
    { "its own nonce alone", "c=%c,r=%k", last },
    { "the server's nonce alone", "c=%c,r=%s", last },
    { "something before the nonce", "c=%c,r=x%r", last },
    { "something behind the nonce", "c=%c,r=%rx", last },
    { "an empty nonce", "c=%c,r=", last },
    { "no nonce", "c=%c", last },
    { "two nonces", "c=%c,r=%r,r=%r", last },

    { "the nonce first", "r=%r,c=%c", last },
    { "the proof first", usual, "p=%p,%w" },
    { "the proof before the nonce", usual, "c=%c,p=%p,r=%r" },

    { "an optional extension", "c=%c,r=%r,x=rose", last },
    { "two optional extensions", "c=%c,r=%r,y=rose,X=name", last },
    { "a mandatory extension", "c=%c,r=%r,m=rose", last },
    { "an extension before the nonce", "c=%c,x=rose,r=%r", last },
    { "an extension before everything", "x=rose,c=%c,r=%r", last },
    { "an extension without a value", "c=%c,r=%r,x=", last },
    { "an extension behind the proof", usual, "%w,p=%p,x=rose" },

    { "another proof", usual, "%w,p=%q" },
    { "half of the proof", usual, "%w,p=%h" },
    { "a longer proof", usual, "%w,p=%l" },
    { "a proof that is not base64", usual, "%w,p=*" },
    { "an empty proof", usual, "%w,p=" },
    { "no proof", usual, "%w" },
    { "two proofs", usual, "%w,p=%p,p=%p" },
    { "a comma at the end", usual, "%w,p=%p," },
};

const struct scram_variant *scram_variant_at(size_t index)
{
    return index < sizeof variants / sizeof variants[0] ? &variants[index] : NULL;
}

const struct scram_variant *scram_variant_named(const char *name)
{
    const struct scram_variant *variant;
    for (size_t i = 0; (variant = scram_variant_at(i)) != NULL; i++)
        if (strcmp(variant->name, name) == 0)
            return variant;
    return NULL;
}

/* ---- Values ---- */

static void append_base64(struct text *out, const void *bytes, size_t length)
{
    const size_t coded = BASE64_ENCODE_RAW_LENGTH(length);
    text_reserve(out, coded);
    base64_encode_raw(out->bytes + out->length, length, bytes);
    out->length += coded;
    out->bytes[out->length] = '\0';
}

/* The header of another client: 'n' becomes 'y', and any other flag 'n', without the type of a channel binding. */
static void append_other_flag(struct text *input, const char *header)
{
    text_string(input, header[0] == 'n' ? "y" : "n");
    text_string(input, strchr(header, ','));
}

/* "n,,": the identity stands between the commas. */
static void append_header_with_identity(struct text *input, const char *header)
{
    const size_t flag = strcspn(header, ",") + 1;
    text_append(input, header, flag);
    text_string(input, "a=escalus");
    text_string(input, header + flag);
}

static void append_other_type(struct text *input, const char *header)
{
    text_string(input, "p=tls-unique");
    text_string(input, strchr(header, ','));
}

static void append_header(struct text *input, char letter, const char *header)
{
    if (letter == 'f')
        append_other_flag(input, header);
    else if (letter == 'a')
        append_header_with_identity(input, header);
    else if (letter == 't')
        append_other_type(input, header);
    else
        text_string(input, header);
}

/* cbind-input, in base64.  Without a channel binding type in the header there are no data (RFC 5802, 7). */
static void append_binding(struct text *out, char letter, const struct scram_final_parts *parts)
{
    struct text input = { 0 };
    append_header(&input, letter, parts->gs2_header);
    const size_t header = input.length;
    const bool has_data = letter != 'e' && letter != 'f' && parts->channel_length > 0;
    if (has_data)
        text_append(&input, (const char *)parts->channel, parts->channel_length);
    if (letter == 'd' && has_data)
        input.bytes[header] ^= 1;
    else if (letter == 'd')
        text_string(&input, "a channel that is not there");
    append_base64(out, input.bytes, input.length);
    text_free(&input);
}

static void append_nonce(struct text *out, char letter, const struct scram_final_parts *parts)
{
    const size_t own = strlen(parts->own_nonce);
    const size_t begin = out->length;
    if (letter == 'k')
        text_string(out, parts->own_nonce);
    else
        text_string(out, parts->nonce + (letter == 's' ? own : 0));
    if (letter == 'o')
        out->bytes[begin + own] = parts->nonce[own] == 'A' ? 'B' : 'A';
}

static void append_proof(struct text *out, char letter, const struct scram_final_parts *parts)
{
    struct text proof = { 0 };
    const size_t half = parts->proof_length / 2;
    text_append(&proof, (const char *)parts->proof, letter == 'h' ? half : parts->proof_length);
    if (letter == 'q')
        proof.bytes[0] ^= 1;
    if (letter == 'l')
        text_append(&proof, "", 1);
    append_base64(out, proof.bytes, proof.length);
    text_free(&proof);
}

/* ---- The message ---- */

static void append_value(struct text *out, char letter, const struct scram_final_parts *parts)
{
    if (letter == 'w')
        text_string(out, parts->covered);
    else if (strchr("pqhl", letter) != NULL)
        append_proof(out, letter, parts);
    else if (strchr("roks", letter) != NULL)
        append_nonce(out, letter, parts);
    else
        append_binding(out, letter, parts);
}

static char *fill_in(const char *pattern, const struct scram_final_parts *parts)
{
    struct text out = { 0 };
    for (const char *at = pattern; *at != '\0'; at++) {
        if (*at == '%')
            append_value(&out, *++at, parts);
        else
            text_append(&out, at, 1);
    }
    return text_take(&out);
}

char *scram_final_covered(const struct scram_variant *variant, const struct scram_final_parts *parts)
{
    return fill_in(variant != NULL ? variant->covered : usual, parts);
}

char *scram_final_whole(const struct scram_variant *variant, const struct scram_final_parts *parts)
{
    assert(parts->covered != NULL && parts->proof_length > 0);
    return fill_in(variant != NULL ? variant->whole : last, parts);
}
