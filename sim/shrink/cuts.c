#include "cuts.h"

const struct cut cuts[] = {
    { "steps", cut_steps },
    { "characters", cut_characters },
    { "blocks", cut_blocks },
    { "servers", cut_servers },
    { "settings", cut_settings },
    { "accounts", cut_accounts },
    { "rosters", cut_rosters },
    { "block lists", cut_blocklists },
    { "stanzas", cut_stanzas },
    { "beginnings of blocks", cut_block_heads },
    { "ends of blocks", cut_block_tails },
    { "attributes and children", cut_content },
    { "details of steps", cut_details },
    { "lines of characters", cut_character_lines },
    { "details of rosters", cut_roster_details },
    { "resources", cut_resources },
    { "numbers, to the least", cut_numbers_down },
    { "numbers", cut_numbers },
    { "spans, to the least", cut_spans_down },
    { "spans", cut_spans },
    { "texts", cut_texts },
    { "hosts", cut_hosts },
    { "tags", cut_tags },
};

const size_t cut_count = sizeof cuts / sizeof cuts[0];
