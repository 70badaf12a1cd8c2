# Functions for scripts that run several checks and sum up their results; to be sourced, not run.
# The output of a stage is shown only when something failed or was skipped.

passed=0
failed=0
skipped=0
said=$(mktemp)

and_skipped() {
    [ "$1" -eq 0 ] || echo ", $1 skipped"
}

# counted WHAT: the number of passed or failed cases in the last line of the output; nothing if it has none.
counted() {
    tail -n 1 "$said" | sed -n -E '/^[0-9]+ passed, [0-9]+ failed/s/^(.*[^0-9])?([0-9]+) '"$1"'.*/\2/p'
}

# stage NAME COMMAND...: runs a command and prints its result.  Its last line may count cases, "3 passed, 0
# failed"; a command that does not counts as one case.  Its lines "skipped: ..." are shown and counted.
stage() {
    name=$1
    shift
    began=$(date +%s)
    "$@" >"$said" 2>&1 </dev/null
    status=$?
    good=$(counted passed)
    bad=$(counted failed)
    left=$(grep -c '^skipped: ' "$said")
    if [ -z "$good" ]; then
        good=$((status == 0))
        bad=$((status != 0))
    elif [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
        bad=1
    fi
    passed=$((passed + good))
    failed=$((failed + bad))
    skipped=$((skipped + left))
    if [ "$bad" -gt 0 ]; then
        cat "$said"
    elif [ "$left" -gt 0 ]; then
        grep '^skipped: ' "$said"
    fi
    printf '%-42s %5d passed, %d failed%s  (%d s)\n' "$name" "$good" "$bad" "$(and_skipped "$left")" \
        $(($(date +%s) - began))
}

# The sum over all stages, as the last line.
sum_up() {
    echo "$passed passed, $failed failed$(and_skipped "$skipped")"
}
