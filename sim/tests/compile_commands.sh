#!/bin/sh
# Prints how each source is compiled, as a JSON compilation database: compile_commands.sh 'SOURCE...' COMPILER OPTION...
set -u

sources=$1
shift

# The argument as a JSON string.
quoted() {
    printf '%s' "$1" | sed 's/["\\]/\\&/g; s/.*/"&"/'
}

arguments=
for argument in "$@"; do
    arguments="$arguments$(quoted "$argument"), "
done
directory=$(quoted "$PWD")
before='['
for source in $sources; do
    printf '%s\n  { "directory": %s, "file": "%s", "arguments": [%s"-c", "%s"] }' "$before" "$directory" "$source" \
        "$arguments" "$source"
    before=,
done
printf '\n]\n'
