# Machines of their own for tests, as chroots made by mmdebstrap, which only root can: fresh.sh and deb_test.sh source this
# file.  A machine is in $root and has nothing of this one but /proc, the mirrors and the way to them.  $room holds the
# settings, and commands run in $place.  It is removed at the end.

# ---- Access to the mirrors ----

# uri_of PATH: of this machine's mirror whose path ends so, or nothing.
uri_of() {
    apt-get indextargets --format '$(REPO_URI)' 'Identifier: Packages' | sed -n "\\,/$1/*\$,{p;q;}"
}

# sources SUITE: those lines of sources.list that the suite has, from this machine's mirrors.
sources() {
    mirror=$(uri_of debian)
    security=$(uri_of debian-security)
    [ -n "$mirror" ] || return
    echo "deb $mirror $1 main"
    [ "$1" != sid ] || return
    echo "deb $mirror $1-updates main"
    [ -z "$security" ] || echo "deb $security $1-security main"
}

# The settings of this machine's apt for them: proxies, certificates, accepted dates.
apt_settings() {
    apt-config dump --no-empty | grep -i -E '^Acquire::(http|https|Check-)'
}

# Certificates that were added to this machine, and the resolver.
bring_network() {
    cp -L /etc/resolv.conf "$root/etc/resolv.conf"
    for certificate in /usr/local/share/ca-certificates/*.crt; do
        [ -f "$certificate" ] && cp -L "$certificate" "$root/usr/local/share/ca-certificates/"
    done
    in_machine update-ca-certificates >/dev/null 2>&1
}

is_unreachable() {
    grep -q -e '^Err' -e 'Could not resolve' -e 'Could not connect' -e 'a mirror cannot be reached' "$1"
}

# ---- The machine ----

# in_machine COMMAND: a shell's, in $place.
in_machine() {
    chroot "$root" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
        ${http_proxy:+"http_proxy=$http_proxy"} ${https_proxy:+"https_proxy=$https_proxy"} \
        ${no_proxy:+"no_proxy=$no_proxy"} sh -c "cd $place 2>/dev/null; $1" </dev/null
}

# The tree is removed only after /proc was unmounted.
remove_machine() {
    if [ -n "${root:-}" ] && [ -d "$root" ]; then
        if mountpoint -q "$root/proc"; then
            umount "$root/proc" || exit 1
        fi
        rm -rf --one-file-system "$root"
    fi
}
trap remove_machine EXIT
trap 'exit 130' INT TERM

# make_machine SUITE PACKAGES: with these packages, separated by commas.
make_machine() {
    packages=$2
    apt_settings >"$room/apt.conf"
    sources "$1" >"$room/sources.list"
    set -- "$1" "$root"
    [ ! -s "$room/sources.list" ] || set -- "$@" "$room/sources.list"
    mmdebstrap --mode=root --variant=minbase --include="$packages" --aptopt="$room/apt.conf" "$@" || return
    mount -t proc proc "$root/proc" || return
    bring_network
}
