#!/bin/sh
# Prints which tests and scenarios reach a line, and how often: coverage_of.sh BUILD FILE:LINE
# BUILD has what `make coverage` has measured.  Exit status: 1 when nothing reaches it, 2 when it is not known.
set -u

build=$1
file=${2%:*}
line=${2##*:}

if [ ! -f "$build/reached.info" ]; then
    echo "coverage_of.sh: nothing was measured: make coverage" >&2
    exit 2
fi
awk -F '\t' -v file="$file" -v line="$line" '
    FNR == NR { what[$1] = $2; next }
    /^TN:/ { test = substr($0, 4); next }
    /^SF:/ { here = substr($0, 4) == file; next }
    here && index($0, "DA:" line ",") == 1 {
        known = 1
        count = substr($0, length(line) + 5) + 0
        if (count > 0)
            printf "%12.0f  %s\n", count, what[test]
        reached += count
    }
    END {
        if (known && !reached)
            print "nothing reaches " file ":" line
        if (!known)
            print "coverage_of.sh: " file ":" line " is no line that can be executed" | "cat >&2"
        exit known ? !reached : 2
    }' "$build/data/sources" "$build/reached.info"
