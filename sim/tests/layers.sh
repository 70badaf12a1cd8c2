#!/bin/sh
# Whether each room of the simulator includes only itself, those before it, what stands in sim/ itself, and of
# the core only what it has for its host, for who looks into it, and for expat's many releases: layers.sh ROOM...
# A room counts.
set -u

passed=0
failed=0
known=' '
for room in "$@"; do
    known="$known$room "
    wrong=$(grep -Ho '^#include "\.\./[a-z]*/' sim/"$room"/*.[ch] | while IFS= read -r line; do
        other=${line##*../}
        other=${other%/}
        case $known in
        *" $other "*) ;;
        *) echo "${line%%:*}: the room $other comes behind $room" ;;
        esac
    done
    grep -H '^#include "\.\./\.\./core/' sim/"$room"/*.[ch] | grep -v 'core/xml/expat_calls\.h"$')
    if [ -z "$wrong" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf '%s\n' "$wrong"
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
