#!/bin/sh
# Makes the Debian packages in build/deb, and checks them with lintian: deb.sh RELEASE
# The files that Git knows, as they are in this folder, are copied there, with .debian as debian; outside of a
# checkout, all files but the results of builds.
set -eu

release=$1
room=$PWD/build/deb
tree=$room/rehearsal-$release
rm -rf "$room"
mkdir -p "$tree"
if [ -e .git ]; then
    git ls-files -z --cached --others --exclude-standard
else
    find . -path ./build -prune -o -type f -print0
fi | xargs -0 sh -c 'for file; do [ ! -e "$file" ] || printf "%s\0" "$file"; done' sh |
    tar -c --null -T - | tar -x -C "$tree"
mv "$tree/.debian" "$tree/debian"

log=$room/build.log
changelog=$(cd "$tree" && dpkg-parsechangelog -S Version)
if [ "$changelog" != "$release" ]; then
    echo ".debian/changelog has version $changelog; the Makefile has $release" >&2
    exit 1
fi
# A make above this one has no say in Debian's build.
if ! (cd "$tree" && env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL DEB_BUILD_OPTIONS="parallel=${JOBS:-1}" \
    dpkg-buildpackage -b -us -uc) >"$log" 2>&1; then
    tail -n 40 "$log"
    echo "the packages could not be built: see $log" >&2
    exit 1
fi
ls -l "$room"/*.deb | awk '{ print $9, $5 " bytes" }'
run_as=
[ "$(id -u)" != 0 ] || run_as=--allow-root
lintian $run_as --fail-on error,warning --tag-display-limit 0 "$room"/*.changes
