#!/bin/sh
# Tests from the outside how a failure is kept, and how all that was kept is replayed: tool_adopt.sh PROGRAM
. "$(dirname "$0")/expect.sh"

# Targets are programs beside the tool.  That of letters fails for an X that comes before a Y, with more of it where there
# is a Z; that of digits for a 7 and, by other means, for a 9; that of both for what has a 7 and an X.
export room
mkdir -p bin/fuzz bin/fuzz/libfuzzer bin/asan/fuzz
cp "$rehearse" bin/rehearse
rehearse=$room/bin/rehearse
cat >bin/fuzz/letters <<'END'
#!/bin/sh
[ -r "$1" ] || exit 2
grep -q 'X.*Y' "$1" || exit 0
! grep -q Z "$1" || echo 'letters: core/a.c:3: f: Assertion `no Z'"'"' failed.' >&2
grep -q Z "$1" || echo "fuzz_check: sim/fuzz/letters.c:44: the letters are $(cat "$1"): no" >&2
kill -ABRT $$
END
cat >bin/fuzz/digits <<'END'
#!/bin/sh
! grep -q 9 "$1" || { echo "FAILED $1: signal 11"; exit 1; }
! grep -q 7 "$1" || { echo "SUMMARY: AddressSanitizer: heap-buffer-overflow $room/core/a.c:3 in f"; exit 77; }
END
printf '#!/bin/sh\n! grep -q 7 "$1" || ! grep -q X "$1" || exit 3\n' >bin/fuzz/both
printf '#!/bin/sh\n! grep -q 5 "$1" || exit 3\n' >bin/asan/fuzz/digits
printf '#!/bin/sh\nexit 2\n' >bin/fuzz/refuses
printf 'not a program\n' >bin/fuzz/notes
chmod +x bin/fuzz/letters bin/fuzz/digits bin/fuzz/both bin/fuzz/refuses bin/asan/fuzz/digits

# ---- Scenarios ----

scenario much.scs 'Romeo is not here' '## slow' 'Romeo connects\n5 minutes pass\nRomeo sends:\n\t<presence/>\nRomeo is not connected\nRomeo disconnects'
scenario good.scs 'Romeo is here' '' 'Romeo connects\n\nRomeo is connected'
cat >race.scs <<'END'
# Whose message comes first
## strict
[Client] Romeo
	jid: romeo@localhost/orchard
[Client] Juliet
	jid: juliet@localhost/balcony
---
Romeo connects
Juliet connects
At the same time:
	Romeo sends:
		<message to="juliet@localhost/balcony"><body>one</body></message>
	Juliet sends:
		<message to="juliet@localhost/balcony"><body>two</body></message>
Juliet receives:
	<message><body>one</body></message>
	<message><body>two</body></message>
END
expect 0 'R adopt --output kept much.scs; cat kept/*.scs' 'lines of steps: 6 before, 2 now, with the same failure' \
    'kept as kept/' ': it fails now, and must pass when its cause is repaired' '# A scenario that fails: ' \
    '# Found in rehearse 0.1.0' 'Romeo is not connected' 'no: slow' 'no: found by'
expect 1 'R run kept' 'Romeo is not connected' 'last: 0 passed, 1 failed'
expect 0 'R adopt --output kept --name not-here much.scs 2>err' 'kept as kept/not-here.scs' ' run kept/not-here.scs' 'no: lines of steps'
expect 2 'R adopt --output kept --name not-here much.scs' 'kept/not-here.scs is there already; give another --name'
expect 0 'R adopt --output kept much.scs >err; ls kept | wc -l' 'last: 3'
expect 0 'ls kept' '-2.scs'
expect 0 'seed=0; while R run --seed $seed race.scs >err; do seed=$((seed + 1)); done
          R adopt --seed $seed --output kept --name race race.scs; grep choices: kept/race.scs' ':steps 1/2'
expect 2 'R adopt --output kept good.scs' 'good.scs passes; there is nothing to keep' 'no: kept as'
expect 2 'R adopt --output kept race.scs' 'race.scs passes; there is nothing to keep'
expect 2 'R adopt --cast 2 --steps 5 --faults disk --output kept 5' \
    "5 is a seed whose plot passes; the sweep's --cast, --steps and --faults are needed"
expect 0 'R adopt --output deep/er/kept much.scs; ls deep/er/kept | wc -l' 'last: 1'

# ---- Bytes ----

mkdir -p found/letters found/crashes
printf 'some long text with X and then, much later, Y and so on\n' >found/letters/crash-0123
printf 'ZX and Y' >found/letters-crash-4567
printf 'there is a 7 here, in the middle' >found/crashes/crash-89ab
printf 'there is a 9 here' >found/crashes/crash-cdef
printf '7 and X and Y' >found/crashes/crash-of-all
printf 'a 5' >found/crashes/crash-5
printf 'nothing' >found/crashes/nothing
expect 0 'R adopt --output kept found/letters/crash-0123' 'letters: crash: fuzz_check (sim/fuzz/letters.c:44)' \
    'bytes: 56 before, 2 now, with the same failure; ' 'kept as kept/inputs/letters/the-letters-are-xy' \
    'last:   bin/fuzz/letters kept/inputs/letters/the-letters-are-xy'
expect 0 'cat kept/inputs/letters/the-letters-are-xy' 'last: XY'
expect 0 'cat kept/inputs/letters/the-letters-are-xy.txt' 'crash: fuzz_check (sim/fuzz/letters.c:44)' 'the letters are XY: no' \
    'An input of the fuzz target letters, found in rehearse 0.1.0' 'reduced from 56 bytes to 2.' 'To replay it:'
expect 0 'R adopt --output kept found/letters-crash-4567; cat kept/inputs/letters/assertion-no-z-failed' \
    "letters: crash: Assertion \`no Z' failed (core/a.c:3)" 'last: ZXY'
expect 0 'R adopt --output kept --name seven found/crashes/crash-89ab; cat kept/inputs/digits/seven' \
    'digits: crash: AddressSanitizer: heap-buffer-overflow ' '/core/a.c:3 in f' 'last: 7'
expect 0 'head -n 1 kept/inputs/digits/seven.txt' 'last: crash: AddressSanitizer: heap-buffer-overflow core/a.c:3 in f'
expect 0 'R adopt --output kept found/crashes/crash-cdef; ls kept/inputs/digits' 'digits: crash: Segmentation fault' 'segmentation-fault.txt'
expect 0 'R adopt --output kept --target digits --name five found/crashes/crash-5' 'last:   bin/asan/fuzz/digits kept/inputs/digits/five'
expect 2 'R adopt --output kept found/crashes/crash-of-all' 'fails as an input of several targets; give one as --target:' \
    '  both' '  digits' '  letters' 'no: kept as'
expect 0 'R adopt --output kept --target both found/crashes/crash-of-all; cat kept/inputs/both/its-process-exited-with-status-3-before-the-end-of-the-run' \
    'both: crash: its process exited with status 3' 'last: 7X'
expect 2 'R adopt --output kept found/crashes/nothing' 'found/crashes/nothing passes; there is nothing to keep' \
    'tried as an input of: both digits letters plot refuses run' 'no: kept as' 'no: notes'
expect 2 'R adopt --target letters --output kept found/crashes/nothing' 'tried as an input of letters in: '"$room/bin/fuzz/letters"
expect 2 'R adopt --target plot --output kept found/crashes/nothing' 'passes; there is nothing to keep' 'there is no program of plot here'
expect 2 'R adopt --target refuses found/crashes/nothing' 'cannot be tried:' 'it exits with status 2'
expect 2 'R adopt --target letter found/crashes/nothing' 'there is no program of a fuzz target letter beside the tool; there are: both digits'
expect 0 'R adopt --target mine --fuzz-binary bin/fuzz/digits --output kept --name mine found/crashes/crash-89ab; cat kept/inputs/mine/mine' \
    'bin/fuzz/digits kept/inputs/mine/mine' 'last: 7'
expect 2 'R adopt --target mine --fuzz-binary bin/nothing found/crashes/crash-89ab' 'cannot be tried:' 'cannot run bin/nothing: No such file or directory'

# what fails at times only
printf '#!/bin/sh\ntest -e %s/once && exit 0\ntouch %s/once\nexit 3\n' "$room" "$room" >bin/fuzz/once
chmod +x bin/fuzz/once
expect 2 'R adopt --target once --output kept found/crashes/nothing' 'does not fail each time with the same cause' 'no: kept as'
rm bin/fuzz/once

# ---- Replaying what was kept ----

expect 2 'mkdir none; R replay none' 'none has no scenario (*.scs) and no stored input (inputs/TARGET/NAME)'
expect 0 'mkdir -p all/sub all/inputs/letters all/inputs/plot all/inputs/run; cp good.scs all/sub; R replay all' 'last: 1 passed, 0 failed' 'no: skipped'
expect 0 'cp kept/inputs/letters/* all/inputs/letters; R replay all' '2 stored inputs are skipped: only the programs of their fuzz targets run them' \
    'last: 1 passed, 0 failed, 2 skipped'
expect 0 'printf "some bytes" >all/inputs/plot/some; echo "what it is" >all/inputs/plot/some.txt
          printf "no scenario" >all/inputs/run/none; { cat much.scs; printf "\036\1\2\3"; } >all/inputs/run/much
          R replay all' 'last: 4 passed, 0 failed, 2 skipped'
expect 1 'cp much.scs all/much.scs; R replay all' 'FAILED   Romeo is not here' 'Romeo is not connected' ' replay all/much.scs' \
    'last: 4 passed, 1 failed, 2 skipped'
expect 0 'R replay all/inputs/run' 'last: 2 passed, 0 failed'
expect 0 'R replay all/inputs/run/much' 'last: 1 passed, 0 failed'
expect 0 'R replay all/inputs/letters/the-letters-are-xy' 'last: 0 passed, 0 failed, 1 skipped'
expect 0 'cd all/inputs && R replay .' 'last: 3 passed, 0 failed, 2 skipped'
expect 1 'R replay kept' 'the next stanza differs' 'last: 0 passed, 4 failed, 7 skipped'
expect 1 'R replay kept/race.scs' 'the next stanza differs' 'last: 0 passed, 1 failed'
expect 2 'echo broken >all/broken.scs; R replay all; s=$?; rm all/broken.scs; exit $s' 'all/broken.scs:1: ' 'no: passed'
for option in '--until 5' '--trace t' '--record r' '--diff good.scs' '--scenario'; do
    expect 2 "R replay $option all" 'need one run: name one scenario or seed instead of a folder' 'no: passed'
done
expect 2 'R replay --seed 5 all' 'omit --seed and --bytes'
expect 2 'R replay --bytes good.scs all' 'omit --seed and --bytes'
expect 2 'R replay good.scs --diff all' 'scenarios; expected one, such as'
expect 2 'R replay all >/dev/full' 'cannot write standard output: No space left on device'
expect 0 'R help replay' 'stored input'

# ---- Options ----

expect 2 'R adopt' 'expected one seed or one file; see `rehearse help adopt`'
expect 2 'R adopt 5 6' 'expected one seed or one file'
expect 2 'R adopt nowhere' 'cannot read nowhere: No such file or directory'
expect 2 'R adopt nowhere.scs' 'cannot read nowhere.scs: No such file or directory'
expect 2 'R adopt --seed 1 5' '--seed needs a file'
expect 2 'R adopt --seed 1 found/crashes/nothing' '--seed needs a scenario'
expect 2 'R adopt --fuzz-binary x found/crashes/nothing' '--fuzz-binary needs --target'
expect 2 'R adopt --name a/b much.scs' '--name: expected a name of letters, digits,'
expect 2 'R adopt --name .a much.scs' '--name: expected a name of letters, digits,'
expect 2 'R adopt --target ../x much.scs' '--target: expected the name of a fuzz target'
expect 2 'R adopt --time soon 5' '--time: expected a span such as 60s, 10m or 2h'
expect 2 'R adopt --output= 5' '--output: expected a folder'
expect 2 'R adopt --output much.scs much.scs' 'cannot create much.scs' 'no: kept as'
expect 0 'R help adopt' 'SEED|FILE' '--fuzz-binary PROGRAM' '--name NAME'

finish
