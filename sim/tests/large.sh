#!/bin/sh
# Inputs so large that a cost which grows with the square of their size would take too long, while one that grows
# with their size takes well under a second: large.sh PROGRAM.  Each run may use 15 s of processor time; only
# the result is checked, not the time.
set -u

case $1 in
/*) rehearse=$1 ;;
*) rehearse=$PWD/$1 ;;
esac
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room" || exit 2
unset TERM NO_COLOR
XDG_STATE_HOME=$room/state
export XDG_STATE_HOME

passed=0
failed=0

# Writes a scenario; the awk functions write common parts.
write() {
    awk "
        function romeo() { printf \"# Large\\n## level: ours\\n[Client] Romeo\\n\\tjid: romeo@localhost\\n\" }
        function server() { printf \"[Server]\\n\\titerations: 1\\n\\tstanza bytes: 50000000\\n\\tattributes: 200000\\n\" }
        function both() { romeo(); printf \"[Client] Juliet\\n\\tjid: juliet@localhost\\n\"; server() }
        function meet() { both(); printf \"---\\nRomeo connects\\nJuliet connects\\n\" }
        function steps() { printf \"---\\nRomeo connects\\n\" }
        function repeat(text, count,  i) { for (i = 0; i < count; i++) printf \"%s\", text }
        function sends(before, format, behind, n,  i) {
            printf \"Romeo sends:\\n\\t<message to=\\\"\${Juliet\\047s full JID}\\\">%s\", before
            for (i = 0; i < n; i++) printf format, i
            printf \"%s</message>\\n\", behind
        }
        function message(id) { printf \"\\t<message to=\\\"\${Juliet\\047s full JID}\\\" id=\\\"m%d\\\"><body>n%d</body></message>\\n\", id, id }
        function inbox(n,  i) {
            printf \"Romeo sends:\\n\"
            for (i = 0; i < n; i++) message(i)
            printf \"Juliet receives in any order:\\n\"
        }
        function receives(before, format, behind, n,  i) {
            printf \"Juliet receives:\\n\\t<message>%s\", before
            for (i = 0; i < n; i++) printf format, i
            for (i = -n - 1; i >= 0; i--) printf format, i
            printf \"%s</message>\\n\", behind
        }
        BEGIN { $1 }" >large.scs
}

# large NAME STATUS VERB FRAGMENT PROGRAM: of the scenario that the program writes the verb ends with the status,
# and says the fragment.
large() {
    write "$5"
    (
        ulimit -t 15
        exec "$rehearse" "$3" large.scs
    ) >said 2>&1 </dev/null
    got=$?
    if [ "$got" -eq "$2" ] && grep -qF -- "$4" said; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED $1: status $got, expected $2 and: $4"
        head -c 2000 said
    fi
}

# ---- The head ----

items='for (i = 0; i < 100000; i++) printf "\tc%d@localhost: both\n", i'
good='1 file, no complaints'
good_run='1 passed, 0 failed'

large 'a roster' 0 run "$good_run" \
    "romeo(); printf \"[Roster] romeo@localhost\\n\"; $items; steps()"
awk "BEGIN { $items }" >items.roster
large 'a roster of a file' 0 run "$good_run" \
    'romeo(); printf "[Roster] romeo@localhost\n\tfrom: items.roster\n"; steps()'
large 'a block list' 0 run "$good_run" \
    'romeo(); printf "[Blocklist] romeo@localhost\n"; for (i = 0; i < 100000; i++) printf "\tc%d@localhost\n", i; steps()'
large 'accounts' 0 run "$good_run" \
    'romeo(); server(); for (i = 0; i < 20000; i++) printf "[Account] c%d@localhost\n", i; steps()'
large 'accounts with rosters' 0 run "$good_run" \
    'romeo(); server(); for (i = 0; i < 20000; i++)
        printf "[Account] c%d@localhost\n[Roster] c%d@localhost\n\ta@b: to\n[Blocklist] c%d@localhost\n", i, i, i
     steps()'
large 'characters' 0 run "$good_run" \
    'romeo(); server(); for (i = 0; i < 20000; i++) printf "[Client] C%d\n\tjid: c%d@localhost\n", i, i; steps()'
large 'characters that act' 0 lint "$good" \
    'romeo(); for (i = 0; i < 50000; i++) printf "[Client] C %d\n\tjid: c%d@localhost\n", i, i
     steps(); for (i = 0; i < 50000; i++) printf "C %d connects\n", i'
large 'hosts' 0 run "$good_run" \
    'romeo(); server(); for (i = 0; i < 20000; i++) printf "[Client] C%d\n\tjid: c@h%d.lit\n", i, i; steps()'
large 'servers' 0 lint "$good" \
    'romeo(); printf "[Server] S\n\thost: localhost\n"
     for (i = 0; i < 100000; i++) printf "[Server] S%d\n\thost: h%d.lit\n", i, i; steps()'
large 'tags' 0 lint "$good" 'romeo(); for (i = 0; i < 100000; i++) printf "## t%d: x\n", i; steps()'
large 'lines that are no section' 2 lint 'and 99984 more complaints' \
    'romeo(); for (i = 0; i < 100000; i++) printf "stray %d\n", i; steps()'
large 'a title of 1 MB' 0 lint "$good" 'printf "# "; repeat("title ", 170000); printf "\n"; romeo(); steps()'
large 'a name that is too long' 2 lint 'of a character has 100000 bytes; expected at most 240' \
    'romeo(); printf "[Client] "; repeat("n", 100000); printf "\n\tjid: a@b\n"; steps()'

# ---- Tables ----

rows='printf "[Table]\n\tword | kind\n"; for (i = 0; i < 3000; i++) printf "\tw%d | k%d\n", i, i % 3'

large 'a table' 0 run '3000 passed, 0 failed' \
    "both(); $rows; steps(); printf \"when kind is k1, Juliet connects\\nRomeo is connected\\n\""
large 'a table with a large head' 0 lint '1 file with 3000 cases, no complaints' \
    "printf \"# About \${word}\\n\"; romeo(); printf \"[Roster] romeo@localhost\\n\"; $items; $rows; steps()"
large 'a table of which each row has a step of its own' 0 lint '1 file with 1200 cases, no complaints' \
    'romeo(); printf "[Table]\n\tword\n"; for (i = 0; i < 1200; i++) printf "\tw%d\n", i; steps()
     for (i = 0; i < 1200; i++) printf "when word is w%d, Romeo is connected\n", i'
large 'a table that comes to too much' 2 lint 'this table has 3000 rows, each of which repeats 20002 lines' \
    "romeo(); $rows; steps(); repeat(\"Romeo is connected\\n\", 20000)"
large 'columns' 0 lint "$good" \
    'romeo(); printf "[Table]\n\ta"; for (i = 0; i < 20000; i++) printf " | c%d", i
     printf "\n\t1"; for (i = 0; i < 20000; i++) printf " | %d", i; printf "\n"; steps()
     for (i = 0; i < 20000; i++) printf "when c%d is %d, Romeo is connected\n", i, i'
large 'conditions of one step' 0 lint "$good" \
    'romeo(); printf "[Table]\n\ta\n\t1\n---\n"; repeat("when a is 1, ", 200000); printf "Romeo connects\n"'

# ---- Steps ----

large 'steps' 0 run "$good_run" 'romeo(); steps(); repeat("Romeo is connected\n", 100000)'
large 'steps of nobody' 2 lint 'and 99984 more complaints' \
    'romeo(); steps(); for (i = 0; i < 100000; i++) printf "Stranger%d connects\n", i'
large 'captures' 0 lint "$good" \
    'romeo(); steps(); printf "Romeo receives:\n"
     for (i = 0; i < 100000; i++) printf "\t<message id=\"{scansion:capture:c%d}\"/>\n", i
     printf "Romeo sends:\n"; for (i = 0; i < 100000; i++) printf "\t<message id=\"${c%d}\"/>\n", i'
large 'a roster that a step expects' 0 lint "$good" \
    "romeo(); steps(); printf \"Romeo's roster is:\\n\"; for (i = 0; i < 100000; i++) printf \"\\tc%d@localhost: both\\n\", i"
large 'a line of 10 MB' 0 lint "$good" \
    'romeo(); steps(); printf "Romeo sends raw \""; repeat("0123456789", 1000000); printf "\"\n"'
large 'a line of 10 MB that is no step' 2 lint 'unknown character "xxxxxxxxx' \
    'romeo(); steps(); repeat("xxxxxxxxxx", 1000000); printf "\n"'
large 'a file of 50 MB' 0 lint "$good" \
    'romeo(); steps(); repeat("# a comment of fifty bytes, more or less, in a row\n", 1000000)'
large 'blocks in blocks' 2 lint '"at the same time" is nested in another block' \
    'romeo(); steps(); for (i = 0; i < 2000; i++) { repeat(" ", i); printf "at the same time:\n" }'
large 'elements in elements' 2 lint 'nested too deeply' \
    'romeo(); steps(); printf "Romeo sends:\n\t"; repeat("<a>", 300000); repeat("</a>", 300000); printf "\n"'

acts='for (i = 0; i < 20000; i++)'
large 'steps that send' 0 run "$good_run" "meet(); $acts { printf \"Romeo sends:\\n\"; message(i) }"
large 'steps that ask' 0 run "$good_run" \
    "meet(); $acts printf \"Romeo sends:\\n\\t<iq type='get' id='q%d'><ping xmlns='urn:xmpp:ping'/></iq>\\n\", i"
large 'an inbox of which some is ignored' 0 run "$good_run" \
    "meet(); printf \"Juliet ignores:\\n\\t<presence/>\\n\"; $acts { printf \"Romeo sends:\\n\"; message(i) }"
large 'in any order, by an attribute' 0 run "$good_run" \
    'meet(); inbox(20000); for (i = 19999; i >= 0; i--) printf "\t<message id=\"m%d\"/>\n", i'
large 'in any order, by a text' 0 run "$good_run" \
    'meet(); inbox(20000); for (i = 19999; i >= 0; i--) printf "\t<message><body>n%d</body></message>\n", i'
large 'in any order, all alike' 0 run "$good_run" \
    'meet(); inbox(20000); repeat("\t<message><body>{scansion:any}</body></message>\n", 20000)'
large 'in any order, but for one' 1 run 'to receive this message; the most similar stanza differs' \
    'meet(); inbox(20000); for (i = 20000; i > 0; i--) printf "\t<message id=\"m%d\"/>\n", i'
large 'in any order, and nothing tells them apart' 1 run 'too many to compare each pair' \
    "meet(); inbox(20000)
     for (i = 0; i < 20000; i++) printf \"\t<message><x xmlns='urn:x'><y><z>%d</z><c>{scansion:any}</c></y></x></message>\n\", i"

# ---- Stanzas ----

x='<x xmlns=\"urn:x\">'

large 'a stanza of 1 MB' 0 run "$good_run" \
    'meet(); sends("<body>", "%06d", "</body>", 170000); receives("<body>", "%06d", "</body>", 170000)'
large 'equal elements' 0 run "$good_run" \
    "meet(); sends(\"$x\", \"<a/>\", \"</x>\", 50000); receives(\"$x\", \"<a/>\", \"</x>\", 50000)"
large 'equal elements, and one more' 1 run '0 passed, 1 failed' \
    "meet(); sends(\"$x\", \"<a/>\", \"</x>\", 20000); receives(\"$x\", \"<a/>\", \"</x>\", 20001)"
large 'elements in another order' 0 run "$good_run" \
    "meet(); sends(\"$x\", \"<a>%d</a>\", \"</x>\", 20000); receives(\"$x\", \"<a>%d</a>\", \"</x>\", -20000)"
large 'attributes' 0 run "$good_run" \
    'meet(); sends("<x xmlns=\"urn:x\" ", " a%d=\"1\"", "/>", 50000); receives("<x xmlns=\"urn:x\" ", " a%d=\"1\"", "/>", -50000)'
large 'attributes, of which one differs' 1 run "attribute 'b' of <x/>: expected '1', got '2'" \
    'meet(); sends("<x xmlns=\"urn:x\" b=\"2\"", " a%d=\"1\"", "/>", 50000)
     receives("<x xmlns=\"urn:x\" b=\"1\"", " a%d=\"1\"", "/>", 50000)'
large 'elements that all differ' 1 run 'there are too many elements to compare all pairs' \
    "meet(); sends(\"$x\", \"<a>%d</a>\", \"</x>\", 20000); receives(\"$x\", \"<a>b%d</a>\", \"</x>\", 20000)"
large 'wildcards that all differ in what is beside them' 1 run 'there are too many elements to compare' \
    "meet(); sends(\"$x\", \"<a><b>%d</b><c/></a>\", \"</x>\", 20000)
     receives(\"$x\", \"<a><b>x%d</b><c>{scansion:any}</c></a>\", \"</x>\", 20000)"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
