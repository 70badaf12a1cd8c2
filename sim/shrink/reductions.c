#include "reductions.h"

const struct reduction reductions[] = {
    { "steps", reduce_steps },
    { "characters", reduce_characters },
    { "blocks", reduce_blocks },
    { "servers", reduce_servers },
    { "settings", reduce_settings },
    { "accounts", reduce_accounts },
    { "rosters", reduce_rosters },
    { "block lists", reduce_blocklists },
    { "stanzas", reduce_stanzas },
    { "beginnings of blocks", reduce_block_heads },
    { "ends of blocks", reduce_block_tails },
    { "attributes and children", reduce_content },
    { "details of steps", reduce_details },
    { "lines of characters", reduce_character_lines },
    { "details of rosters", reduce_roster_details },
    { "resources", reduce_resources },
    { "numbers, to the least", reduce_numbers_down },
    { "numbers", reduce_numbers },
    { "spans, to the least", reduce_spans_down },
    { "spans", reduce_spans },
    { "texts", reduce_texts },
    { "hosts", reduce_hosts },
    { "tags", reduce_tags },
};

const size_t reduction_count = sizeof reductions / sizeof reductions[0];
