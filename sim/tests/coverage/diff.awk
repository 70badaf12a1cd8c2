# The added lines of a change that are not reached: awk -v least=100 -v annotations=FILE -f read_info.awk -f diff.awk
# FILE.info change=1 FILE.diff
# The change is in the form of git diff --unified=0.  Lines that cannot be executed, and files that are not measured, such as
# tests, do not count.  The exit status is 1 when less than the least percentage of the others is reached.

change != 1 { next }
left == 0 && /^\+\+\+ / {
    in_file = substr($0, 7)
    sub(/\t$/, "", in_file)
    next
}
/^@@ / {
    left = split($3, place, ",") > 1 ? place[2] + 0 : 1
    at = substr(place[1], 2) - 1
    next
}
left > 0 && /^\+/ {
    at++
    left--
    if ((in_file, at) in executed) {
        added++
        if (executed[in_file, at] > 0)
            reached_lines++
        else {
            missed_file[++missed] = in_file
            missed_line[missed] = at
            text[in_file, at] = substr($0, 2)
        }
    }
}

# One range: lines of one file with none between them that is executable and is not missed.
function report(from, to,  file, first, last, shown, where) {
    file = missed_file[from]
    first = missed_line[from]
    last = missed_line[to]
    shown = text[file, first]
    gsub(/^[ \t]+/, "", shown)
    where = (last > first) ? "lines " first " to " last : "line " first
    print file ":" first ((last > first) ? "-" last : "") ": not reached: " shown
    printf "::warning file=%s,line=%d,endLine=%d,title=Not covered::No test and no scenario reaches %s\n", file, first, last,
           where >annotations
}

END {
    printf "" >annotations
    for (i = 1; i <= missed; i++) {
        ranged_path = missed_file[i]
        if (i == 1 || missed_file[i - 1] != missed_file[i] || !adjacent(missed_line[i - 1], missed_line[i]))
            from = i
        if (i == missed || missed_file[i + 1] != missed_file[i] || !adjacent(missed_line[i], missed_line[i + 1]))
            report(from, i)
    }
    if (added == 0)
        print "no line that can be executed was added"
    else
        printf "%d of %d added lines are reached, %.1f %%\n", reached_lines, added, percentage(reached_lines + 0, added)
    exit reached_lines * 100 < added * least
}
