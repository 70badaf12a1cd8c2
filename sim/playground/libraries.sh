#!/bin/sh
# The libraries that the core and the simulator need, for WebAssembly: libraries.sh FOLDER
# Debian's sources of expat, nettle and libidn are fetched, with lists and a cache of apt of their own, so that the
# system's apt does not learn of sources, and built with emscripten into FOLDER/usr.  What is only headers is copied
# from this machine.  The folder is complete once it has the stamp; then nothing is done.
set -eu

mkdir -p "$1"
folder=$(cd "$1" && pwd)
sources='expat nettle libidn'
headers='xxhash.h uthash.h utlist.h'
# Where the parts of emscripten that are programs for node find their modules; a node that is not Debian's does not look there.
NODE_PATH=/usr/share/nodejs
export NODE_PATH
keys=/usr/share/keyrings/debian-archive-keyring.gpg
stamp="$(cksum <"$0") $sources $headers $(emcc --version | sed -n 1p)"

if [ "$(cat "$folder/libraries" 2>/dev/null)" = "$stamp" ]; then
    exit 0
fi

work=$folder/work
said=$work/said
give_up() {
    tail -n 30 "$said" >&2
    echo "libraries.sh: $1; all that was said is in $said" >&2
    exit 1
}

# ---- Sources ----

rm -rf "${folder:?}/usr" "$work" "$folder/libraries"
mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
cd "$work"
: >status
: >"$said"

# As in sysroot.sh; the mirrors are those from which this machine installs.
ask_apt() {
    apt-get -q -o APT::Sandbox::User= -o Acquire::Languages=none -o Dir::Etc::sourcelist="$work/sources.list" \
        -o Dir::Etc::sourceparts=/dev/null -o Dir::State="$work" -o Dir::State::lists="$work/lists" \
        -o Dir::State::status="$work/status" -o Dir::Cache="$work/cache" "$@" >>"$said" 2>&1
}

# fetch SOURCE: unpacks it into the folder SOURCE.  A mirror may have the release of the authors and lack the archive
# with Debian's patches; then the sources are without these.
fetch() {
    mkdir "$work/$1.archives"
    cd "$work/$1.archives"
    if ask_apt source "$1"; then
        mv ./*/ "$work/$1"
    elif ask_apt source --tar-only "$1"; then
        echo "$1: without Debian's patches, which no mirror has"
        mkdir "$work/$1"
        tar -xf ./*.orig.tar.*[z2] --strip-components=1 -C "$work/$1"
    else
        give_up "cannot get the sources of $1: no mirror in this machine's sources has them, or none can be reached"
    fi
    cd "$work"
}

echo "fetching the sources of $sources"
apt-get indextargets --format "deb-src [signed-by=$keys] \$(REPO_URI) \$(RELEASE) \$(COMPONENT)" \
    'Created-By: Packages' 'Origin: Debian' | sort -u >sources.list
# One of several mirrors may fail; only missing sources count as an error.
ask_apt update || true
for source in $sources; do
    fetch "$source"
done

# ---- Building ----

# tell COMMAND...: its output is kept; the library is given up if it fails.
tell() {
    "$@" >>"$said" 2>&1 || give_up "cannot build $source"
}

# enter SOURCE FOLDER
enter() {
    source=$1
    echo "building $source for WebAssembly"
    cd "$work/$source/$2"
}

# define HEADER MACRO...
define() {
    header=$1
    shift
    printf '#define %s\n' "$@" >"$header"
}

# archive LIBRARY FILE...: compiles the files in this folder, and makes a library of them.
archive() {
    library=$1
    shift
    for file in "$@"; do
        tell emcc -O2 -w -DHAVE_CONFIG_H -I. -Igl -c -o "$(basename "$file").o" "$file.c"
    done
    tell emar rcs "$folder/usr/lib/$library" ./*.o
}

# The files of expat and libidn are compiled without their configure scripts: the one is missing in its release, the
# other runs for many minutes with this compiler.  The settings are those of Debian's packages.
build_expat() {
    enter expat expat/lib
    define expat_config.h 'BYTEORDER 1234' 'HAVE_FCNTL_H 1' 'HAVE_UNISTD_H 1' 'XML_CONTEXT_BYTES 1024' \
        'XML_DEV_URANDOM 1' 'XML_DTD 1' 'XML_GE 1' 'XML_NS 1'
    archive libexpat.a xmlparse xmlrole xmltok
    cp expat.h expat_external.h "$folder/usr/include"
}

# Without public keys, which would need another library.
build_nettle() {
    enter nettle .
    CFLAGS=-O2 tell emconfigure ./configure --host=wasm32-unknown-emscripten --prefix="$folder/usr" \
        --libdir="$folder/usr/lib" --disable-shared --enable-static --disable-assembler --disable-public-key \
        --disable-openssl --disable-documentation
    tell emmake make libnettle.a install-headers install-static
}

# Without the names of errors and the character sets of locales, which are not used.
build_libidn() {
    enter libidn lib
    define config.h 'HAVE_STDINT_H 1' 'c_strcasecmp strcasecmp' 'c_strncasecmp strncasecmp' \
        _GL_ATTRIBUTE_MALLOC _GL_ATTRIBUTE_DEALLOC_FREE _GL_ATTRIBUTE_PURE
    echo '#include <stdint.h>' >idn-int.h
    for header in unistr unitypes; do
        cp "gl/$header.in.h" "$header.h"
    done
    archive libidn.a nfkc stringprep rfc3454 profiles punycode idna idn-free toutf8 gl/unistr/u8-check
    cp idna.h idn-free.h stringprep.h idn-int.h "$folder/usr/include"
}

mkdir -p "$folder/usr/include" "$folder/usr/lib"
build_expat
build_libidn
build_nettle

for header in $headers; do
    cp "/usr/include/$header" "$folder/usr/include" 2>>"$said" || give_up "there is no /usr/include/$header"
done
rm -rf "$work"
echo "$stamp" >"$folder/libraries"
