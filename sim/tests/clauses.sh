#!/bin/sh
# Checks that each clause that a scenario cites exists: clauses.sh [FOLDER...]
# The tags `## rfc: NUMBER SECTION` and `## xep: NUMBER SECTION` of all scenarios, with the cells of their tables
# inserted, are looked up in fixtures/clauses/sections.tsv.  Documents that are not in it are not checked, and a tag
# may cite a whole document.  A line is printed for each tag whose section does not exist; the exit status is
# then 1.
set -u

[ $# -gt 0 ] || set -- scenarios fixtures/regressions
find "$@" -name '*.scs' -print | sort | xargs awk '
    function complain(tag) {
        printf "%s: no such section: %s\n", file, tag
        wrong = 1
    }
    function check(tag,  words, document) {
        split(tag, words, " ")
        document = words[1] " " words[2]
        if (words[3] != "" && (document in known) && !((document " " words[3]) in known))
            complain(tag)
    }
    function trim(text) {
        gsub(/^[ \t]+|[ \t]+$/, "", text)
        return text
    }
    function put_in(text, from, to,  at) {
        while ((at = index(text, from)) > 0)
            text = substr(text, 1, at - 1) to substr(text, at + length(from))
        return text
    }
    # A row of the table: the first names the columns.
    function take_row(line,  cells, count, i, t, tag) {
        gsub(/\\\|/, "/", line)
        count = split(line, cells, "|")
        for (i = 1; i <= count; i++)
            cells[i] = trim(cells[i])
        for (i = 1; i <= count && rows == 0; i++)
            columns[i] = "${" cells[i] "}"
        for (t = 1; t <= tags && rows > 0; t++) {
            tag = tagged[t]
            for (i = 1; i <= count; i++)
                tag = put_in(tag, columns[i], cells[i])
            check(tag)
        }
        rows++
    }
    FNR == NR {
        if ($0 !~ /^#/) {
            split($0, section, "\t")
            known[section[1]]
            known[section[1] " " section[2]]
        }
        next
    }
    FNR == 1 {
        file = FILENAME
        tags = rows = in_table = in_steps = 0
    }
    in_steps { next }
    /^---/ { in_steps = 1; next }
    /^## (rfc|xep): / {
        tag = trim(substr($0, 4))
        sub(/:/, "", tag)
        if (index(tag, "${") > 0)
            tagged[++tags] = tag
        else
            check(tag)
        next
    }
    /^\[/ { in_table = ($0 ~ /^\[Table\]/); next }
    in_table && /^[ \t]+[^ \t]/ { take_row($0) }
    END { exit wrong }
' fixtures/clauses/sections.tsv || exit 1
