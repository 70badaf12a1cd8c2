/*
 * scram_final.h - the client's last message in SCRAM, client-final-message (RFC 5802, 7), as it should be or with one
 * thing wrong.
 *
 * A variant is named by a phrase of the scenario language, such as "another nonce".  The proof is always computed over
 * what is sent before it, so that nothing but the named thing is wrong: a server that compares only proofs accepts most
 * variants.
 */
#ifndef SIM_SCRAM_FINAL_H
#define SIM_SCRAM_FINAL_H

#include <stddef.h>
#include <stdint.h>

/* How the message differs from the right one. */
struct scram_variant {
    const char *name; /* words with blanks between */
    const char *covered, *whole;
};

/* The variants by index; NULL after the last.  And by name; NULL when there is none. */
const struct scram_variant *scram_variant_at(size_t index);
const struct scram_variant *scram_variant_named(const char *name);

/* What the message is made of.  All of it is borrowed. */
struct scram_final_parts {
    const char *gs2_header;
    const unsigned char *channel; /* the channel binding data */
    size_t channel_length;        /* 0 without channel binding */
    const char *own_nonce;        /* of the client */
    const char *nonce;            /* of both sides, longer than that */
    const char *covered;          /* by the proof; for scram_final_whole, as is the proof */
    const uint8_t *proof;
    size_t proof_length;
};

/* The part of the message that the proof covers, client-final-message-without-proof; and the message.  The variant NULL
 * is the right message.  The caller frees. */
char *scram_final_covered(const struct scram_variant *variant, const struct scram_final_parts *parts);
char *scram_final_whole(const struct scram_variant *variant, const struct scram_final_parts *parts);

#endif
