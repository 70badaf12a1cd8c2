#!/bin/sh
# Installs the packages of `make deb` on a minimal machine, and uses them: deb_test.sh SUITE
# The machine is a chroot made by mmdebstrap (machine.sh), so this needs root.  The suite should be the one on which
# the packages were built.  The tool and the shared library are installed without the rest first; then the scenarios of
# this repository run, a program is built with the -dev package, and all of it is removed again.
set -u

suite=$1
if [ "$(id -u)" != 0 ]; then
    echo "deb_test.sh: a machine of its own can only be made by root: sudo make deb-test" >&2
    exit 2
fi
if ! ls build/deb/*.deb >/dev/null 2>&1; then
    echo "deb_test.sh: there are no packages: make deb" >&2
    exit 2
fi

room=$PWD/build/deb-test
root=$room/$suite
place=/root/rehearsal
log=$room/$suite.log
said=$room/said
passed=0
failed=0
mkdir -p "$room"
. "$(dirname "$0")/machine.sh"

# expect WHAT COMMAND: the command succeeds there.
expect() {
    if in_machine "$2" >"$said" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED $1: $2"
        tail -n 20 "$said" | sed 's/^/    | /'
    fi
    cat "$said" >>"$log"
}

skip() {
    echo "skipped: $suite: $1"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
}

# bring FILE...: copies them into the folder of the project there.
bring() {
    tar -c "$@" | tar -x -C "$root$place"
}

if ! MAKEFLAGS='' make --no-print-directory deps-deb-test >"$log" 2>&1; then
    is_unreachable "$log" && skip 'a mirror cannot be reached'
    tail -n 20 "$log"
    echo "0 passed, 1 failed"
    exit 1
fi
remove_machine
if ! make_machine "$suite" ca-certificates >>"$log" 2>&1; then
    is_unreachable "$log" && skip 'its mirror cannot be reached'
    tail -n 20 "$log"
    echo "FAILED the machine cannot be made"
    echo "0 passed, 1 failed"
    exit 1
fi

mkdir -p "$root$place"
bring scenarios fixtures/conformance fixtures/rosters sim/tests/installed
tar -c -C build/deb $(cd build/deb && ls ./*.deb) | tar -x -C "$root$place"
install='DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends'
version=$(ls build/deb/rehearsal_*.deb | sed 's/.*rehearsal_\([^_]*\)_.*/\1/')

expect 'lists of packages' 'apt-get update -q'
expect 'the tool' "$install ./rehearsal_*.deb"
expect 'its release' "rehearse --version | grep -qx 'rehearse $version'"
expect 'the scenarios' 'rehearse run scenarios'
expect 'the report' 'rehearse conformance'
expect 'the form of scenarios' 'cp -r scenarios/bind s && rehearse fmt s && rehearse fmt --check s && rehearse run s'
expect 'a page for each verb' 'for verb in $(rehearse help | sed -n "s/^  \([a-z]*\) .*/\1/p" | grep -v help); do
    test -s /usr/share/man/man1/rehearse-$verb.1.gz || exit; done'
expect 'the library' "$install ./librehearsal-core0_*.deb"
expect 'no headers with it' 'test ! -e /usr/include/rehearsal'
expect 'the -dev package' "$install ./librehearsal-core-dev_*.deb gcc g++ libc6-dev pkg-config"
expect 'a C program' 'gcc -std=c11 -o /tmp/c sim/tests/installed/login.c $(pkg-config --cflags --libs rehearsal-core) &&
    ldd /tmp/c | grep -q librehearsal-core.so.0 && /tmp/c | grep -qx "logged in"'
expect 'a C++ program' 'g++ -std=c++11 -o /tmp/cc sim/tests/installed/login.cc \
    $(pkg-config --cflags --libs rehearsal-core) && /tmp/cc | grep -qx "logged in"'
expect 'a static C program' 'gcc -std=c11 $(pkg-config --cflags rehearsal-core) -o /tmp/static sim/tests/installed/login.c \
    -Wl,-Bstatic -lrehearsal-core -Wl,-Bdynamic -lexpat -lnettle -lidn && /tmp/static | grep -qx "logged in"'
expect 'their removal' 'apt-get purge -q -y rehearsal librehearsal-core0 librehearsal-core-dev &&
    test -z "$(find /usr /etc /var/lib -not -path "/var/lib/dpkg/*" -name "*rehears*" -print)"'

remove_machine
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
