# Turns what gcov prints into a tracefile of lcov's format: gcov -b -c -t FILE.gcda... | awk -v test=NAME -f
# gcov_to_info.awk.
#
# Sources are those whose path begins with core/ or sim/, and is not of a folder tests/.  A header's lines, which gcov prints
# once for each object that includes it, are added up.  Files of which nothing was reached are left out, unless
# all=1.
#
# A branch that leaves an assertion is not counted, because its other way out is impossible; and neither are those inside
# a macro of uthash or utlist that is a statement of its own, which gcov takes for branches of the line.  Markers in the source
# exclude more: LCOV_EXCL_LINE a line, LCOV_EXCL_BR_LINE its branches, and LCOV_EXCL_START to LCOV_EXCL_STOP
# the lines from the one to the other, LCOV_EXCL_BR_START to LCOV_EXCL_BR_STOP their branches.  A function that begins in an excluded line is excluded as well.

BEGIN {
    FS = ":"
    macro = "^[ \t]*(HASH_(ADD|CLEAR|DEL|FIND)|[DL]L_(APPEND|DELETE|PREPEND))[A-Z0-9_]*\\("
}

function begin_source(path) {
    ours = path ~ /^(core|sim)\// && path !~ /(^|\/)tests\//
    source = path
    excluding = 0
    excluding_branches = 0
    waiting = ""
    if (ours && !(path in known)) {
        known[path] = 1
        paths[++sources] = path
    }
}

# A count may have a star, when a part of its line was not reached.
function count_line(count, number, text) {
    line = number
    branch = 0
    if (text ~ /LCOV_EXCL_START/)
        excluding = 1
    if (text ~ /LCOV_EXCL_BR_START/)
        excluding_branches = 1
    line_excluded = excluding || text ~ /LCOV_EXCL_LINE/
    branches_excluded = line_excluded || excluding_branches || text ~ /LCOV_EXCL_BR_LINE/ || text ~ /assert\(/ || text ~ macro
    if (text ~ /LCOV_EXCL_STOP/)
        excluding = 0
    if (text ~ /LCOV_EXCL_BR_STOP/)
        excluding_branches = 0
    if (waiting != "" && !line_excluded) {
        if (!((source, waiting) in function_line)) {
            function_line[source, waiting] = number
            function_names[source, ++functions[source]] = waiting
        }
        calls[source, waiting] += called
    }
    waiting = ""
    if (count == "-" || line_excluded)
        return
    sub(/\*$/, "", count)
    if (number > last_line[source])
        last_line[source] = number
    if (count !~ /^[0-9]+$/)
        count = 0
    reached[source] += count
    executed[source, number] += count
}

function count_branch(text) {
    if (!branches_excluded) {
        taken = "-"
        if (match(text, /taken [0-9]+/))
            taken = substr(text, RSTART + 6, RLENGTH - 6)
        if (!((source, line, branch) in branches) || branches[source, line, branch] == "-")
            branches[source, line, branch] = taken
        else if (taken != "-")
            branches[source, line, branch] += taken
    }
    branch++
}

/^ *-: *0:Source:/ {
    begin_source(substr($0, index($0, ":Source:") + 8))
    next
}
!ours || /^ *-: *0:/ { next }
/^function / {
    split($0, words, " ")
    waiting = words[2]
    called = words[4]
    next
}
/^branch / {
    count_branch($0)
    next
}
/^(call|unconditional) / { next }
/^ *[^ :]+: *[0-9]+:/ {
    count = $1
    gsub(/ /, "", count)
    count_line(count, $2 + 0, substr($0, length($1) + length($2) + 3))
}

function print_functions(path,  i, name, hit) {
    for (i = 1; i <= functions[path]; i++) {
        name = function_names[path, i]
        print "FN:" function_line[path, name] "," name
    }
    for (i = 1; i <= functions[path]; i++) {
        name = function_names[path, i]
        printf "FNDA:%.0f,%s\n", calls[path, name], name
        hit += calls[path, name] > 0
    }
    print "FNF:" functions[path] + 0
    print "FNH:" hit + 0
}

function print_branches(path,  i, j, found, hit, taken) {
    for (i = 1; i <= last_line[path]; i++)
        for (j = 0; (path, i, j) in branches; j++) {
            taken = branches[path, i, j]
            printf taken == "-" ? "BRDA:%d,0,%d,-\n" : "BRDA:%d,0,%d,%.0f\n", i, j, taken
            found++
            hit += taken != "-" && taken > 0
        }
    print "BRF:" found + 0
    print "BRH:" hit + 0
}

function print_lines(path,  i, found, hit) {
    for (i = 1; i <= last_line[path]; i++)
        if ((path, i) in executed) {
            printf "DA:%d,%.0f\n", i, executed[path, i]
            found++
            hit += executed[path, i] > 0
        }
    print "LF:" found + 0
    print "LH:" hit + 0
}

END {
    for (s = 1; s <= sources; s++) {
        path = paths[s]
        if (last_line[path] == 0 || (reached[path] == 0 && !all))
            continue
        print "TN:" test
        print "SF:" path
        print_functions(path)
        print_branches(path)
        print_lines(path)
        print "end_of_record"
    }
}
