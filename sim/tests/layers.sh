#!/bin/sh
# Whether every part can be read alone: layers.sh BUILD LIST 'ROOT ROOM...'...
# A ROOT is a folder of sources whose objects stand in BUILD; its rooms are folders in it, in their order, and
# a room that is not there is left out.  A file includes and calls only what is in its own room, in those before
# it and in the root itself, as far as that uses no room; of the roots named before its own it includes the
# doors alone.  No file is in a circle of calls, and no header in a circle of includes, but for what LIST allows
# (layers.list says how).  What is wrong is told as FAILED and a sentence, a circle as a path with the functions
# called on it.  A room counts, and so does a root, and a line of LIST.
set -u

build=$1
list=$2
shift 2
here=$(dirname "$0")

# The sources of a root, each with its folder; tests may call what they like.
files() {
    find "$1" -name tests -prune -o -name '*.[ch]' -print
}

{
    sed 's/^/list /' "$list"
    for rooms in "$@"; do
        echo "root $rooms"
        files "${rooms%% *}" | sed 's/^/file /'
    done
    for rooms in "$@"; do
        files "${rooms%% *}" | xargs grep -H '^#include "' /dev/null |
            sed 's/^\([^:]*\):#include "\([^"]*\)".*/includes \1 \2/'
        files "${rooms%% *}" | sed -n 's/\.c$//p' | while IFS= read -r source; do
            [ -f "$build/$source.o" ] || echo "unbuilt $source"
        done
        files "${rooms%% *}" | sed -n "s|^\(.*\)\.c\$|$build/\1.o|p" | xargs nm -A -P 2>/dev/null |
            sed "s|^$build/\(.*\)\.o: |symbol \1 |"
    done
    sed -n 's/^door \([^ :]*\):.*/\1/p' "$list" | while IFS= read -r door; do
        grep -o '[A-Za-z_][A-Za-z_0-9]*' "$door" /dev/null | sort -u | sed 's/^\([^:]*\):/declares \1 /'
    done
} | LC_ALL=C sort -s -k 1,1 | awk -f "$here/layers.awk"
