#!/bin/sh
# Tests the playground that lies in BUILD/playground: playground.sh [--install] BUILD
# It is built by `make playground`, not here: without it nothing is tested, and without a browser only the program; what is
# left out is said, and counted (stage.sh).  playwright-core, which drives the browser, is that of the viewer's tests.
set -u
cd "$(dirname "$0")/../.." || exit 2

install=
if [ "${1-}" = --install ]; then
    install=yes
    shift
fi
build=$1
CHROMIUM=${CHROMIUM:-$(command -v chromium)}
MODULES=$build/viewer
REHEARSE=$build/rehearse
PLAYGROUND=$build/playground
export CHROMIUM MODULES REHEARSE PLAYGROUND

skip() {
    echo "skipped: $1"
    echo '0 passed, 0 failed'
    exit 0
}

command -v node >/dev/null || skip 'the playground: there is no node'
[ -f "$PLAYGROUND/index.html" ] || skip "the playground: it is not built (make playground)"

# What was built from other sources would have other hashes.
newer=$(find core sim -name tests -prune -o -name '*.[ch]' -newer "$PLAYGROUND/index.html" -print -o \
    -path 'sim/*.js' -newer "$PLAYGROUND/index.html" -print | head -n 1)
[ -z "$newer" ] || skip "the playground: it is older than $newer (make playground)"

# The browser's driver is installed by the script of the viewer's tests.
[ -z "$install" ] || sim/tests/viewer.sh --only-install "$build" || exit 2

tests=sim/playground/tests/hashes.test.js
if [ -z "$CHROMIUM" ]; then
    echo 'skipped: the playground in a browser: there is no chromium'
elif ! [ -d "$MODULES/node_modules/playwright-core" ]; then
    echo 'skipped: the playground in a browser: there is no playwright-core (make viewer)'
else
    tests="$tests sim/playground/tests/page.test.js"
fi

# shellcheck disable=SC2086 # these are several words
sim/tests/node_tests.sh 'equal hashes|compressed| until' $tests
