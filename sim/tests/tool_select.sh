#!/bin/sh
# Tests the selection of scenarios and unusual inputs from the outside: tool_select.sh PROGRAM
. "$(dirname "$0")/expect.sh"

scenario good/b/connects.scs 'Romeo comes in' '## slow\n## status: stable' 'Romeo connects\n\nRomeo is connected'
scenario good/a/leaves.scs 'Romeo goes' '## status: draft' 'Romeo connects\n\nRomeo disconnects'
scenario good/c.scs 'Romeo waits' '' 'Romeo connects\n\n5 minutes pass'
scenario mixed/1-fails.scs 'Romeo is not here' '' 'Romeo connects\n\nRomeo is not connected'
scenario mixed/2-passes.scs 'Romeo is here' '' 'Romeo connects\n\nRomeo is connected'
scenario broken/one.scs 'Broken' '' 'Romeo connects\n\nRomeo conects'
scenario levelled/c.scs 'Romeo waits' '## level: may' 'Romeo connects\n\n5 minutes pass'
mkdir tables
printf '# Romeo is ${where}\n## rfc: 6121 ${clause}\n[Client] Romeo\n\tjid: romeo@localhost\n[Table]\n\twhere | clause\n\there | 4.10\n\n\taway | 4.9\n---\nwhen where is here, Romeo connects\nRomeo is connected\n' >tables/two.scs

# tags that no scenario has
expect 2 'R run --only-tags slwo good' 'rehearse: no scenario has the tag slwo; did you mean slow?' 'no: passed'
expect 2 'R run --only-tags "status: stabel" good' 'no scenario has the tag status: stabel; did you mean status: stable?'
expect 2 'R run --only-tags nothing good' 'last: rehearse: no scenario has the tag nothing'
expect 0 'R run --only-tags slow,draughty good' 'no scenario has the tag draughty' 'last: 1 passed, 0 failed, 2 skipped'
expect 2 'R run --only-tags sloww,statuss good' 'has the tag sloww; did you mean slow?' 'has the tag statuss; did you mean status?'
expect 0 'R run --skip-tags slwo good' 'has the tag slwo; did you mean slow?' 'last: 3 passed, 0 failed'
expect 2 'R run --skip-tags slow good/b' 'nothing is left to run: --skip-tags excludes 1 of 1 cases' 'no: passed'
expect 2 'R run --only-tags status --skip-tags status good' '--only-tags and --skip-tags exclude 3 of 3 cases'
expect 2 'R explore --only-tags slwo good' 'did you mean slow?' 'no: passed'
expect 2 'R starve --only-tags slwo good' 'did you mean slow?' 'no: passed'
expect 2 'R list --only-tags slwo good' 'did you mean slow?' 'no: cases'
expect 2 'R list --by-tag sttus good' 'no scenario has the tag sttus; did you mean status?'
expect 0 'R starve --every 50 --only-tags slow good' '1 scenario, each once' ' passed, 0 failed'
expect 0 'R list --skip-tags slow good' 'no: connects.scs' 'last: 2 files, 2 cases'

# titles
expect 0 'R run -v -k waits good' 'good/c.scs' 'no: leaves.scs' 'last: 1 passed, 0 failed'
expect 0 'R run -v --title "COMES romeo" good' 'good/b/connects.scs' 'last: 1 passed, 0 failed'
expect 0 'R run -k comes -k ROMEO good' 'last: 1 passed, 0 failed'
expect 0 'R run -k a/leaves good' 'last: 1 passed, 0 failed'
expect 1 'R run -k away tables' 'tables/two.scs#2' 'last: 0 passed, 1 failed'
expect 2 'R run -k "romeo wayts" good' 'rehearse: no title or path has "romeo wayts"; the nearest:' \
    '  Romeo waits  good/c.scs' 'no: passed' 'no: Romeo goes'
expect 2 'R run -k mercutio good' 'last: rehearse: no title or path has "mercutio"'
expect 2 'R run -k " " good' '--title: expected words'
expect 2 'R run -k waits --only-tags slow good' '--only-tags excludes 1 of 1 cases'
expect 0 'R list -k waits good' 'last: 1 file, 1 case'
expect 0 'R explore -k waits good' 'last: 1 passed, 0 failed'
expect 0 'R starve --every 50 -k waits good' '1 scenario, each once'

# paths that do not exist
expect 2 'R run god' 'cannot read god: No such file or directory; did you mean good?'
expect 2 'R run good/c' 'did you mean good/c.scs?'
expect 2 'R run god/c.scs' 'did you mean good/c.scs?'
expect 2 'R run ./good/q/leaves.scs' 'did you mean ./good/a/leaves.scs?'
expect 2 'R lint mixd/1-fails.scs:3' 'cannot read mixd/1-fails.scs: No such file or directory; did you mean mixed/1-fails.scs?'
expect 2 'R list "$PWD/god"' "cannot read $PWD/god: No such file or directory; did you mean $PWD/good?"
expect 2 'R replay nowhere.scs' 'last: rehearse: cannot read nowhere.scs: No such file or directory'

# places, as they are printed
expect 0 'R run good/c.scs:3' 'last: 1 passed, 0 failed'
expect 0 'R run good/c.scs:11' 'last: 1 passed, 0 failed'
expect 0 'R run good/c.scs:11:' 'last: 1 passed, 0 failed'
expect 2 'R run good/c.scs:99' 'there is no good/c.scs:99: the file has 11 lines' 'no: passed'
expect 2 'R run good/c.scs:0' 'cannot read good/c.scs:0: No such file or directory'
expect 0 'R run -v tables/two.scs:7' 'tables/two.scs#1' 'no: two.scs#2' 'last: 1 passed, 0 failed'
expect 1 'R run tables/two.scs:9' 'tables/two.scs#2' 'last: 0 passed, 1 failed'
expect 1 'R run tables/two.scs:12' 'last: 1 passed, 1 failed'
expect 1 'R run tables/two.scs:7 "tables/two.scs#2"' 'last: 1 passed, 1 failed'
expect 2 'R lint tables/two.scs:7' 'last: tables/two.scs:1: no level; expected a tag "## level: must", should, may or ours'
expect 0 'R list tables/two.scs:9' 'tables/two.scs#2' 'last: 1 file, 1 case'
expect 1 'R replay tables/two.scs:9' 'tables/two.scs#2' 'last: 0 passed, 1 failed'
expect 0 'R explore tables/two.scs:7' 'last: 1 passed, 0 failed'
expect 0 'R starve --every 50 tables/two.scs:7' '1 scenario, each once'
expect 0 'R shrink tables/two.scs:9 2>said-too' 'last: Romeo is connected'
expect 0 'cp good/c.scs "c:3" && R run c:3' 'last: 1 passed, 0 failed'
expect 2 'R run "good#1"' 'there is no good#1: good is a folder' 'no: passed'
expect 2 'R run good:3' 'there is no good:3: good is a folder'
expect 2 'R run god:3' 'cannot read god: No such file or directory; did you mean good?'

# standard input
expect 0 'R run -v - <good/c.scs' 'Romeo waits' 'last: 1 passed, 0 failed'
expect 0 'R run - - good <good/c.scs' 'last: 4 passed, 0 failed'
expect 0 '(echo "## level: may" && cat good/c.scs) | R lint -' 'last: 1 file, no complaints'
expect 2 'R lint - <broken/one.scs' '-:11: '
expect 0 'R list - <good/c.scs' '-  Romeo waits' 'last: 1 file, 1 case'
expect 0 'R explore - <good/c.scs' 'last: 1 passed, 0 failed'
expect 0 'R starve --every 50 - <good/c.scs' '1 scenario, each once'
expect 0 'cat good/c.scs | R replay --record kept.scs - && R run kept.scs' 'last: 1 passed, 0 failed'
expect 0 'R shrink - <mixed/1-fails.scs' 'Romeo is not connected'
expect 1 'R run -- "-#2" <tables/two.scs' '-#2' 'last: 0 passed, 1 failed'

# standard input cannot be read again
again='FILE#2  # FILE must have the content of standard input'
expect 1 'R run - <tables/two.scs' "/rehearse run $again"
expect 1 'R run --seed 7 --strict - <tables/two.scs' "/rehearse run --seed 7 --strict $again"
expect 1 'R run --format json - <tables/two.scs' " run $again\""
expect 1 'R replay -- "-#2@7" <tables/two.scs' ' replay FILE#2@7  # FILE must have the content of standard input'
expect 1 'R run /dev/stdin <mixed/1-fails.scs' ' run FILE  # FILE must have the content of /dev/stdin'
expect 1 'cp mixed/1-fails.scs ./-x.scs; R run -- -x.scs; s=$?; rm ./-x.scs; exit $s' ' run -- -x.scs'
expect 1 'cp mixed/1-fails.scs ./-; R run ./-; s=$?; rm ./-; exit $s' ' run ./-'
expect 2 'R run - </dev/null' '-:1: '
expect 2 'R run - <&-' 'cannot read -: Bad file descriptor'
expect 0 'cp good/c.scs ./- && R run ./-; s=$?; rm ./-; exit $s' 'last: 1 passed, 0 failed'
printf '# A roster\n[Client] Romeo\n\tjid: romeo@localhost\n[Roster] romeo@localhost\n\tfrom: friends\n---\nRomeo connects\n' >roster.scs
printf 'juliet@localhost: both\n' >friends
expect 0 'mkdir -p deep && cp roster.scs deep/ && R run - <deep/roster.scs' 'last: 1 passed, 0 failed'

# short options for help and version
expect 0 'R -h' 'Usage: rehearse VERB'
expect 0 'R run -h' '--seed N' '-k, --title WORDS'
expect 0 'R lint good -h' 'rehearse lint'
expect 0 'R -V' 'rehearse 0.1.0'

# output errors are reported
for words in 'list good' 'list --by-tag status good' 'lint levelled' 'help' 'help run' '--version' '-V' '-h'; do
    expect 2 "R $words >/dev/full" 'cannot write standard output: No space left on device'
    expect 2 "R $words >&-" 'cannot write standard output: Bad file descriptor'
done
expect 2 'R run --trace trace good/c.scs >&-; s=$?; grep -c passed trace; exit $s' 'cannot write' 'last: 0'

# paths that are not regular files
mkfifo pipe.scs
mkdir piped && mkfifo piped/p.scs
expect 2 'R run pipe.scs' 'last: rehearse: pipe.scs is not a regular file'
expect 2 'R lint piped' 'last: rehearse: piped/p.scs is not a regular file'
expect 2 'R run /dev/zero' '/dev/zero is not a regular file'
expect 2 'R replay --bytes pipe.scs good/c.scs' 'cannot read pipe.scs: Operation not supported'
expect 0 'cat good/c.scs | R run /dev/stdin' 'last: 1 passed, 0 failed'
expect 0 'cat good/c.scs | R run /dev/fd/0' 'last: 1 passed, 0 failed'
expect 0 '(echo "## level: may" && cat good/c.scs) | (R lint /dev/fd/5) 5<&0' 'last: 1 file, no complaints'
printf '# A roster\n[Client] Romeo\n\tjid: romeo@localhost\n[Roster] romeo@localhost\n\tfrom: pipe.scs\n---\nRomeo connects\n' >piping.scs
expect 2 'R run piping.scs' 'piping.scs:5: '

# odd names and odd bytes
escape=$(printf '\033')
bell=$(printf '\007')
scenario "odd/${escape}[31m.scs" "Red ${escape}[31m" "## co${bell}lour: re${escape}d" 'Romeo connects\n\nRomeo is not connected'
expect 0 'R list odd' 'odd/\x1b[31m.scs  Red \x1b[31m  [co\x07lour: re\x1bd]' "no: $escape" "no: $bell"
expect 0 'R list --by-tag "co$(printf "\007")lour" odd' 're\x1bd  1 case' 'tag co\x07lour' "no: $escape" "no: $bell"
expect 2 'R lint "$(printf "o\033dd")"' 'cannot read o\x1bdd: No such file or directory; did you mean odd?' "no: $escape"
expect 2 'R lint "$(printf "odd/\033[31m.scs:99")"' 'there is no odd/\x1b[31m.scs:99' "no: $escape"
expect 2 'R run --only-tags "$(printf "slo\033")" good' 'has the tag slo\x1b; did you mean slow?' "no: $escape"
expect 2 'R run -k "$(printf "a\033b")" good' 'has "a\x1bb"' "no: $escape"
expect 2 'R "$(printf "a\033b")"' "no verb 'a\\x1bb'" "no: $escape"
expect 2 'R run "$(printf -- "--a\033b")"' 'unknown option --a\x1bb' "no: $escape"
expect 2 'R run --seed "$(printf "1\033b")"' "got '1\\x1bb'" "no: $escape"
printf "# Red\n[Client] Romeo\n\tjid: romeo@localhost\n[Table]\n\ta\n\t${escape}b\n\tc\n---\nRomeo connects\n" >"odd/${escape}t.scs"
expect 2 'R replay "$(printf "odd/\033t.scs")"' 'odd/\x1bt.scs is 2 scenarios; expected one, such as odd/\x1bt.scs#1' "no: $escape"
expect 2 'R shrink "$(printf "odd/\033t.scs")"' 'odd/\x1bt.scs has 2 scenarios' "no: $escape"
expect 0 'R replay "$(printf "odd/\033t.scs#1")" --diff "$(printf "odd/\033t.scs#1")"' 'odd/\x1bt.scs#1: held' "no: $escape"
expect 2 'R run --trace "$(printf "no\033where/t")" good' 'cannot write no\x1bwhere/t' "no: $escape"
expect 1 'R run odd' "printf 'odd/\\033" 'odd/\x1b[31m.scs' "no: $escape"
mkdir bad
printf '# Odd\n[Client] Ro\033meo\n\tjod: x\n---\nRo\033meo flies\n' >"bad/${escape}.scs"
expect 2 'R lint bad' 'bad/\x1b.scs:3: ' "no: $escape"
printf '# Odd\0\n' >bad/nul
expect 2 'R lint bad/nul' 'bad/nul:1: this line has a NUL byte'
ln -s self bad/self
mkdir dangling && cp good/c.scs dangling/ && ln -s nowhere dangling/d.scs
expect 2 'R lint dangling' 'cannot read dangling/d.scs: No such file or directory' 'no: did you mean'
expect 2 'R lint bad/self' 'cannot read bad/self: Too many levels of symbolic links'
expect 2 'R lint good/c.scs/' 'cannot read good/c.scs/: Not a directory'
expect 2 'R lint "$(printf %300s x)"' 'File name too long'
expect 2 'R lint "$(printf %5000s x)"' 'File name too long'
expect 2 'R lint ""' 'cannot read : No such file or directory'
mkdir shut && chmod 0 shut
[ "$(id -u)" -eq 0 ] || expect 2 'R lint shut' 'cannot read shut: Permission denied'
: >bad/empty
expect 2 'R run bad/empty' 'bad/empty:1: '
expect 2 'R run "#3"' 'cannot read #3: No such file or directory'
expect 2 'R run "good/c.scs#99999999999999999999"' 'cannot read good/c.scs#99999999999999999999:'
expect 2 'R run good/c.scs:99999999999999999999' 'cannot read good/c.scs:99999999999999999999:'
expect 2 'R run good/c.scs#1:3' 'cannot read good/c.scs#1: '

# --last-failed: in a separate folder, because each has a record of its own
mkdir later && cp -r good mixed tables broken later/ && cd later || exit 2
expect 2 'R run --last-failed' 'no run is recorded for this folder, so the cases that failed last are not known' 'no: passed'
expect 0 'R run good && R run --last-failed' 'rehearse: nothing failed last time' 'last: 0 passed, 0 failed'
expect 1 'R run mixed tables good' 'last: 5 passed, 2 failed'
expect 1 'R run --last-failed' 'mixed/1-fails.scs' 'tables/two.scs#2' 'no: skipped' 'no: 2-passes' 'last: 0 passed, 2 failed'
expect 1 'R run --last-failed mixed' 'mixed/1-fails.scs' 'no: two.scs' 'last: 0 passed, 1 failed'
expect 0 'R run --last-failed good' 'nothing of this failed last time' 'last: 0 passed, 0 failed'
expect 1 'R run --last-failed -k away' 'last: 0 passed, 1 failed'
expect 1 'R run --last-failed --seed 3 --jobs 0' 'last: 0 passed, 2 failed'
expect 2 'R run broken; R run --last-failed nowhere' 'cannot read nowhere'
expect 0 'R run good && R run mixed/2-passes.scs' 'last: 1 passed, 0 failed'
expect 1 'R run --last-failed' 'last: 0 passed, 2 failed'
expect 1 'R run --fail-fast mixed tables; R run --last-failed' 'last: 0 passed, 2 failed'
expect 1 'R run - <mixed/1-fails.scs >/dev/null; R run --last-failed' 'last: 0 passed, 2 failed'
expect 0 'cp good/c.scs mixed/1-fails.scs; R run --last-failed mixed' 'last: 1 passed, 0 failed'
expect 1 'R run --last-failed' 'tables/two.scs#2' 'last: 0 passed, 1 failed'
expect 0 'sed -i /away/d tables/two.scs; R run --last-failed; R run --last-failed' 'nothing failed last time' \
    'last: 0 passed, 0 failed'
expect 1 'cp ../mixed/1-fails.scs mixed; R run mixed >/dev/null; rm mixed/1-fails.scs; R run --last-failed && ! true' \
    'last: 0 passed, 0 failed'
expect 0 'for i in 1 2 3 4 5 6 7 8; do R run good >/dev/null & done; wait; R run --last-failed' 'last: 0 passed, 0 failed'
expect 0 'cp ../mixed/1-fails.scs mixed; unset HOME XDG_STATE_HOME; ! R run mixed' 'last: 1 passed, 1 failed' 'no: rehearse:'
expect 0 'XDG_STATE_HOME=/dev/null/x; ! R run mixed' 'last: 1 passed, 1 failed' 'no: rehearse: '
expect 2 'unset HOME XDG_STATE_HOME; R run --last-failed' 'are not known'
expect 0 'unset XDG_STATE_HOME; HOME=$PWD/home; mkdir home; ! R run mixed; ls home/.local/state/rehearse | wc -l' 'last: 1'
expect 2 'R run --last-failed=1' '--last-failed takes no value'
cd "$room" || exit 2

# said_times TEXT: the number of output lines of the watching tool that contain it.
heard=$room/heard
: >"$heard"
said_times() {
    grep -cF -e "$1" "$heard"
}

# await TIMES TEXT: waits until that many lines contain the text; false after 20 s, or when the tool ended.
await() {
    tries=0
    while [ "$(said_times "$2")" -lt "$1" ]; do
        tries=$((tries + 1))
        [ "$tries" -lt 400 ] && kill -0 "$watching" 2>"$said" || return 1
        sleep 0.05
    done
}

# watched NAME COMMAND TEXT: after the command the watching tool prints the text once more, and waits.
watched() {
    command="watch: $1"
    bad=0
    waits=$(said_times 'waiting until a file is saved')
    texts=$(said_times "$3")
    sh -c "$2"
    await $((texts + 1)) "$3" || complain "not said: $3"
    await $((waits + 1)) 'waiting until a file is saved' || complain 'not waiting'
    if [ "$bad" -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        sed 's/^/    | /' "$heard"
    fi
}

expect 2 'R run --watch -' 'standard input is not one'
expect 2 'R run --watch --last-failed good' 'omit one'
expect 2 'R run --watch nowhere good' 'cannot read nowhere' 'no: passed'
expect 2 'R run --watch --only-tags slwo good' 'did you mean slow?' 'no: passed'
if [ "$(uname)" = Linux ]; then
    mkdir -p watched/rosters
    cp -r good watched/good
    printf 'juliet@localhost: both\n' >watched/rosters/friends
    sed 's/from: friends/from: ..\/rosters\/friends/' roster.scs >watched/good/roster.scs
    cp "$rehearse" watched/rehearse
    (cd watched && exec env --default-signal=INT ./rehearse run --watch good >>"$heard" 2>&1) &
    watching=$!
    await 1 'waiting until a file is saved'
    expect 0 "cat '$heard'" '4 passed, 0 failed'
    watched 'a scenario is written' 'cp good/c.scs watched/good/c.scs' '1 passed, 0 failed'
    watched 'written beside, and renamed' 'cp mixed/1-fails.scs watched/good/.c.new; mv watched/good/.c.new watched/good/c.scs' \
        '0 passed, 1 failed'
    watched 'malformed' 'cp broken/one.scs watched/good/c.scs' 'good/c.scs:11: '
    watched 'well again' 'cp good/c.scs watched/good/c.scs' '1 passed, 0 failed'
    watched 'what it refers to' 'printf "juliet@localhost: bth\n" >watched/rosters/friends' 'good/roster.scs:5: '
    watched 'what it refers to is well again' 'printf "juliet@localhost: to\n" >watched/rosters/friends' '1 passed, 0 failed'
    watched 'a new folder' 'mkdir -p watched/good/new/deep; cp good/a/leaves.scs watched/good/new/deep/new.scs' '1 passed, 0 failed'
    watched 'in the new folder' 'cp mixed/1-fails.scs watched/good/new/deep/new.scs' '0 passed, 1 failed'
    watched 'a folder that is moved there' 'cp -r tables watched/tables; mv watched/tables watched/good/tables' \
        '1 passed, 1 failed'
    rm watched/good/new/deep/new.scs
    watched 'after a deletion' 'cp good/c.scs watched/good/c.scs' '1 passed, 0 failed'
    watched 'the tool itself' 'cp "$rehearse" watched/.next; mv watched/.next watched/rehearse' 'the program was rebuilt'
    expect 0 "grep -F '5 passed, 1 failed' '$heard'" 'last: 5 passed, 1 failed'
    kill -INT "$watching"
    wait "$watching"
    expect 0 "echo ended with $?" 'ended with 130'
fi

finish
