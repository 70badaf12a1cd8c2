#!/bin/sh
# Tests packages.sh on simulated machines, a table of cases: packages_cases.sh
# A machine is a folder with the few programs that packages.sh finds there; those of apt are simulated.
set -u

packages=$PWD/sim/tests/packages.sh
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
said=$room/said
passed=0
failed=0

# command NAME BODY: a program of this machine.
command_is() {
    printf '#!/bin/sh\n%s\n' "$2" >"$machine/$1"
    chmod +x "$machine/$1"
}

# A Debian where mmdebstrap is not installed, and any package of a name that begins with "lib" can be.
machine_is() {
    machine=$room/$1
    mkdir "$machine"
    for name in sh sed grep mktemp rm printf env cat; do
        ln -s "$(command -v "$name")" "$machine/$name"
    done
    command_is id 'echo 0'
    command_is dpkg-query 'for package; do :; done; [ "$package" = made ] && echo "installed 1.5"'
    command_is dpkg "exec $(command -v dpkg) \"\$@\""
    command_is apt-cache 'case $2 in lib*) echo "  Candidate: 2.0" ;; *) echo "  Candidate: (none)" ;; esac'
    command_is apt-get 'echo "$*" >>"$0.calls"; case "$*" in *update*) eval "$UPDATE" ;; *) eval "$INSTALL" ;; esac'
    UPDATE=:
    INSTALL=:
    export UPDATE INSTALL
}

complain() {
    [ "$bad" -eq 0 ] && echo "FAILED $case"
    bad=1
    echo "  $1"
}

# expect STATUS CASE PACKAGES FRAGMENT...: requests the packages on this machine.  "no: X" must not be in the output.
expect() {
    status=$1
    case=$2
    wanted=$3
    shift 3
    bad=0
    PATH=$machine sh "$packages" $wanted >"$said" 2>&1 </dev/null
    got=$?
    cat "$machine/apt-get.calls" >>"$said" 2>/dev/null
    [ "$got" -eq "$status" ] || complain "status: expected $status, got $got"
    for fragment in "$@"; do
        case $fragment in
        'no: '*) ! grep -qF -e "${fragment#no: }" "$said" || complain "it says: ${fragment#no: }" ;;
        *) grep -qF -e "$fragment" "$said" || complain "it does not say: $fragment" ;;
        esac
    done
    [ "$bad" -eq 0 ] || sed 's/^/  | /' "$said"
    passed=$((passed + !bad))
    failed=$((failed + bad))
}

machine_is complete
expect 0 'nothing is missing: nothing is called' 'made sed made>=1.5' 'no: update' 'no: install'

machine_is old
expect 0 'a version that is too old is missing' 'made libone made>=1.5' 'installing libone' '-y --no-install-recommends libone'
expect 1 'no source has a version that is recent enough' 'made>=1.6' 'no source in /etc/apt has made>=1.6'

machine_is elsewhere
expect 1 'no source has the package' 'libone other' 'no source in /etc/apt has other' 'no: has libone'

machine_is third_party
UPDATE='echo "Err:3 https://dead.example sid InRelease"; exit 100'
expect 0 'a source is dead, and another has the package' 'libone' 'https://dead.example sid InRelease' '-y --no-install-recommends libone'
expect 1 'a source is dead, and no other has the package' 'other' 'a mirror cannot be reached, and no other has other'

machine_is unreachable
INSTALL='echo "E: Failed to fetch http://dead.example/libone.deb"; exit 100'
expect 1 'what a list promises cannot be fetched' 'libone' 'a mirror cannot be reached' 'E: Failed to fetch'

machine_is locked
INSTALL='echo "E: Could not get lock"; exit 100'
expect 1 'apt-get fails for another reason' 'libone' 'apt-get failed' 'E: Could not get lock' 'no: mirror'

machine_is user
command_is id 'echo 1000'
expect 1 'neither root nor sudo' 'libone' 'there is no sudo' 'as root: apt-get install --no-install-recommends libone' 'no: update'
command_is sudo 'exit 1'
expect 1 'sudo refuses' 'libone' 'sudo refused' 'as root: apt-get install --no-install-recommends libone' 'no: update'
command_is sudo 'exec "$@"'
command_is true ''
expect 0 'sudo does what is asked' 'libone' '-y --no-install-recommends libone'

machine_is sanitizing
command_is clang 'exit 0'
expect 0 'clang and its runtime, by other means' 'libclang-rt-dev' 'no: update' 'no: install'
command_is clang 'exit 1'
expect 0 'clang without the runtime of its sanitizers' 'libclang-rt-dev' '-y --no-install-recommends libclang-rt-dev'

machine_is foreign
rm "$machine/apt-get" "$machine/dpkg-query" "$machine/dpkg"
expect 1 'a system without apt-get' 'sed libone' 'cannot install libone' 'this system has no apt-get' 'no: installing'
expect 0 'a system without apt-get where all is there' 'sed grep' 'no: apt-get'

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
