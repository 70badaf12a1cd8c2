#!/bin/sh
# Checks which symbols the core needs, and that it has no global state: symbols.sh LIBRARY
# Each required symbol must be in the list below, and the library may have no writable data.
set -eu

library=$1
allowed='^(XML_[A-Za-z0-9_]+|nettle_[a-z0-9_]+|stringprep_?[a-z0-9_]*|idna_[a-z0-9_]+|idn_free'
allowed="$allowed"'|mem(chr|cmp|cpy|move|set)|str(chr|cmp|cspn|len|ncmp|nlen|pbrk|rchr|spn|str)'
allowed="$allowed"'|__assert_fail|__stack_chk_fail|_GLOBAL_OFFSET_TABLE_)$'

complaints=$(
    {
        nm --defined-only "$library" | awk 'NF == 3 { print "defined", $3 }'
        nm -u "$library" | awk '$1 == "U" { print "needed", $2 }'
    } | awk '$1 == "defined" { have[$2] = 1 } $1 == "needed" { need[$2] = 1 }
             END { for (name in need) if (!(name in have)) print name }' |
        sort | grep -Ev "$allowed" | sed 's/^/needs from outside: /' || true

    # Constant data with addresses is in .data.rel.ro, which nm does not distinguish from .data.
    objdump -t "$library" | awk -F '\t' '
        / file format / { member = $1; sub(/:.*/, "", member) }
        NF == 2 {
            n = split($1, left, " "); section = left[n]
            split($2, right, " ")
            writable = section ~ /^(\*COM\*|\.t?bss|\.t?data)/ && section !~ /^\.data\.rel\.ro/
            if (writable && $1 ~ / O / ) print "keeps state: " right[2] " in " member
        }'
)

if [ -n "$complaints" ]; then
    echo "$complaints"
    echo "0 passed, $(echo "$complaints" | wc -l) failed"
    exit 1
fi
echo "1 passed, 0 failed"
