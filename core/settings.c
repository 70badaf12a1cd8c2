#include "core.h"

struct core_settings core_settings_default(void)
{
    return (struct core_settings){
        .conflict = CORE_KICK_OLD,
        .delivery = CORE_DELIVER_BEST,
        .mechanisms = CORE_SCRAM_SHA_256 | CORE_SCRAM_SHA_1 | CORE_PLAIN,
        .features = CORE_OFFLINE | CORE_CARBONS | CORE_BLOCKING,
        .limits = {
            .stanza_bytes = (size_t)256 * 1024,
            .depth = 64,
            .attributes = 64,
            .waiting_bytes = (size_t)512 * 1024,
            .output_bytes = (size_t)1024 * 1024,
            .login_tries = 3,
            .resources = 32,
            .roster_items = 5000,
            .roster_groups = 64,
            .roster_text_bytes = 1023,
            .offline_messages = 1000,
            .blocked = 1000,
            .directed = 500,
            .login_time = UINT64_C(300) * 1000 * 1000 * 1000,
        },
    };
}
