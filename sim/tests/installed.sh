#!/bin/sh
# Checks what `make install` installs: installed.sh BUILD COMPILER
#
# It is installed into temporary folders.  Programs outside of the tree (sim/tests/installed) are built with it in C and in
# C++, by pkg-config and by CMake, with the shared library and with the static one, and log in once.  The shared
# library exports what the public headers declare, and nothing else.  Man pages and completions are read by the programs that
# they are for.  `make uninstall` leaves what others installed.  Programs that this machine does not have are named and
# skipped.
set -u

build=$1
compiler=$2
programs=$PWD/sim/tests/installed
make=${MAKE:-make}
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
root=$room/root
library=librehearsal-core
passed=0
failed=0
skipped=0

# expect WHAT COMMAND...: the command succeeds; otherwise its output is printed.
expect() {
    what=$1
    shift
    if "$@" >"$room/said" 2>&1 </dev/null; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED $what"
        sed 's/^/    | /' "$room/said" | head -n 40
    fi
}

# has PROGRAM WHAT
has() {
    command -v "$1" >/dev/null && return
    echo "skipped: $2: there is no $1"
    skipped=$((skipped + 1))
    return 1
}

# ---- Files ----

files() {
    (cd "$1" && find . ! -type d | LC_ALL=C sort)
}

install_to() {
    $make -s BUILD="$build" CC="$compiler" install PREFIX=/usr DESTDIR="$1"
}

modes_are_right() {
    wrong=$(find "$root" \( -type f ! -perm 644 ! -path "$root/usr/bin/*" \) -o \( -type d ! -perm 755 ! -path "$root" \) -o \
        \( -path "$root/usr/bin/*" -type f ! -perm 755 \))
    [ -z "$wrong" ] || { echo "$wrong"; false; }
}

# A file of another project, beside ours.
leaves_what_is_not_ours() {
    before=$(files "$1")
    $make -s BUILD="$build" CC="$compiler" uninstall PREFIX=/usr DESTDIR="$1" || return
    left=$(files "$1")
    [ "$left" = ./usr/share/man/man1/other.1 ] || { echo "left: $left"; false; } || return
    ours=$(find "$1" -type d -name '*rehearsal*')
    [ -z "$ours" ] || { echo "left: $ours"; false; } || return
    install_to "$1" && [ "$(files "$1")" = "$before" ]
}

expect 'install' install_to "$root"
expect 'permissions' modes_are_right
expect 'the installed program' "$root/usr/bin/rehearse" --version
expect 'the second time' install_to "$root"
: >"$root/usr/share/man/man1/other.1"
expect 'uninstall' leaves_what_is_not_ours "$root"
expect 'a folder with a blank' install_to "$room/another root"

# ---- Symbols ----

# What the headers declare, and what the library exports, each with the version of the library.
only_what_is_declared_is_exported() {
    gcc -Icore/include -fsyntax-only -x c -aux-info "$room/declared" core/include/inspect.h || return
    sed -n 's|^/\* core/include/.*[ *]\([a-z_0-9]*\) (.*|\1@@REHEARSAL_CORE_0|p' "$room/declared" | sort >"$room/names"
    nm -D --defined-only --with-symbol-versions "$root/usr/lib/$library.so" | awk '$2 != "A" { print $3 }' |
        sort >"$room/exported"
    [ -s "$room/names" ] && diff "$room/names" "$room/exported"
}

archive_hides_the_rest() {
    sed 's/@.*//' "$room/names" >"$room/bare"
    nm -g --defined-only "$root/usr/lib/$library.a" | awk 'NF == 3 { print $3 }' | sort | diff "$room/bare" -
}

has_soname() {
    objdump -p "$root/usr/lib/$library.so" | grep -q "SONAME *$library.so.0\$"
}

if has gcc 'exported symbols'; then
    expect 'exported symbols' only_what_is_declared_is_exported
    expect 'symbols of the static library' archive_hides_the_rest
fi
expect 'the name in the library' has_soname

# ---- Programs ----

# build_with SOURCE STANDARD LINK...: by pkg-config, against the folder.
build_with() {
    source=$1
    standard=$2
    shift 2
    flags=$(PKG_CONFIG_PATH="$root/usr/lib/pkgconfig" pkg-config --define-variable=prefix="$root/usr" "$@" --cflags --libs \
        rehearsal-core) || return
    language=c
    runtime=
    case $source in *.cc) language=c++ runtime=-lstdc++ ;; esac
    (cd "$room" && $compiler -std="$standard" -Wall -Wextra -Wpedantic -Werror -x $language "$programs/$source" -x none \
        -o login $flags $runtime)
}

logs_in() {
    [ "$(LD_LIBRARY_PATH="$root/usr/lib" "$room/login")" = 'logged in' ]
}

uses_the_shared_library() {
    LD_LIBRARY_PATH="$root/usr/lib" ldd "$room/login" | grep -q "$root/usr/lib/$library.so.0"
}

is_without_it() {
    ! ldd "$room/login" | grep -q "$library"
}

static() {
    PKG_CONFIG_PATH="$root/usr/lib/pkgconfig" pkg-config --define-variable=prefix="$root/usr" --static --libs rehearsal-core |
        sed "s|-lrehearsal-core|$root/usr/lib/$library.a|"
}

build_static() {
    (cd "$room" && $compiler -std=c11 -I"$root/usr/include/rehearsal" "$programs/login.c" -o login $(static))
}

compiles_cxx() {
    echo 'class empty {};' | $compiler -fsyntax-only -x c++ - 2>/dev/null
}

if has pkg-config 'programs by pkg-config'; then
    expect 'a C program' build_with login.c c11
    expect 'its login' logs_in
    expect 'its library' uses_the_shared_library
    expect 'a C program with the static library' build_static
    expect 'its login, with the static library' logs_in
    expect 'no shared library' is_without_it
    if compiles_cxx; then
        expect 'a C++ program' build_with login.cc c++11
        expect 'its login, in C++' logs_in
    else
        echo "skipped: a C++ program: $compiler does not compile C++"
        skipped=$((skipped + 1))
    fi
fi

cmake_builds() {
    cmake -S "$programs" -B "$room/cmake" -DCMAKE_PREFIX_PATH="$root/usr" -DCMAKE_C_COMPILER="$compiler" &&
        cmake --build "$room/cmake"
}

cmake_logs_in() {
    for name in shared static cxx; do
        [ "$("$room/cmake/login_$name")" = 'logged in' ] || return
    done
}

cmake_is_as_wanted() {
    printf 'cmake_minimum_required(VERSION 3.18)\nproject(x C)\nfind_package(rehearsal-core 0.2)\n%s\n' \
        'if(rehearsal-core_FOUND)
message(FATAL_ERROR found)
endif()' >"$room/CMakeLists.txt"
    cmake -S "$room" -B "$room/wanted" -DCMAKE_PREFIX_PATH="$root/usr" -DCMAKE_C_COMPILER="$compiler"
}

if has cmake 'programs by CMake' && compiles_cxx; then
    expect 'programs by CMake' cmake_builds
    expect 'their logins' cmake_logs_in
    expect 'another release is not found by CMake' cmake_is_as_wanted
fi

# ---- Man pages, completions, highlighting ----

page_is_right() {
    said=$(man --warnings -l "$1" 2>&1 >"$room/page")
    [ -z "$said" ] && [ -s "$room/page" ] || { echo "$said"; false; }
}

if has man 'man pages'; then
    for page in "$root"/usr/share/man/man?/rehearse*; do
        expect "the page ${page##*/}" page_is_right "$page"
    done
fi

# completes 'WORD...' EXPECTED: what bash would complete the last word to.
completes() {
    got=$(bash -c '. "$1"; COMP_WORDS=($2); [ "${2% }" = "$2" ] || COMP_WORDS+=("")
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _rehearse 2>/dev/null; echo "${COMPREPLY[*]}"' bash \
        "$root/usr/share/bash-completion/completions/rehearse" "$1")
    [ "$got" = "$2" ] || { echo "got '$got', expected '$2'"; false; }
}

if has bash 'completion in bash'; then
    expect 'a verb' completes 'rehearse sw' sweep
    expect 'the verbs after help' completes 'rehearse help con' conformance
    expect 'an option' completes 'rehearse run --ver' --verbose
    expect 'an option of another verb' completes 'rehearse lint --ver' ''
    expect 'a path' completes 'rehearse lint sim/tests/installed/CM' sim/tests/installed/CMakeLists.txt
    expect 'the file of an option' completes 'rehearse run --output sim/tests/installed/CM' \
        sim/tests/installed/CMakeLists.txt
    expect 'no file for a number' completes 'rehearse run --seed sim/tests/installed/CM' ''
fi
has zsh 'completion in zsh' && expect 'completion in zsh' zsh -n "$root/usr/share/zsh/site-functions/_rehearse"
has fish 'completion in fish' && expect 'completion in fish' fish -n \
    "$root/usr/share/fish/vendor_completions.d/rehearse.fish"

highlights() {
    printf '# Romeo\n## strict\n\n[Client] Romeo\n\tjid: romeo@localhost\n---\nRomeo connects\n' >"$room/small.scs"
    vim -u NONE -i NONE -es -N -c "set rtp+=$root/usr/share/vim/vimfiles" -c 'filetype on' -c 'syntax on' \
        -c "e $room/small.scs" -c "redir! > $room/names" -c 'echo &filetype' \
        -c 'echo synIDattr(synID(2, 4, 1), "name")' -c 'echo synIDattr(synID(4, 2, 1), "name")' -c 'redir END' -c 'q!'
    [ "$(tr -s '\n' ' ' <"$room/names" | sed 's/^ //')" = 'rehearsal rehearsalTagName rehearsalSection' ] ||
        { cat "$room/names"; false; }
}

has vim 'highlighting in vim' && expect 'highlighting in vim' highlights
has jq 'highlighting in VS Code' && expect 'highlighting in VS Code' jq -e . "$root/usr/share/rehearsal/vscode/package.json" \
    "$root/usr/share/rehearsal/vscode/language-configuration.json" \
    "$root/usr/share/rehearsal/vscode/rehearsal.tmLanguage.json"

[ "$skipped" -eq 0 ] && skipped= || skipped=", $skipped skipped"
echo "$passed passed, $failed failed$skipped"
[ "$failed" -eq 0 ]
