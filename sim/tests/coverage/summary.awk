# The summary by module, and what is missing at a threshold: awk -v least='core 99 96 sim 97 92' -v marks=N
# -v missing=FILE -f read_info.awk -f summary.awk FILE.info...
#
# `least` has, for a folder, the least percentages of lines and branches.  Where the folder has less, its files that have less
# follow, the one with the most missing first, and the exit status is 1.  To the file `missing` goes a list of all
# that is not reached, in the same form, whatever the thresholds.

function add_to(group, path,  k) {
    if (!(group in grouped)) {
        grouped[group] = 1
        groups[++group_count] = group
    }
    for (k = 1; k <= 3; k++) {
        group_found[group, kinds[k]] += found[path, kinds[k]]
        group_hit[group, kinds[k]] += hit[path, kinds[k]]
    }
}

function cell(hits, all) {
    return sprintf("%6.1f %% %13s", percentage(hits, all), hits "/" all)
}

function print_row(group, title,  k, row) {
    row = sprintf("%-18s", title)
    for (k = 1; k <= 3; k++)
        row = row "  " cell(group_hit[group, kinds[k]] + 0, group_found[group, kinds[k]] + 0)
    print row
}

function print_modules(  g) {
    printf "%-18s  %22s  %22s  %22s\n", "module", "lines", "functions", "branches"
    for (g = 1; g <= group_count; g++)
        if (groups[g] !~ /^total /)
            print_row(groups[g], groups[g])
    print ""
    for (g = 1; g <= group_count; g++)
        if (groups[g] ~ /^total /)
            print_row(groups[g], groups[g])
}

# ---- What is missing ----

function missing_lines(path,  i, count, of) {
    for (i = 1; i <= last_line[path]; i++)
        if ((path, i) in executed && executed[path, i] == 0)
            of[++count] = i
    ranged_path = path
    return ranges(of, count)
}

# Lines that are reached, with the number of their branches that never were taken where there is more than one.
function missing_branches(path,  i, j, not_taken, text) {
    for (i = 1; i <= last_line[path]; i++) {
        if (!((path, i) in branch_count) || !executed[path, i])
            continue
        not_taken = 0
        for (j = 1; j <= branch_count[path, i]; j++)
            not_taken += branch_line[path, i, j] + 0 == 0
        if (not_taken > 0)
            text = text (text == "" ? "" : ", ") i (not_taken > 1 ? " (" not_taken ")" : "")
    }
    return text
}

function describe_missing(path, kind,  count, where) {
    count = found[path, kind] - hit[path, kind]
    where = kind == "line" ? missing_lines(path) : missing_branches(path)
    return sprintf("  %s: %.1f %% of %d %s, %d not %s%s", path, percentage(hit[path, kind] + 0, found[path, kind] + 0),
                   found[path, kind], plural[kind], count, kind == "line" ? "reached" : "taken", where == "" ? "" : ": " where)
}

# Those of the folder that have less than the least percentage, in order.
function select_files(folder, kind, percents,  s, i, count, path) {
    for (s = 1; s <= sources; s++) {
        path = paths[s]
        if (index(path, folder "/") != 1 || hit[path, kind] * 100 >= found[path, kind] * percents)
            continue
        for (i = count++; i > 0 && lacks(selected[i], kind) < lacks(path, kind); i--)
            selected[i + 1] = selected[i]
        selected[i + 1] = path
    }
    return count + 0
}

function lacks(path, kind) {
    return found[path, kind] - hit[path, kind]
}

function list_missing(folder, kind, percents, file,  i, count) {
    count = select_files(folder, kind, percents)
    for (i = 1; i <= count; i++)
        print describe_missing(selected[i], kind) >file
}

# Compared without rounding.
function judge(folder, kind, percents,  hits, all) {
    hits = group_hit["total " folder, kind] + 0
    all = group_found["total " folder, kind] + 0
    if (hits * 100 >= all * percents)
        return
    printf "\nFAILED %s: %.1f %% of the %s, less than %s %%; the files with less, most missing first:\n", folder,
           percentage(hits, all), plural[kind], percents
    fflush()
    list_missing(folder, kind, percents, "/dev/stdout")
    failed = 1
}

END {
    split("line function branch", kinds, " ")
    plural["line"] = "lines"
    plural["function"] = "functions"
    plural["branch"] = "branches"
    if (sources == 0) {
        print "FAILED nothing was measured"
        exit 1
    }
    for (s = 1; s <= sources; s++) {
        add_to(module_of(paths[s]), paths[s])
        add_to("total " substr(paths[s], 1, index(paths[s], "/") - 1), paths[s])
    }
    print_modules()
    printf "\nexcluded by a marker in the source: %d; branches inside an assert( or a macro of uthash are not counted\n", marks
    folders = split(least, of, " ")
    for (i = 1; i + 2 <= folders; i += 3) {
        judge(of[i], "line", of[i + 1])
        judge(of[i], "branch", of[i + 2])
        if (missing != "") {
            list_missing(of[i], "line", 100, missing)
            list_missing(of[i], "branch", 100, missing)
        }
    }
    exit failed
}
