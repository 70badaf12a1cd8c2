#!/bin/bash
# Runs .clusterfuzzlite/build.sh with the compilers of this machine, and checks the result as OSS-Fuzz and
# ClusterFuzzLite do before they run targets: clusterfuzz.sh CONFIGURATION...
# A configuration is address, undefined or coverage: libFuzzer with this sanitizer; afl: AFL++; none: no engine.
#
# The variables are those of OSS-Fuzz's image base-builder, and the checks are those of its bad_build_check: each target
# starts, counts edges, is compiled with its sanitizer and no other, and runs its corpus.  Beside these: its
# libraries are in the image that runs it, and its dictionary and its limits are there.  As there, the results are moved
# before they run, and here the sources and the objects are gone by then.
set -u

export LC_ALL=C
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
passed=0
failed=0

# What bad_build_check asks for: the least number of edges; calls of a sanitizer's functions that a target which is
# compiled with it has at least, and one that is not has at most.
least_edges=100
least_address=1000
least_undefined=168
most_undefined=200

# The libraries of a bare Ubuntu: those of glibc, and those that apt needs.
in_image='linux-vdso.so.1|ld-linux-[a-z0-9-]*.so.2|lib(c|m|dl|rt|pthread|resolv).so.[0-9]+'
in_image=$in_image'|libgcc_s.so.1|libstdc\+\+.so.6'

# expect WHAT COMMAND...: counts whether the command succeeds; shows what it said when it does not.
expect() {
    what="$configuration: $1"
    shift
    if "$@" >"$room/said" 2>&1 </dev/null; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED $what"
        sed 's/^/  | /' "$room/said" | tail -n 40
    fi
}

# ---- Building ----

# The flags of base-builder, as far as the clang here knows them.
flags_of() {
    common='-O1 -fno-omit-frame-pointer -gline-tables-only -DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION'
    checks=bool,array-bounds,float-divide-by-zero,integer-divide-by-zero,return,shift,signed-integer-overflow,vla-bound
    case $1 in
    address) echo "$common -fsanitize=address -fsanitize-address-use-after-scope -fsanitize=fuzzer-no-link" ;;
    undefined)
        echo "$common -fsanitize=$checks,unsigned-integer-overflow -fno-sanitize-recover=$checks" \
            '-fsanitize=fuzzer-no-link'
        ;;
    coverage) echo "$common -fprofile-instr-generate -fcoverage-mapping -pthread" ;;
    afl | none) echo "$common -fsanitize=address -fsanitize-address-use-after-scope" ;;
    esac
}

# set_variables: for the configuration; they are exported.
set_variables() {
    SRC=$room/src WORK=$room/work OUT=$room/out CC=clang CXX=clang++
    CFLAGS=$(flags_of "$configuration")
    CXXFLAGS=$CFLAGS
    SANITIZER=$configuration FUZZING_ENGINE=libfuzzer LIB_FUZZING_ENGINE=-fsanitize=fuzzer
    case $configuration in
    afl)
        CC=afl-clang-fast CXX=afl-clang-fast++ SANITIZER=address FUZZING_ENGINE=afl
        LIB_FUZZING_ENGINE=$(find /usr/lib/afl /usr/local/lib/afl -name libAFLDriver.a 2>/dev/null | head -n 1)
        ;;
    none) SANITIZER=address FUZZING_ENGINE=none LIB_FUZZING_ENGINE='' ;;
    esac
    export SRC WORK OUT CC CXX CFLAGS CXXFLAGS SANITIZER FUZZING_ENGINE LIB_FUZZING_ENGINE
}

# build: a copy of the sources, as the Dockerfile makes one, and the results of build.sh.
build() {
    rm -rf "$room"/{src,work,out,moved}
    mkdir -p "$SRC/rehearsal" "$WORK" "$OUT"
    cp -R Makefile core sim fixtures .clusterfuzzlite "$SRC/rehearsal" && cp .clusterfuzzlite/build.sh "$SRC" &&
        env -u MAKEFLAGS -u MAKELEVEL bash -eu "$SRC/build.sh"
}

refuses_memory() {
    said=$(SANITIZER=memory bash -eu .clusterfuzzlite/build.sh 2>&1)
    [ $? -eq 1 ] && [[ $said == *'no sanitizer "memory"'* ]]
}

# ---- What every target must have ----

has_all_targets() {
    grep -l '^int LLVMFuzzerTestOneInput' sim/fuzz/*.c | while read -r source; do
        name=$(basename "$source" .c)
        [ -x "$1/$name" ] || { echo "$name is missing" && exit 1; }
    done
}

needs_only_the_image() {
    ldd "$1" >"$room/libraries" || return 1
    ! awk '{ print $1 }' "$room/libraries" | sed 's|.*/||' | grep -vxE "$in_image"
}

# is_limit FILE NAME: a number above 0.
is_limit() {
    sed -n "s/^$2 = //p" "$1" | grep -qx '[1-9][0-9]*' || { echo "$1 has no $2" && return 1; }
}

has_limits() {
    head -n 1 "$1.options" | grep -qxF '[libfuzzer]' && is_limit "$1.options" max_len &&
        is_limit "$1.options" timeout && is_limit "$1.options" rss_limit_mb
}

# options_of TARGET: as run_fuzzer passes them.
options_of() {
    sed -n 's/^\([a-z_]*\) = \(.*\)$/-\1=\2/p' "$1.options"
    [ ! -f "$1.dict" ] || echo "-dict=$1.dict"
}

# unpack TARGET: its corpus, into $room/corpus; it has an input at least.
unpack() {
    rm -rf "$room/corpus"
    unzip -q -d "$room/corpus" "$1_seed_corpus.zip" && [ -n "$(ls "$room/corpus")" ]
}

# ---- What libFuzzer says ----

fuzz() {
    target=$1
    shift
    # shellcheck disable=SC2046 # several words
    (cd "$room/elsewhere" && "$target" $(options_of "$target") "$@")
}

starts() {
    fuzz "$1" -seed=1337 -runs=4 >"$room/start" 2>&1
    status=$?
    cat "$room/start"
    [ "$status" -eq 0 ] && grep -q '^Done 4 runs' "$room/start" &&
        ! grep -q 'no interesting inputs were found' "$room/start"
}

# counts_edges TARGET: of what `starts` has left.
counts_edges() {
    edges=$(sed -n -E 's/^INFO: Loaded .*(counters|guards)\): *([0-9]+) .*/\2/p' "$room/start" | head -n 1)
    echo "$edges edges"
    [ "${edges:-0}" -ge "$least_edges" ]
}

reads_dictionary() {
    grep '^Dictionary: [1-9][0-9]* entries' "$room/start"
}

runs_its_corpus() {
    unpack "$1" && fuzz "$1" -runs=0 "$room/corpus"
}

# ---- What it is compiled with ----

count_calls() {
    grep -cE "call +.*<$1" "$room/code"
}

# is_compiled_with TARGET: the sanitizer of the configuration, and no other.
is_compiled_with() {
    objdump -d "$1" >"$room/code" || return 1
    address=$(count_calls __asan)
    undefined=$(count_calls __ubsan)
    memory=$(count_calls __msan)
    echo "calls: $address __asan, $undefined __ubsan, $memory __msan"
    [ "$memory" -eq 0 ] || return 1
    case $configuration in
    undefined) [ "$address" -eq 0 ] && [ "$undefined" -ge "$least_undefined" ] ;;
    coverage) [ "$address" -eq 0 ] ;;
    *) [ "$address" -ge "$least_address" ] && [ "$undefined" -le "$most_undefined" ] ;;
    esac
}

# A profile that llvm-cov can read, with lines of the core.  It is not made for libFuzzer, which then only merges.
measures() {
    rm -rf "$room"/{profiles,dummy} && mkdir "$room/dummy" && unpack "$1" &&
        LLVM_PROFILE_FILE=$room/profiles/%p fuzz "$1" -merge=1 "$room/dummy" "$room/corpus" &&
        llvm-profdata merge -sparse "$room"/profiles/* -o "$room/merged" &&
        llvm-cov report -instr-profile="$room/merged" "$1" | grep -E '(^|/)core/[a-z_/]*\.c '
}

# ---- One target in each configuration ----

check_libfuzzer() {
    expect "$1 starts" starts "$target"
    expect "$1 counts edges" counts_edges
    expect "$1 runs its corpus" runs_its_corpus "$target"
    [ ! -f "$target.dict" ] || expect "$1 reads its dictionary" reads_dictionary
}

# A few seconds of afl-fuzz, which says so when a target does not suit it.
runs_in_afl() {
    unpack "$1" || return 1
    AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_AFFINITY=1 \
        ASAN_OPTIONS=abort_on_error=1:symbolize=0:detect_leaks=0 \
        afl-fuzz -V 5 -m none -t 10000 -i "$room/corpus" -o "$room/afl" -- "$1" >"$room/start" 2>&1
    status=$?
    cat "$room/start"
    rm -rf "$room/afl"
    [ "$status" -eq 0 ] && grep -q 'All set and ready to roll' "$room/start"
}

replays() {
    unpack "$1" && "$1" "$room/corpus"
}

check_target() {
    target=$room/moved/$1
    expect "$1 needs no library that is not in the image" needs_only_the_image "$target"
    expect "$1 has limits" has_limits "$target"
    expect "$1 is compiled with its sanitizer" is_compiled_with "$target"
    case $configuration in
    afl) expect "$1 runs in AFL++" runs_in_afl "$target" ;;
    none) expect "$1 replays its corpus" replays "$target" ;;
    coverage) expect "$1 measures the core" measures "$target" ;;
    *) check_libfuzzer "$1" ;;
    esac
}

mkdir "$room/elsewhere"
configuration=memory
expect 'is refused' refuses_memory
for configuration; do
    began=$(date +%s)
    before=$failed
    set_variables
    expect 'builds' build
    expect 'asks for no library of the unit tests' [ ! -e "$WORK/rehearsal/cmocka" ]
    expect 'has every target' has_all_targets "$OUT"
    mv "$OUT" "$room/moved"
    [ "$configuration" = coverage ] || rm -rf "${room:?}/src" "${room:?}/work"
    for program in "$room"/moved/*; do
        case $(basename "$program") in
        *.* | llvm-symbolizer | afl-*) ;;
        *) check_target "$(basename "$program")" ;;
        esac
    done
    printf '%-10s %s  (%d s)\n' "$configuration" "$([ "$failed" -eq "$before" ] && echo passed || echo failed)" \
        $(($(date +%s) - began))
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
