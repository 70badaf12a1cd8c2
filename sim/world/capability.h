/*
 * capability.h - what a server can, as far as the simulator must know it.
 *
 * Servers differ in what they support and in what the simulator can do with them.  A server states its
 * capabilities; a step, a setting or a check names the one that it needs, in its table.  What a server lacks
 * is skipped and counted under the name of the capability; it never passes silently.
 *
 * The names are those of the protocol between processes (sim/adapters/README.md).
 */
#ifndef SIM_CAPABILITY_H
#define SIM_CAPABILITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The constant, the name, and what a server with it can. */
#define CAPABILITIES(C)                                                                                      \
    C(VIEWS, "views", "the simulator can look at its sessions and tables")                                   \
    C(MEMORY, "memory", "it allocates with the simulator's allocator, which can fail")                       \
    C(DISK, "disk", "it stores on the simulated disk, in the stores of core.h")                              \
    C(CRASH, "crash", "it can be killed or shut down, and started again with what it had stored")            \
    C(SHUTDOWN, "shutdown", "it can be told to shut down in an orderly way")                                 \
    C(LONG_TIMES, "long-times", "time that passes costs no real time: more than three seconds can")          \
    C(CLOCK, "clock", "it takes the time of day from the simulator, so that it can jump")                    \
    C(FEDERATION, "federation", "it routes stanzas to other servers, and takes stanzas from them")           \
    C(TLS, "tls", "STARTTLS (RFC 6120, 5)")                                                                  \
    C(BINDING_EXPORTER, "channel-binding:tls-exporter", "SASL with this channel binding (RFC 9266)")         \
    C(BINDING_END_POINT, "channel-binding:tls-server-end-point", "SASL with this one (RFC 5929, 4)")         \
    C(EXTERNAL, "external", "SASL EXTERNAL with the certificate of a client (XEP-0178)")                     \
    C(PLAIN, "plain", "SASL PLAIN (RFC 4616)")                                                               \
    C(SCRAM_SHA_1, "scram-sha-1", "SASL SCRAM-SHA-1 (RFC 5802)")                                             \
    C(SCRAM_SHA_256, "scram-sha-256", "SASL SCRAM-SHA-256 (RFC 7677)")                                       \
    C(ANONYMOUS, "anonymous", "SASL ANONYMOUS on hosts without accounts (XEP-0175)")                         \
    C(ACCOUNT_STATUS, "account-status", "accounts that are disabled or expired (RFC 6120, 6.5)")             \
    C(PASSWORD, "password", "a client changes its password (XEP-0077)")                                      \
    C(OFFLINE, "offline", "messages are kept for an account without a resource (XEP-0160)")                  \
    C(CARBONS, "carbons", "message carbons (XEP-0280)")                                                      \
    C(BLOCKING, "blocking", "the blocking command (XEP-0191)")                                               \
    C(LAST_ACTIVITY, "last-activity", "last activity (XEP-0012)")                                            \
    C(ACTIVITY_STORED, "last-activity:stored", "the time of the last activity is in storage")                \
    C(SM, "sm", "stream management with resumption (XEP-0198)")                                              \
    C(CSI, "csi", "client state indication (XEP-0352)")                                                      \
    C(PRE_APPROVAL, "pre-approval", "subscriptions are approved in advance (RFC 6121, 3.4)")                 \
    C(ROSTERVER_NUMERIC, "rosterver:numeric", "roster versions are numbers that grow")                       \
    C(VERSION, "version", "the name and version of the software can be set (XEP-0092)")                      \
    C(CONFLICT, "conflict", "every policy for a resource that is taken (RFC 6120, 7.7.2.2)")                 \
    C(DELIVERY_ALL, "delivery:all", "messages to all resources with a priority that is not negative")        \
    C(KEEPALIVE, "keepalive", "the server keeps silent connections alive as set, or ends them")              \
    C(KEEPALIVE_PING, "keepalive:ping", "the server sends pings, as often as set (XEP-0199)")                \
    C(STRANGERS, "strangers", "what senders without a right to presence learn can be set")                   \
    C(ITERATIONS, "iterations", "the iterations and the salt of a new password can be set")                  \
    C(LIMITS_ACKS, "limits:acks", "when acknowledgements are requested can be set")                          \
    C(LIMITS_RESUME_TIME, "limits:resume-time", "how long a session can be resumed can be set")              \
    C(LIMITS_STANZA_BYTES, "limits:stanza-bytes", "this limit of core.h, as the following")                  \
    C(LIMITS_UNAUTHENTICATED_BYTES, "limits:unauthenticated-bytes", "as above")                              \
    C(LIMITS_DEPTH, "limits:depth", "as above")                                                              \
    C(LIMITS_ATTRIBUTES, "limits:attributes", "as above")                                                    \
    C(LIMITS_WAITING_BYTES, "limits:waiting-bytes", "as above")                                              \
    C(LIMITS_OUTPUT_BYTES, "limits:output-bytes", "as above")                                                \
    C(LIMITS_LOGIN_TRIES, "limits:login-tries", "as above")                                                  \
    C(LIMITS_LOGIN_TIME, "limits:login-time", "as above")                                                    \
    C(LIMITS_PASSWORDS, "limits:passwords", "as above, also password_time")                                  \
    C(LIMITS_ANONYMOUS, "limits:anonymous-accounts", "as above")                                             \
    C(LIMITS_RESOURCES, "limits:resources", "as above")                                                      \
    C(LIMITS_ROSTER, "limits:roster", "as above: items, bytes, groups, text")                                \
    C(LIMITS_REQUESTS, "limits:requests", "as above, also in bytes")                                         \
    C(LIMITS_ACCOUNT_WORK, "limits:account-work", "as above")                                                \
    C(LIMITS_CACHE, "limits:cache", "as above: accounts, bytes, time")                                       \
    C(LIMITS_DIRECTED, "limits:directed", "as above")                                                        \
    C(LIMITS_OFFLINE, "limits:offline-messages", "as above")                                                 \
    C(LIMITS_BLOCKED, "limits:blocked", "as above")                                                          \
    C(LIMITS_UNACKED, "limits:unacked", "as above, also in bytes")                                           \
    C(LIMITS_HELD_PRESENCE, "limits:held-presence", "as above, also in bytes")                               \
    C(INVALID_FROM, "invalid-from", "who sends in the name of another loses the stream (RFC 6120, 4.9.3.9)")

#define CAPABILITY_CONSTANT(constant, name, sentence) CAPABILITY_##constant,
enum capability {
    CAPABILITY_NONE, /* what every server can */
    CAPABILITIES(CAPABILITY_CONSTANT) CAPABILITY_COUNT
};
#undef CAPABILITY_CONSTANT

/* A set of capabilities; zeroed is empty. */
struct capabilities {
    uint64_t bits;
};
_Static_assert(CAPABILITY_COUNT <= 64, "a set is one word");

#define CAPABILITY_BIT(capability) (UINT64_C(1) << (capability))

/* All of them; and what is left where the simulator stands outside of the process. */
#define CAPABILITIES_ALL                                                                                     \
    {                                                                                                        \
        CAPABILITY_BIT(CAPABILITY_COUNT) - 1                                                                 \
    }
#define CAPABILITIES_OUTSIDE                                                                                 \
    {                                                                                                        \
        (CAPABILITY_BIT(CAPABILITY_COUNT) - 1) & ~CAPABILITY_BIT(CAPABILITY_VIEWS) &                         \
            ~CAPABILITY_BIT(CAPABILITY_MEMORY)                                                               \
    }

/* Whether a set has a capability; every set has CAPABILITY_NONE. */
static inline bool capabilities_have(struct capabilities set, enum capability capability)
{
    return capability == CAPABILITY_NONE || (set.bits & CAPABILITY_BIT(capability)) != 0;
}

static inline void capabilities_add(struct capabilities *set, enum capability capability)
{
    set->bits |= CAPABILITY_BIT(capability);
}

/* The first capability in the order of the list that `needed` has and `has` lacks; CAPABILITY_NONE when there
 * is none. */
enum capability capabilities_lacking(struct capabilities has, struct capabilities needed);

/* The name, "limits:depth", and the sentence; static.  Not for CAPABILITY_NONE. */
const char *capability_name(enum capability capability);
const char *capability_sentence(enum capability capability);

/* The capability with a name; CAPABILITY_NONE when there is none. */
enum capability capability_named(const char *name);

#endif
