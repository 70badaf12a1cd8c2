#!/bin/sh
# Runs one command of a build with coverage, and keeps what it reached as a tracefile under its name:
# coverage_run.sh BUILD DATA NAME COMMAND...
#
# BUILD is the folder of the objects, with their .gcno.  What the command, and the processes that it starts, count goes
# to DATA/NAME/ instead of to that folder, so that several commands can be measured at the same time.  The tracefile is
# DATA/NAME.info, what the command printed DATA/NAME.log.  The exit status is that of the command.
set -u

build=$1
data=$2
name=$3
shift 3
here=$(dirname "$0")
mkdir -p "$data"
room=$(cd "$data" && pwd)/$name
objects=$(cd "$build" && pwd)

# The counts of an object are in the same folder as links to its compiler notes.
rm -rf "$room"
mkdir "$room"
(cd "$objects" && find core sim -name tests -prune -o -name '*.gcno' -print) 2>/dev/null | sed 's|/[^/]*$||' | sort -u |
    while read -r folder; do
        mkdir -p "$room/$folder"
        ln -s "$objects/$folder"/*.gcno "$room/$folder/"
    done

GCOV_PREFIX=$room
GCOV_PREFIX_STRIP=$(echo "$objects" | tr -cd / | wc -c)
export GCOV_PREFIX GCOV_PREFIX_STRIP
"$@" >"$room.log" 2>&1 </dev/null
status=$?

find "$room" -name tests -prune -o -name '*.gcda' -print | LC_ALL=C sort |
    LC_ALL=C xargs -r gcov -b -c -t 2>"$room.gcov" | awk -v test="$name" -f "$here/coverage/gcov_to_info.awk" >"$room.info"
if grep -v -q 'No such file' "$room.gcov"; then
    sed 's/^/gcov: /' "$room.gcov" >>"$room.log"
fi
rm -rf "$room" "$room.gcov"
exit "$status"
