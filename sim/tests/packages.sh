#!/bin/sh
# Installs the Debian packages that are missing: packages.sh 'PACKAGE' 'PACKAGE>=VERSION'...
# A file that was installed without a package is not missing.  If nothing is missing, no command is called.
# If a package cannot be installed, the last lines give the reason and the command that helps.
set -u

export LC_ALL=C
said=$(mktemp)
trap 'rm -f "$said"' EXIT

# ---- Missing packages ----

# is_recent VERSION WANTED: whether the version is at least the required one, as 'PACKAGE' or 'PACKAGE>=VERSION'.
is_recent() {
    case $2 in
    *'>='*) dpkg --compare-versions "$1" ge "${2#*>=}" ;;
    esac
}

# version_of PACKAGE: nothing where it is not installed.
version_of() {
    dpkg-query -W -f '${db:Status-Status} ${Version}' "$1" 2>/dev/null | sed -n 's/^installed //p'
}

# has_header HEADER...: the last of them, which may need the others.
has_header() {
    printf '#include <%s>\n' "$@" | ${CC:-cc} ${CPPFLAGS:-} -fsyntax-only -x c - 2>/dev/null
}

# has_runtime: whether clang has the runtime of a sanitizer, which linking needs.
has_runtime() {
    program=$(mktemp)
    echo 'int main(void) { return 0; }' | clang -fsanitize=undefined -x c -o "$program" - 2>/dev/null
    linked=$?
    rm -f "$program"
    return "$linked"
}

# is_there PACKAGE: whether the parts that the project uses are installed.
is_there() {
    case $1 in
    libc6-dev) has_header stdio.h ;;
    libexpat1-dev) has_header expat.h ;;
    nettle-dev) has_header nettle/hmac.h ;;
    libidn-dev) has_header idna.h ;;
    uthash-dev) has_header uthash.h ;;
    libxxhash-dev) has_header xxhash.h ;;
    libcmocka-dev) has_header setjmp.h stdarg.h stddef.h stdint.h cmocka.h ;;
    libclang-rt-dev) has_runtime ;;
    binutils) command -v objdump >/dev/null ;;
    perl) command -v prove >/dev/null ;;
    libxml2-utils) command -v xmllint >/dev/null ;;
    graphviz) command -v dot >/dev/null ;;
    afl++) command -v afl-fuzz >/dev/null ;;
    llvm) command -v llvm-symbolizer >/dev/null ;;
    slurm-wlm) command -v sbatch >/dev/null && PATH=$PATH:/usr/sbin command -v slurmctld >/dev/null ;;
    munge) PATH=$PATH:/usr/sbin command -v munged >/dev/null ;;
    *) command -v "$1" >/dev/null ;;
    esac
}

# is_missing WANTED
is_missing() {
    version=$(version_of "${1%%>=*}")
    if [ -n "$version" ]; then
        ! is_recent "$version" "$1"
    else
        ! is_there "${1%%>=*}"
    fi
}

wanted=
missing=
for package in "$@"; do
    if is_missing "$package"; then
        wanted="$wanted $package"
        missing="$missing ${package%%>=*}"
    fi
done
[ -n "$missing" ] || exit 0

# ---- Whether anything can be installed ----

# give_up REASON HELP
give_up() {
    printf 'cannot install%s:\n  %s\n  %s\n' "$missing" "$1" "$2" >&2
    exit 1
}

install="apt-get install --no-install-recommends$missing"
command -v apt-get >/dev/null ||
    give_up 'this system has no apt-get' \
        "install what these Debian packages hold with this system's own tools, then call make again"
as_root=
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || give_up 'this user is not root, and there is no sudo' "as root: $install"
    sudo true || give_up 'sudo refused' "as root: $install"
    as_root=sudo
fi

# ---- Installing ----

when_reached='look into /etc/apt, the network and the proxy, then: make deps'

ask_apt() {
    $as_root env LC_ALL=C DEBIAN_FRONTEND=noninteractive apt-get -q "$@" >"$said" 2>&1 </dev/null
}

# has_candidate WANTED: whether a source has it.
has_candidate() {
    candidate=$(apt-cache policy "${1%%>=*}" 2>/dev/null | sed -n 's/^  Candidate: //p')
    [ -n "$candidate" ] && [ "$candidate" != '(none)' ] && is_recent "$candidate" "$1"
}

echo "installing$missing"
ask_apt update
unread=$(sed -n 's/^Err:[0-9]* */  /p' "$said")
if [ -n "$unread" ]; then
    printf 'apt-get cannot read all of its sources:\n%s\n' "$unread" >&2
fi

absent=
for package in $wanted; do
    has_candidate "$package" || absent="$absent $package"
done
if [ -n "$absent" ] && [ -n "$unread" ]; then
    give_up "a mirror cannot be reached, and no other has$absent" "$when_reached"
elif [ -n "$absent" ]; then
    give_up "no source in /etc/apt has$absent" \
        "add Debian's main component to /etc/apt/sources.list, then: make deps"
fi

ask_apt install -y --no-install-recommends $missing && exit 0
grep '^[EW]:' "$said" >&2
if grep -q -e '^E: Failed to fetch' -e '^E: Unable to fetch' "$said"; then
    give_up 'a mirror cannot be reached' "$when_reached"
fi
give_up 'apt-get failed' "see what it says to: ${as_root:+$as_root }$install"
