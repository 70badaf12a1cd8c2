#!/bin/sh
# Checks the dependencies between modules: layers.sh BUILD LIST 'ROOT MODULE...'...
# A ROOT is a folder of sources whose objects are in BUILD; its modules are folders in it, in their
# order; a missing one is ignored.  A file includes and calls only what is in its own module, in earlier
# ones and in the root itself, as far as the root uses no module; of the roots named before its own it includes
# only the public headers (doors).  There is no cycle of calls between files or of includes between headers,
# except those that LIST allows (layers.list says how).  An error is printed as FAILED and a sentence, a cycle as a path with the called
# functions.  The totals count each module, each root and each line of LIST.
set -u

build=$1
list=$2
shift 2
here=$(dirname "$0")

# The sources of a root, each with its folder; tests and fuzz targets may call everything.  An adapter in a folder of its
# own is another program, which has nothing of this one.
files() {
    find "$1" '(' -name tests -o -name fuzz -o -path '*/adapters/*' -type d ')' -prune -o -name '*.[ch]' -print
}

{
    sed 's/^/list /' "$list"
    for modules in "$@"; do
        echo "root $modules"
        files "${modules%% *}" | sed 's/^/file /'
    done
    for modules in "$@"; do
        files "${modules%% *}" | xargs grep -H '^#include "' /dev/null |
            sed 's/^\([^:]*\):#include "\([^"]*\)".*/includes \1 \2/'
        files "${modules%% *}" | sed -n 's/\.c$//p' | while IFS= read -r source; do
            [ -f "$build/$source.o" ] || echo "unbuilt $source"
        done
        files "${modules%% *}" | sed -n "s|^\(.*\)\.c\$|$build/\1.o|p" | xargs nm -A -P 2>/dev/null |
            sed "s|^$build/\(.*\)\.o: |symbol \1 |"
    done
    sed -n 's/^door \([^ :]*\):.*/\1/p' "$list" | while IFS= read -r door; do
        grep -o '[A-Za-z_][A-Za-z_0-9]*' "$door" /dev/null | sort -u | sed 's/^\([^:]*\):/declares \1 /'
    done
} | LC_ALL=C sort -s -k 1,1 | awk -f "$here/layers.awk"
