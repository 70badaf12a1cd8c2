#!/bin/sh
# Tests the viewer: viewer.sh [--install] BUILD
# Only installs what drives the browser: viewer.sh --only-install BUILD
# Without node nothing is tested, and without a browser only the events; what is left out is said, and counted
# (stage.sh).  playwright-core, which drives the browser, and mermaid, which reads diagrams, are installed in BUILD/viewer if
# they are not there; --install does so again.
set -u
cd "$(dirname "$0")/../.." || exit 2

again=
only=
case ${1-} in
--install)
    again=yes
    shift
    ;;
--only-install)
    only=yes
    shift
    ;;
esac
build=$1
modules=$build/viewer
CHROMIUM=${CHROMIUM:-$(command -v chromium)}
MODULES=$modules
REHEARSE=$build/rehearse
export CHROMIUM MODULES REHEARSE

if ! command -v node >/dev/null; then
    echo 'skipped: the tests of the viewer: there is no node'
    echo '0 passed, 0 failed'
    exit 0
fi

# Whether what drives the browser is there, as the lock file wants it.
is_installed() {
    [ -z "$again" ] && cmp -s sim/viewer/package-lock.json "$modules/package-lock.json" &&
        [ -d "$modules/node_modules/playwright-core" ] && [ -d "$modules/node_modules/mermaid" ] &&
        [ -d "$modules/node_modules/typescript" ]
}

install_modules() {
    command -v npm >/dev/null || return 1
    rm -rf "$modules"
    mkdir -p "$modules"
    cp sim/viewer/package.json sim/viewer/package-lock.json "$modules" || return 1
    if ! (cd "$modules" && npm ci --ignore-scripts --no-audit --no-fund) >"$modules/log" 2>&1; then
        rm -f "$modules/package-lock.json"
        return 1
    fi
}

if [ -n "$only" ]; then
    is_installed || install_modules
    exit
fi

tests=sim/viewer/tests/schema.test.js
if [ -z "$CHROMIUM" ]; then
    echo 'skipped: the viewer in a browser: there is no chromium'
elif ! is_installed && ! install_modules; then
    echo "skipped: the viewer in a browser: playwright-core, mermaid and typescript cannot be installed ($modules/log)"
else
    tests="$tests sim/viewer/tests/types.test.js sim/viewer/tests/viewer.test.js sim/viewer/tests/views.test.js"
fi

# shellcheck disable=SC2086 # these are several words
sim/tests/node_tests.sh 'first paint' $tests
