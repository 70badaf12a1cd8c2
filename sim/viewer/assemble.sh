#!/bin/sh
# Makes one page of the viewer, as C source: assemble.sh PAGE STYLE MODULE...
# PAGE has lines that consist of "@STYLE@", "@SCRIPT@" and "@DATA@" alone.  The style and the modules replace the first two; the
# page is cut at the third (sim/tool/viewer_page.h).  The modules become one script: their lines "import ..." are left
# out, and so is the word "export", so no two may have the same name at their top level.
set -eu

page=$1
style=$2
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for module in "$@"; do
    sed -E -e '/^import /d' -e 's/^export //' "$module"
done >"$work/script"
twice=$(sed -n -E 's/^(async )?(function|class|const|let) \*?([A-Za-z0-9_]+).*/\3/p' "$work/script" | sort | uniq -d)
if [ -n "$twice" ]; then
    echo "assemble.sh: two modules have these names: $twice" >&2
    exit 1
fi
if grep -q -i '</script\|<!--' "$work/script"; then
    echo "assemble.sh: the script would end its own element" >&2
    exit 1
fi

awk -v style="$style" -v script="$work/script" -v before="$work/before" -v after="$work/after" '
    function copy(file,    line) {
        while ((getline line <file) > 0)
            print line >out
        close(file)
    }
    BEGIN { out = before }
    $0 == "@STYLE@" { copy(style); next }
    $0 == "@SCRIPT@" { copy(script); next }
    $0 == "@DATA@" { out = after; next }
    { print >out }
' "$page"

# array NAME FILE: its bytes as characters, so that the sign of a char does not matter, and a NUL.
array() {
    echo "const char $1[] = {"
    od -An -v -to1 "$2" | sed -E "s/ +([0-7]{3})/'\\\\\\1',/g"
    printf '%s\n' "0 };"
}

echo '#include "viewer_page.h"'
array viewer_page_before "$work/before"
array viewer_page_after "$work/after"
