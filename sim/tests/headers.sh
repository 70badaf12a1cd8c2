#!/bin/sh
# Checks that a C++ program can use the core: headers.sh LIBRARY COMPILER [OPTION...] -- [OPTION-OF-THE-LINKER...]
# It includes the public headers and is linked with the library.  If the compiler does not support C++, the
# test is skipped.
set -u

library=$1
compiler=$2
shift
compile=
while [ "$1" != -- ]; do
    compile="$compile $1"
    shift
done
shift
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT

if ! echo 'class empty {};' | $compile -fsyntax-only -x c++ - 2>/dev/null; then
    echo "skipped: $compiler does not compile C++"
    echo "0 passed, 0 failed, 1 skipped"
    exit
fi

cat >"$room/host.cc" <<'HOST'
#include "core.h"
#include "inspect.h"

int main()
{
    const struct core_settings settings = core_settings_default();
    const char *name = session_type_name(SESSION_C2S);
    return settings.host_count == 0 && name != nullptr ? 0 : 1;
}
HOST
if $compile -std=c++11 -Wall -Wextra -Wpedantic -Werror -c -o "$room/host.o" "$room/host.cc" &&
    $compile -o "$room/host" "$room/host.o" "$library" "$@" && "$room/host"; then
    echo "1 passed, 0 failed"
else
    echo "0 passed, 1 failed"
    exit 1
fi
