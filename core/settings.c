#include "core.h"

#define SECOND (UINT64_C(1000) * 1000 * 1000)

struct core_settings core_settings_default(void)
{
    return (struct core_settings){
        .conflict = CORE_KICK_OLD,
        .delivery = CORE_DELIVER_BEST,
        .software = "Rehearsal",
        .mechanisms = CORE_EXTERNAL | CORE_SCRAM_SHA_256_PLUS | CORE_SCRAM_SHA_1_PLUS | CORE_SCRAM_SHA_256 |
                      CORE_SCRAM_SHA_1 | CORE_PLAIN,
        .features = CORE_OFFLINE | CORE_CARBONS | CORE_BLOCKING | CORE_LAST_ACTIVITY,
        .iterations = 10000,
        .salt_bytes = 16,
        .tls = CORE_TLS_REQUIRED,
        .limits = {
            .stanza_bytes = (size_t)256 * 1024,
            .unauthenticated_bytes = 10000,
            .depth = 64,
            .attributes = 64,
            .waiting_bytes = (size_t)512 * 1024,
            .output_bytes = (size_t)4 * 1024 * 1024,
            .login_tries = 3,
            .resources = 32,
            .roster_items = 5000,
            .requests = 500,
            .roster_bytes = (size_t)1024 * 1024,
            .request_bytes = (size_t)1024 * 1024,
            .roster_groups = 64,
            .roster_text_bytes = 1023,
            .account_work = 500,
            .cached_accounts = 1000,
            .cached_bytes = (size_t)16 * 1024 * 1024,
            .cache_time = 60 * SECOND,
            .offline_messages = 1000,
            .blocked = 1000,
            .directed = 500,
            .login_time = 300 * SECOND,
            .unacked = 5000,
            .unacked_bytes = (size_t)4 * 1024 * 1024,
            .held_presence = 256,
            .held_presence_bytes = (size_t)256 * 1024,
            .passwords = 5,
            .password_time = 600 * SECOND,
            .anonymous_accounts = 10000,
        },
        .keepalive = CORE_KEEPALIVE_WHITESPACE,
        .idle_time = UINT64_C(14) * 60 * SECOND,
        .ping_time = 60 * SECOND,
        .stream_management = true,
        .resume_time = 600 * SECOND,
        .ack_after = 0,
        .ack_after_asleep = 256,
        .client_state = true,
    };
}
