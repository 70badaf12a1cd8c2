#!/bin/sh
# Whether a compiler is there and finds what it must: need.sh TARGET 'HEADER...' COMPILER [OPTION...]
# Where it does not, the one line says what installs it: that target of make.
target=$1
headers=$2
shift 2

if ! command -v "$1" >/dev/null; then
    echo "the compiler $1 is missing: \`make $target\` installs what Debian's packages have" >&2
    exit 1
fi
printf '#include <%s>\n' $headers | "$@" -fsyntax-only -x c - 2>/dev/null && exit 0
for header in $headers; do
    said=$(echo "#include <$header>" | "$@" -fsyntax-only -x c - 2>&1) && continue
    echo "the compiler $1 does not find <$header>: \`make $target\` installs what is missing" >&2
    exit 1
done
