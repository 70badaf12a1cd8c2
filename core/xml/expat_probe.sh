#!/bin/sh
# What the expat at hand has, as options for the compiler of the core: expat_probe.sh COMPILER [OPTION...]
# The options are those with which the compiler finds expat.h.  Nothing is linked and no program is run, so the
# compiler may be one for another machine.  expat_calls.h has the consequences.
set -eu

# has 'FUNCTION...' COMPILER [OPTION...]
has() {
    functions=$1
    shift
    {
        echo '#include <expat.h>'
        echo 'int main(void) {'
        printf '(void)%s;\n' $functions
        echo '}'
    } | "$@" -w -fsyntax-only -x c - 2>/dev/null
}

# option NAME 'FUNCTION...' COMPILER [OPTION...]
option() {
    name=$1
    shift
    has "$@" && echo "-D$name=1" || echo "-D$name=0"
}

if ! has XML_ParserCreate_MM "$@"; then
    echo "expat_probe.sh: $1 does not find expat.h" >&2
    exit 1
fi
option CORE_EXPAT_REPARSE_DEFERRAL XML_SetReparseDeferralEnabled "$@"
option CORE_EXPAT_SALT_16 XML_SetHashSalt16Bytes "$@"
option CORE_EXPAT_POSITIONS_64 'XML_GetCurrentByteIndex64 XML_GetCurrentByteCount64 XML_GetCurrentLineNumber64
    XML_GetInputContext64' "$@"
