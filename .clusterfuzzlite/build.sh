#!/bin/bash -eu
# Builds the fuzz targets for ClusterFuzzLite and OSS-Fuzz, which set the variables:
#
#   SRC, WORK, OUT        the sources are in $SRC/rehearsal; $WORK is for what is between; $OUT gets the results
#   CC, CFLAGS            the compiler, and the options of the sanitizer and of the engine
#   CXX, CXXFLAGS         the same; it links the targets, because an engine may be C++
#   LIB_FUZZING_ENGINE    what links the engine
#   FUZZING_ENGINE        libfuzzer, afl or honggfuzz; with none the targets only replay the files that they are given
#   SANITIZER             address, undefined or coverage
#
# $OUT gets, for each target: NAME, NAME.options with its limits, NAME.dict and NAME_seed_corpus.zip.
#
# The sanitizer `memory` is not offered.  It takes what expat, nettle, libidn and xxhash write for uninitialised, as
# long as they are not compiled with it too, and the packages of the image are not.

if [ "${SANITIZER:-address}" = memory ]; then
    echo 'build.sh: no sanitizer "memory": expat, nettle, libidn and xxhash would have to be compiled with it' >&2
    exit 1
fi

cd "$SRC/rehearsal"

# The machines that run the targets have none of the libraries.
libraries='-Wl,-Bstatic -lexpat -lnettle -lidn -lxxhash -Wl,-Bdynamic'

# programs FOLDER VARIABLE...: builds all targets into the folder, from the same objects.
programs() {
    make -j"$(nproc)" BUILD="$WORK/rehearsal" CC="$CC" OPT="$CFLAGS" WARN= SANITIZE= LIBS="$libraries" \
        FUZZ_OUT="$1" "${@:2}" fuzz-programs
}

# With the driver of the project, which knows the limits.
programs "$WORK/replay"
if [ "${FUZZING_ENGINE:-libfuzzer}" = none ]; then
    cp "$WORK"/replay/* "$OUT"
else
    programs "$OUT" FUZZ_DRIVER="$LIB_FUZZING_ENGINE" FUZZ_LINK="$CXX" LDFLAGS="$CXXFLAGS"
fi

# add_options NAME LONGEST SECONDS MEGABYTES DICTIONARY: the limits, and the dictionary where there is one.
add_options() {
    printf '[libfuzzer]\nmax_len = %s\ntimeout = %s\nrss_limit_mb = %s\n' "$2" "$3" "$4" >"$OUT/$1.options"
    if [ "$5" != - ]; then
        cp "sim/fuzz/dictionaries/$5" "$OUT/$1.dict"
    fi
}

# add_corpus NAME: the corpus, and the inputs that were findings; the texts beside these are no inputs.
add_corpus() {
    inputs=$(find fixtures/corpus fixtures/regressions/inputs -path "*/$1/*" -type f ! -name '*.txt' | LC_ALL=C sort)
    rm -f "$OUT/$1_seed_corpus.zip"
    if [ -n "$inputs" ]; then
        echo "$inputs" | zip -q -X -j "$OUT/$1_seed_corpus.zip" -@
    fi
}

for program in "$WORK"/replay/*; do
    name=$(basename "$program")
    read -r -a limits < <(ASAN_OPTIONS=detect_leaks=0 "$program" --limits)
    add_options "$name" "${limits[@]}"
    add_corpus "$name"
done
