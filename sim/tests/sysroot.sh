#!/bin/sh
# Headers and static libraries of another machine: sysroot.sh ARCHITECTURE FOLDER PACKAGE...
# Unpacks Debian's packages for that architecture into the folder.  They come from the mirrors that this
# machine installs from, through separate lists and a separate cache of apt, so that the system's apt does not
# learn of the architecture and nothing is installed.
set -eu

architecture=$1
folder=$2
shift 2

# The folder is complete once it contains the list of its packages.
if [ "$(cat "$folder/packages" 2>/dev/null)" = "$*" ]; then
    exit 0
fi

give_up() {
    cat "$said" >&2
    echo "cannot get the $architecture packages $packages: no mirror in this machine's sources has them," \
        "or none can be reached" >&2
    exit 1
}

packages=$*
rm -rf "$folder"
mkdir -p "$folder/apt/lists/partial" "$folder/apt/cache/archives/partial"
apt=$(cd "$folder/apt" && pwd)
said=$apt/said
: >"$apt/status"

# apt's sandbox could not write below a home directory; it is not needed, because packages are only unpacked here.
ask_apt() {
    (cd "$apt" && apt-get -q -o APT::Architecture="$architecture" -o APT::Architectures::="$architecture" \
        -o APT::Sandbox::User= -o Acquire::Languages=none -o Dir::State="$apt" \
        -o Dir::State::lists="$apt/lists" -o Dir::State::status="$apt/status" \
        -o Dir::Cache="$apt/cache" "$@") >>"$said" 2>&1
}

echo "fetching $packages for $architecture"
# One of several mirrors may fail; only missing packages count as an error.
ask_apt update || true
ask_apt download "$@" || give_up
for archive in "$apt"/*.deb; do
    dpkg-deb -x "$archive" "$folder"
done
rm -rf "$apt"
echo "$packages" >"$folder/packages"
