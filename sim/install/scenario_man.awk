# Makes rehearse-scenario(5) of scenarios/README.md: awk -v release=0.1.0 -f scenario_man.awk README.md
#
# Of Markdown it knows what that page uses: headings, paragraphs, lists, tables, blocks of code, and code, emphasis
# and links in text.  What the page says about this repository, from "Writing your own" on, is left out.

function escape(text) {
    gsub(/\\/, "\\e", text)
    gsub(/-/, "\\-", text)
    return text
}

# A line that begins with a dot or an apostrophe would be a request.
function put(text) {
    if (text ~ /^[.']/)
        text = "\\&" text
    print text
}

# Replaces each pair of marks by a change of the font and back.
function fonts(text, mark, font,  at, out, open) {
    while ((at = index(text, mark)) > 0) {
        out = out substr(text, 1, at - 1) (open ? "\\fR" : font)
        text = substr(text, at + length(mark))
        open = !open
    }
    return out text
}

# Code is taken literally, so the other marks are looked for only between pieces of code.
function inline(text,  pieces, count, i, out, fence) {
    while (match(text, /\[[^][]*\]\([^)]*\)/)) {
        fence = substr(text, RSTART, RLENGTH)
        sub(/\]\(.*/, "", fence)
        text = substr(text, 1, RSTART - 1) substr(fence, 2) substr(text, RSTART + RLENGTH)
    }
    count = split(text, pieces, "`")
    for (i = 1; i <= count; i++) {
        if (i % 2 == 0)
            out = out "\\fB" escape(pieces[i]) "\\fR"
        else
            out = out fonts(fonts(escape(pieces[i]), "**", "\\fB"), "*", "\\fI")
    }
    return out
}

function end_paragraph() {
    if (paragraph != "")
        put(inline(paragraph))
    paragraph = ""
}

function trim(text) {
    gsub(/^ +| +$/, "", text)
    return text
}

# The first column is the term.  A bar in a cell is "\|".
function put_row(line,  cells, count, i, rest) {
    gsub(/\\\|/, "\001", line)
    gsub(/^\| *| *\|$/, "", line)
    count = split(line, cells, "|")
    for (i = 2; i <= count; i++)
        rest = rest (i > 2 ? "; " : "") trim(cells[i])
    gsub(/\001/, "|", cells[1])
    gsub(/\001/, "|", rest)
    print ".TP"
    put(inline(trim(cells[1])))
    put(inline(rest))
}

BEGIN {
    printf ".TH REHEARSE\\-SCENARIO 5 \"\" \"Rehearsal %s\" \"File Formats\"\n", release
    print ".SH NAME"
    print "rehearse\\-scenario \\- the language of XMPP scenarios, in files *.scs"
    print ".SH DESCRIPTION"
}

/^```/ {
    end_paragraph()
    in_code = !in_code
    print (in_code ? ".PP\n.in +4n\n.nf" : ".fi\n.in")
    next
}
in_code {
    put(escape($0))
    next
}
/^## Writing your own/ { exit }
/^# / { next }
/^## / {
    end_paragraph()
    print ".SH " toupper(escape(substr($0, 4)))
    next
}
/^### / {
    end_paragraph()
    print ".SS " escape(substr($0, 5))
    next
}
/^\|[ -]*-[-| ]*\|$/ { next }
/^\|/ {
    end_paragraph()
    if (!in_table++)
        next # the names of the columns
    put_row($0)
    next
}
{ in_table = 0 }
/^$/ {
    end_paragraph()
    next
}
/^\* / {
    end_paragraph()
    print ".IP \\(bu 2"
    paragraph = substr($0, 3)
    next
}
{
    if (paragraph == "" && $0 !~ /^ /)
        print ".PP"
    paragraph = paragraph (paragraph == "" ? "" : " ") trim($0)
}
END {
    end_paragraph()
    print ".SH SEE ALSO"
    print ".BR rehearse (1),"
    print ".BR rehearse\\-lint (1),"
    print ".BR rehearse\\-fmt (1)"
}
