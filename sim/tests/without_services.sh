#!/bin/sh
# Installs packages such that no service of theirs is started: without_services.sh COMMAND PACKAGE...
# COMMAND installs the packages.  Debian asks /usr/sbin/policy-rc.d before a package starts a service
# (policy-rc.d(8)); 101 forbids it.  It is in place only while packages are missing.  If the machine has such a policy
# already, that one decides.
set -u

policy=/usr/sbin/policy-rc.d
command=$1
shift

as_root=
[ "$(id -u)" = 0 ] || as_root=sudo

all_there() {
    for package; do
        dpkg-query -W -f '${db:Status-Status}\n' "${package%%>=*}" 2>/dev/null | grep -qx installed || return 1
    done
}

if ! all_there "$@" && [ ! -e "$policy" ] && { [ -z "$as_root" ] || command -v sudo >/dev/null; }; then
    trap '$as_root rm -f "$policy"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null && $as_root chmod 755 "$policy" || exit 1
fi
"$command" "$@"
