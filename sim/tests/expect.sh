# Shared by the scripts that test the tool from the outside, tool*.sh PROGRAM: each sources this file first and
# calls `finish` last.  Each runs in a temporary folder, $room, which is removed at the end.
set -u

case $1 in
/*) rehearse=$1 ;;
*) rehearse=$PWD/$1 ;;
esac
tests=$(cd "$(dirname "$0")" && pwd)
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room" || exit 2
unset TERM NO_COLOR COLUMNS
XDG_STATE_HOME=$room/state # what failed last is kept there
export rehearse XDG_STATE_HOME

passed=0
failed=0
said=$room/said

complain() {
    [ "$bad" -eq 0 ] && echo "FAILED $command"
    bad=1
    echo "  $1"
}

# expect STATUS COMMAND FRAGMENT...: the command, where R is the tool, ends with the status, and its output on both
# streams contains each fragment.  "last: X" is the whole last line, "no: X" must not be in it.
# `after SIGNAL SECONDS R ...` sends that signal to the tool.
expect() {
    status=$1
    command=$2
    shift 2
    bad=0
    sh -c "R() { \"\$rehearse\" \"\$@\"; }
           after() { name=\$1; seconds=\$2; shift 3
                     env --default-signal=INT,TERM,HUP timeout --preserve-status -s \$name \$seconds \"\$rehearse\" \"\$@\"; }
           $command" >"$said" 2>&1 </dev/null
    got=$?
    [ "$got" -eq "$status" ] || complain "status: expected $status, got $got"
    for fragment in "$@"; do
        case $fragment in
        'last: '*)
            [ "$(tail -n 1 "$said")" = "${fragment#last: }" ] || complain "not the last line: ${fragment#last: }"
            ;;
        'no: '*)
            ! grep -qF -e "${fragment#no: }" "$said" || complain "is there: ${fragment#no: }"
            ;;
        *)
            grep -qF -e "$fragment" "$said" || complain "is not there: $fragment"
            ;;
        esac
    done
    if [ "$bad" -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        sed 's/^/    | /' "$said" | head -n 60
    fi
}

# scenario FILE TITLE TAGS STEPS: a scenario with Romeo in it.
scenario() {
    mkdir -p "$(dirname "$1")"
    printf '# %s\n%b\n[Client] Romeo\n\tjid: romeo@localhost\n\tpassword: secret\n\n---------\n\n%b\n' \
        "$2" "$3" "$4" >"$1"
}

finish() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}
