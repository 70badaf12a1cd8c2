# Reads tracefiles of lcov's format and adds up the counts of all tests, for the scripts that are given after this
# file: awk -f read_info.awk -f SCRIPT.awk FILE.info...
#
# In END they find paths[1..sources] in order, and of each path:
#   last_line[path]; executed[path, line], a count for each line that can be executed
#   branch_count[path, line]; branch_line[path, line, i] for i from 1 on, a count or "-" where the line was not reached
#   functions[path]; function_name[path, i], function_at[path, i]; called[path, name]
#   found[path, kind] and hit[path, kind] for the kinds "line", "function" and "branch".

function add_count(table, key, count) {
    if (!(key in table) || table[key] == "-")
        table[key] = count
    else if (count != "-")
        table[key] += count
}

function key_of(line, rest) {
    return path SUBSEP line SUBSEP rest
}

function read_function(line, name) {
    if (line > last_line[path])
        last_line[path] = line
    if ((path, name) in function_known)
        return
    function_known[path, name] = 1
    function_name[path, ++functions[path]] = name
    function_at[path, functions[path]] = line
}

function read_branch(line, block, number, count,  at) {
    if (line > last_line[path])
        last_line[path] = line
    at = key_of(line, block "," number)
    if (!(at in branch_known))
        branch_known[at] = ++branch_count[path, line]
    add_count(branch_line, key_of(line, branch_known[at]), count)
}

function read_line(line, count) {
    if (line > last_line[path])
        last_line[path] = line
    executed[path, line] += count
}

/^SF:/ {
    path = substr($0, 4)
    if (!(path in known)) {
        known[path] = 1
        paths[++sources] = path
    }
    next
}
/^(FN|FNDA|BRDA|DA):/ {
    kind = substr($0, 1, index($0, ":") - 1)
    fields = split(substr($0, index($0, ":") + 1), field, ",")
    if (kind == "FN")
        read_function(field[1] + 0, field[fields])
    else if (kind == "FNDA")
        called[path, field[2]] += field[1]
    else if (kind == "BRDA")
        read_branch(field[1] + 0, field[2], field[3], field[4])
    else
        read_line(field[1] + 0, field[2])
}

function count_up(path, kind, count) {
    found[path, kind]++
    hit[path, kind] += count != "-" && count > 0
}

function sort_paths(  i, j, path) {
    for (i = 2; i <= sources; i++) {
        path = paths[i]
        for (j = i - 1; j > 0 && paths[j] > path; j--)
            paths[j + 1] = paths[j]
        paths[j + 1] = path
    }
}

function total_up(path,  i, j) {
    for (i = 1; i <= functions[path]; i++)
        count_up(path, "function", called[path, function_name[path, i]] + 0)
    for (i = 1; i <= last_line[path]; i++) {
        if ((path, i) in executed)
            count_up(path, "line", executed[path, i])
        for (j = 1; (path, i, j) in branch_line; j++)
            count_up(path, "branch", branch_line[path, i, j])
    }
}

END {
    sort_paths()
    for (s = 1; s <= sources; s++)
        total_up(paths[s])
}

# ---- For those scripts ----

# The percentage, rounded down to a tenth, so that only what is complete has 100; of nothing all was reached.
function percentage(hits, all) {
    return all == 0 ? 100 : int(hits * 1000 / all) / 10
}

# "core/iq" of core/iq/iq.c, "core" of core/core.c.
function module_of(path) {
    return path ~ /\// ? substr(path, 1, match(path, /\/[^\/]*$/) - 1) : "."
}

# The numbers from `of`[1] to `of`[count], in order, as "3, 7-9"; `next_to` holds for a number whose
# predecessor in the range need not be beside it.
function ranges(of, count,  i, first, text) {
    for (i = 1; i <= count; i++) {
        if (i == 1 || !adjacent(of[i - 1], of[i]))
            first = of[i]
        if (i == count || !adjacent(of[i], of[i + 1])) {
            text = text (text == "" ? "" : ", ") first
            if (of[i] != first)
                text = text "-" of[i]
        }
    }
    return text
}

# Two lines belong to one range also when those between them cannot be executed, as braces and comments.
function adjacent(one, other,  i) {
    for (i = one + 1; i < other; i++)
        if ((ranged_path, i) in executed)
            return 0
    return 1
}
