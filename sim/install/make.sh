#!/bin/sh
# Makes what is installed beside programs, libraries and headers: make.sh PROGRAM FOLDER
# Man pages and completions are printed by the program, so they say what its help says; the page of the language is made of
# its reference.  RELEASE, SOVERSION, PREFIX, LIBDIR and INCLUDEDIR are inserted into the files NAME.in.
set -eu

program=$1
out=$2
here=$(dirname "$0")

"$program" help --man >"$out/rehearse.1"
for verb in $("$here/verbs.sh" "$program"); do
    "$program" help --man "$verb" >"$out/rehearse-$verb.1"
done
awk -v "release=$RELEASE" -f "$here/scenario_man.awk" scenarios/README.md >"$out/rehearse-scenario.5"
for shell in bash zsh fish; do
    "$program" help --completion "$shell" >"$out/completion.$shell"
done

# The way from the folder of CMake's file, LIBDIR/cmake/rehearsal-core, to INCLUDEDIR, both below PREFIX.
below=${LIBDIR#"$PREFIX"/}/cmake/rehearsal-core
case $LIBDIR,$INCLUDEDIR in
"$PREFIX"/*,"$PREFIX"/*) include=$(echo "$below" | sed 's|[^/]*|..|g')/${INCLUDEDIR#"$PREFIX"/} ;;
*) include=$(echo "${LIBDIR#/}/cmake/rehearsal-core" | sed 's|[^/]*|..|g')$INCLUDEDIR ;;
esac
# from_prefix FOLDER: as pkg-config writes it, so that the prefix may be another one.
from_prefix() {
    case $1 in
    "$PREFIX"/*) echo "\${prefix}${1#"$PREFIX"}" ;;
    *) echo "$1" ;;
    esac
}
for file in "$here"/*.in; do
    name=${file##*/}
    sed -e "s|@PREFIX@|$PREFIX|g" \
        -e "s|@LIBDIR@|$(from_prefix "$LIBDIR")|g" \
        -e "s|@INCLUDEDIR@|$(from_prefix "$INCLUDEDIR")|g" \
        -e "s|@RELEASE@|$RELEASE|g" -e "s|@SOVERSION@|$SOVERSION|g" -e "s|@INCLUDE_FROM_HERE@|$include|g" \
        "$file" >"$out/${name%.in}"
done
