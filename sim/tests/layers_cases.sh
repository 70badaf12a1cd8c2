#!/bin/sh
# Tests layers.sh with small trees, a table of cases: layers_cases.sh CC
# A tree is a ground root with a door and a house of three modules, cellar, hall and attic, without errors;
# each case adds or removes something.
set -u

compiler=$1
layers=$PWD/sim/tests/layers.sh
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room" || exit 1
passed=0
failed=0

# source_is PATH LINE...: a file of the tree.
source_is() {
    path=$1
    shift
    mkdir -p "$(dirname "$path")"
    printf '%s\n' "$@" >"$path"
}

tree() {
    rm -rf ground house build list
    cp -Rp built/ground built/house built/build built/list .
}

# The tree before any case; it is kept, with its objects, in the folder built.
make_tree() {
    source_is ground/door.h 'void knock(void);'
    source_is ground/door.c '#include "door.h"' 'void knock(void) {}' 'void hidden(void) {}'
    source_is ground/secret.h 'void hidden(void);'
    source_is house/text.h 'void text(void);'
    source_is house/text.c '#include "text.h"' 'void text(void) {}'
    source_is house/main.c '#include "attic/roof.h"' 'int main(void) { roof(); }'
    source_is house/cellar/wine.h 'void wine(void);'
    source_is house/cellar/wine.c '#include "wine.h"' '#include "../text.h"' '#include "../../ground/door.h"' \
        'void wine(void) { text(); knock(); }'
    source_is house/cellar/coal.h 'void coal(void);'
    source_is house/cellar/coal.c '#include "coal.h"' '#include "cellar/wine.h"' 'void coal(void) { wine(); }'
    source_is house/hall/stairs.h 'void stairs(void);' 'void landing(void);'
    source_is house/hall/stairs.c '#include "stairs.h"' '#include "../cellar/wine.h"' \
        'void stairs(void) { wine(); }' 'void landing(void) {}'
    source_is house/attic/roof.h 'void roof(void);'
    source_is house/attic/roof.c '#include "roof.h"' '#include "../hall/stairs.h"' 'void roof(void) { stairs(); }'
    source_is list '# A comment.' '' 'door ground/door.h: it is one'
}

# Compiles what a case has changed in a copy of the built tree.
compile() {
    for source in $(find ground house -name '*.c' -newer built/stamp); do
        mkdir -p "build/${source%/*}"
        $compiler -Ihouse -c -o "build/${source%.c}.o" "$source" || exit 1
    done
}

complain() {
    [ "$bad" -eq 0 ] && echo "FAILED $case"
    bad=1
    echo "  $1"
}

# judge STATUS CASE FRAGMENT...: checks the built tree.  "no: X" must not be in the output.
judge() {
    status=$1
    case=$2
    shift 2
    bad=0
    "$layers" build list ground 'house cellar kitchen hall attic' >said 2>&1
    got=$?
    [ "$got" -eq "$status" ] || complain "status: expected $status, got $got"
    for fragment in "$@"; do
        case $fragment in
        'no: '*) ! grep -qF -e "${fragment#no: }" said || complain "it says: ${fragment#no: }" ;;
        *) grep -qF -e "$fragment" said || complain "it does not say: $fragment" ;;
        esac
    done
    [ "$bad" -eq 0 ] || sed 's/^/  | /' said
    passed=$((passed + !bad))
    failed=$((failed + bad))
}

expect() {
    compile
    judge "$@"
    tree
}

mkdir built
touch -d @0 built/stamp
make_tree
compile
mv ground house build list built/
touch built/stamp
tree
expect 0 'nothing is wrong: two roots, three modules, a line of the list' '6 passed, 0 failed' 'no: FAILED'

# ---- The order ----

source_is house/cellar/coal.h '#include "../hall/stairs.h"' 'void coal(void);'
expect 1 'a module includes one behind it' '5 passed, 1 failed' \
    'FAILED house/cellar/coal.h includes house/hall/stairs.h, and house/hall comes behind house/cellar'

source_is house/cellar/coal.c 'void landing(void);' 'void coal(void) { landing(); }'
expect 1 'a module calls one behind it, and includes nothing' '5 passed, 1 failed' \
    'FAILED house/cellar/coal calls landing of house/hall/stairs, and house/hall comes behind house/cellar'

source_is house/cellar/coal.c '#include "attic/roof.h"' 'void coal(void) {}'
expect 1 'an include that is found from the root' \
    'FAILED house/cellar/coal.c includes house/attic/roof.h, and house/attic comes behind house/cellar'

source_is house/hall/stairs.c 'int main(void);' 'void stairs(void) { main(); }' 'void landing(void) {}'
expect 1 'a module calls what stands in the root and uses modules' \
    'FAILED house/hall/stairs calls main of house/main, which itself uses house/attic/roof'

source_is house/text.h '#include "text_more.h"' 'void text(void);'
source_is house/text_more.h '#include "attic/roof.h"'
expect 1 'a header of the root reaches a module by way of another' \
    'FAILED house/cellar/wine.c includes house/text.h, which itself uses house/text_more.h'

source_is house/garden/tree.c 'int tree;'
expect 1 'a folder of sources that is no module' '5 passed, 1 failed' \
    'FAILED house/garden/tree.c: the folder house/garden is not among the modules'

source_is house/include/ground.h '#include "cellar/wine.h"'
source_is house/attic/roof.c '#include "../include/ground.h"' 'void stairs(void); void roof(void) { stairs(); }'
expect 1 'a folder of headers belongs to the root' \
    'FAILED house/attic/roof.c includes house/include/ground.h, which itself uses house/cellar/wine.h' \
    'no: not among the modules'

# ---- Other roots ----

source_is house/cellar/wine.c '#include "../../ground/secret.h"' 'void wine(void) {}'
expect 1 'a header of another root that is no door' \
    'FAILED house/cellar/wine.c includes ground/secret.h, which is not among the doors'

source_is house/cellar/coal.c 'void hidden(void);' 'void coal(void) { hidden(); }'
expect 1 'a function of another root that no door has' \
    'FAILED house/cellar/coal calls hidden of ground/door, which no door declares'

source_is ground/door.c 'void text(void);' 'void knock(void) { text(); }' 'void hidden(void) {}'
expect 1 'a root calls one behind it' 'FAILED ground/door calls text of house/text, and house comes behind ground'

# ---- Circles ----

source_is house/cellar/wine.c 'void coal(void);' 'void wine(void) { coal(); }'
source_is list
expect 1 'two files in a circle' '4 passed, 1 failed' \
    'FAILED a circle: house/cellar/coal -> house/cellar/wine -> house/cellar/coal' \
    '    house/cellar/wine calls coal of house/cellar/coal' '    house/cellar/coal calls wine of house/cellar/wine'

three() {
    source_is house/cellar/wine.c '#include "../../ground/door.h"' 'void soot(void); void ash(void);' \
        'void wine(void) { knock(); soot(); ash(); }'
    source_is house/cellar/soot.c 'void coal(void);' 'void soot(void) { coal(); }' 'void ash(void) {}'
}

three
expect 1 'three files in a circle, told with all that is called, and once' \
    'a circle: house/cellar/coal -> house/cellar/wine -> house/cellar/soot -> house/cellar/coal' \
    '    house/cellar/wine calls ash, soot of house/cellar/soot' 'no: circle: house/cellar/wine'

source_is house/cellar/coal.c '#include "wine.h"' 'extern int bottles[];' 'void coal(void) { bottles[0] = 1; }'
source_is house/cellar/wine.c '#include "../../ground/door.h"' '#include "coal.h"' 'int bottles[] = { 2 };' \
    'void wine(void) { knock(); coal(); }'
expect 1 'a table is used as a function is called' 'house/cellar/coal calls bottles of house/cellar/wine'

source_is house/cellar/wine.h '#include "coal.h"' 'void wine(void);'
source_is house/cellar/coal.h '#include "wine.h"'
sed -i '1i #pragma once' house/cellar/*.h
expect 1 'headers in a circle' 'a circle: house/cellar/coal.h -> house/cellar/wine.h -> house/cellar/coal.h'

# ---- The list ----

three
echo 'circle house/cellar/wine house/cellar/soot house/cellar/coal: they are one' >>list
expect 0 'files that are allowed a circle' '7 passed, 0 failed'

three
echo 'circle house/cellar/: it is one' >>list
expect 0 'a folder that is allowed circles' '7 passed, 0 failed'

three
echo 'circle house/: what stands in the root, and not in its modules' >>list
expect 1 'a folder does not stand for the folders in it' 'a circle: house/cellar/coal -> ' \
    'FAILED the list allows what nothing does, with house/: circle house/: what'

three
echo 'circle house/cellar/wine house/cellar/coal: these two' >>list
expect 1 'a circle that goes on outside of what is allowed' 'a circle: house/cellar/coal -> '

three
echo 'circle house/cellar/wine house/cellar/soot house/cellar/coal house/text: one too many' >>list
expect 1 'a file that a line names and need not' '6 passed, 1 failed' \
    'FAILED the list allows what nothing does, with house/text: circle house/cellar/wine'

echo 'door ground/secret.h: nobody comes' >>list
expect 1 'a door that is not used' 'FAILED the list allows what nothing does, with ground/secret.h: door'

echo 'circle house/cellar/wine house/cellar/coal' >>list
expect 1 'a line without a reason' 'FAILED the list has a line that says neither what nor why: circle house/cellar/wine'

echo 'window ground/door.h: it is one' >>list
expect 1 'a line of no kind' 'FAILED the list has a line that says neither what nor why: window'

# ---- Objects ----

compile
rm build/house/hall/stairs.o
judge 1 'a source without an object' 'FAILED house/hall/stairs.c has not been built'
tree

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
