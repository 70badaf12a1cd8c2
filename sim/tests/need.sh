#!/bin/sh
# Checks that a compiler exists and finds the required headers: need.sh TARGET 'HEADER...' COMPILER [OPTION...]
# A header may need those before it.  A missing one is reported in one line, with the target of make that
# installs it.
target=$1
headers=$2
shift 2

if ! command -v "$1" >/dev/null; then
    case $1 in
    gcc) help="\`make $target\` installs what is missing" ;;
    clang) help='`make deps-check` installs what is missing' ;;
    *) help='install it, or choose another with CC' ;;
    esac
    echo "there is no compiler $1: $help" >&2
    exit 1
fi

# has COMPILER [OPTION...]: whether it finds $found, all of them.
has() {
    printf '#include <%s>\n' $found | "$@" -fsyntax-only -x c - 2>/dev/null
}

found=$headers
has "$@" && exit 0
found=
for header in $headers; do
    found="$found $header"
    has "$@" || break
done
echo "$1 does not find <$header>: \`make $target\` installs what is missing" >&2
exit 1
