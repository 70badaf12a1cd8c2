# What layers.sh judges, from lines that it wrote, the words of a kind together:
#
#     declares DOOR NAME         a name that a header for other roots has
#     file PATH                  a source or a header
#     includes PATH NAME         as the line of the source has it
#     list LINE                  of layers.list
#     root ROOT ROOM...          in their order
#     symbol FILE NAME TYPE ...  of the object of FILE.c, as nm -P has it
#     unbuilt FILE               FILE.c has no object
#
# A "file" below is a source with its header, "sim/text"; what includes and is included is called by its path.

$1 == "declares" { declared[$3] = 1; next }
$1 == "file"     { paths[++path_count] = $2; is_path[$2] = 1; next }
$1 == "includes" { including[++include_count] = $2; included[include_count] = $3; next }
$1 == "list"     { lines[++line_count] = substr($0, 6); next }
$1 == "root"     { add_root(); next }
$1 == "symbol"   { add_symbol($2, $3, $4); next }
$1 == "unbuilt"  { unbuilt[++unbuilt_count] = $2; next }

END {
    take_paths()
    take_list()
    for (i = 1; i <= unbuilt_count; i++)
        complain(folder_of(unbuilt[i]), unbuilt[i] ".c has not been built")
    take_calls()
    take_includes()
    judge_order("calls")
    judge_order("includes")
    judge_circles("calls")
    judge_circles("includes")
    judge_list()
    conclude()
}

function add_root(    i) {
    roots[++root_count] = $2
    root_rank[$2] = root_count
    name_folder($2)
    rank[$2] = 0
    for (i = 3; i <= NF; i++) {
        rank[$2 "/" $i] = i - 2
        name_folder($2 "/" $i)
    }
}

function name_folder(folder) {
    folders[++folder_count] = folder
}

function add_symbol(file, name, type) {
    if (type == "U") {
        needing[++need_count] = file
        needed[need_count] = name
    } else if (type ~ /^[A-Z]$/)
        definer[name] = file
}

function folder_of(path) {
    sub(/\/[^\/]*$/, "", path)
    return path
}

function root_of(path) {
    sub(/\/.*/, "", path)
    return path
}

# A folder that has only headers belongs to its root: it is the ground that all modules stand on.
function rank_of(path) {
    return folder_of(path) in rank ? rank[folder_of(path)] : 0
}

function complain(folder, sentence) {
    if (sentence in said)
        return
    said[sentence] = 1
    print "FAILED " sentence
    bad[folder in rank ? folder : root_of(folder)] = 1
}

# ---- What there is ----

function take_paths(    i, folder) {
    for (i = 1; i <= path_count; i++) {
        folder = folder_of(paths[i])
        has_files[folder] = 1
        if (paths[i] ~ /\.c$/) {
            is_file[substr(paths[i], 1, length(paths[i]) - 2)] = 1
            if (!(folder in rank))
                complain(folder, paths[i] ": the folder " folder " is not among the modules")
        }
    }
}

# A line is empty, a comment, "door HEADER: WHY", or "circle FILE...: WHY", where a FILE that ends in a slash is
# all that stands in a folder, without what stands in folders of it.
function take_list(    i, colon, count, words, k) {
    for (i = 1; i <= line_count; i++) {
        if (lines[i] ~ /^(#.*)?$/)
            continue
        colon = index(lines[i], ": ")
        count = split(substr(lines[i], 1, colon - 1), words, " ")
        if (colon == 0 || count < 2 || (words[1] != "door" && words[1] != "circle")) {
            complain("list", "the list has a line that says neither what nor why: " lines[i])
            continue
        }
        entries[++entry_count] = lines[i]
        kind_of[entry_count] = words[1]
        for (k = 2; k <= count; k++) {
            member[entry_count, k - 1] = words[k]
            if (words[1] == "door")
                door[words[k]] = entry_count
        }
        members[entry_count] = count - 1
    }
}

function take_calls(    i, to) {
    for (i = 1; i <= need_count; i++) {
        if (!(needed[i] in definer))
            continue
        to = definer[needed[i]]
        if (to != needing[i])
            add_edge("calls", needing[i], to, needed[i])
    }
}

# As a compiler finds it: beside what includes it, else in the root, else in the folder of headers of any root.
function take_includes(    i, to, root, other) {
    for (i = 1; i <= include_count; i++) {
        root = root_of(including[i])
        to = plain(folder_of(including[i]) "/" included[i])
        if (!(to in is_path))
            to = root "/" included[i]
        for (other = 1; other <= root_count && !(to in is_path); other++)
            to = roots[other] "/include/" included[i]
        if (to in is_path)
            add_edge("includes", including[i], to, "")
    }
}

# A path without "..".
function plain(path) {
    while (path ~ /[^\/]+\/\.\.\//)
        sub(/[^\/]+\/\.\.\//, "", path)
    return path
}

# Edges of one kind are numbered; those that leave a node follow one another by `next_edge`.
function add_edge(kind, from, to, name,    edge) {
    edge = edge_at[kind, from, to]
    if (edge == "") {
        edge = edge_at[kind, from, to] = ++edge_count
        edge_kind[edge] = kind
        edge_from[edge] = from
        edge_to[edge] = to
        next_edge[edge] = first_edge[kind, from]
        first_edge[kind, from] = edge
        names[edge] = name
    } else
        names[edge] = names[edge] ", " name
}

# ---- The order ----

function judge_order(kind,    edge) {
    find_top(kind)
    for (edge = 1; edge <= edge_count; edge++)
        if (edge_kind[edge] == kind && root_of(edge_from[edge]) == root_of(edge_to[edge]))
            judge_within(edge)
        else if (edge_kind[edge] == kind)
            judge_across(edge)
}

# What stands in a root itself is top when it uses a module, or another that is top.
function find_top(kind,    edge, found, from, to) {
    do {
        found = 0
        for (edge = 1; edge <= edge_count; edge++) {
            from = edge_from[edge]
            to = edge_to[edge]
            if (edge_kind[edge] == kind && rank_of(from) == 0 && !((kind, from) in top) &&
                root_of(from) == root_of(to) && (rank_of(to) > 0 || (kind, to) in top)) {
                top[kind, from] = to
                found = 1
            }
        }
    } while (found)
}

function judge_within(edge,    from, to) {
    from = edge_from[edge]
    to = edge_to[edge]
    if (rank_of(from) > 0 && rank_of(to) > rank_of(from))
        complain(folder_of(from), told(edge) ", and " folder_of(to) " comes behind " folder_of(from))
    if (rank_of(from) > 0 && rank_of(to) == 0 && (edge_kind[edge], to) in top)
        complain(folder_of(from), told(edge) ", which itself uses " top[edge_kind[edge], to])
}

function judge_across(edge,    from, to, count, words, i) {
    from = edge_from[edge]
    to = edge_to[edge]
    if (root_rank[root_of(to)] > root_rank[root_of(from)]) {
        complain(folder_of(from), told(edge) ", and " root_of(to) " comes behind " root_of(from))
        return
    }
    if (edge_kind[edge] == "includes" && to in door)
        uses_line[door[to]] = 1
    else if (edge_kind[edge] == "includes")
        complain(folder_of(from), told(edge) ", which is not among the doors")
    count = edge_kind[edge] == "calls" ? split(names[edge], words, ", ") : 0
    for (i = 1; i <= count; i++)
        if (!(words[i] in declared))
            complain(folder_of(from), from " calls " words[i] " of " to ", which no door declares")
}

# "sim/world/net calls link_tell, link_fail_of of sim/world/net_fault"
function told(edge) {
    if (edge_kind[edge] == "includes")
        return edge_from[edge] " includes " edge_to[edge]
    return edge_from[edge] " calls " names[edge] " of " edge_to[edge]
}

# ---- Circles ----

# An edge is on a circle when there is a way back.  Of all circles, the shortest through each such edge is told,
# unless one with it was told already; an edge between two files that one line of the list allows needs no circle
# told, and makes that line one that has a use.
function judge_circles(kind,    edge, count, steps, longest) {
    longest = 0
    for (edge = 1; edge <= edge_count; edge++) {
        if (edge_kind[edge] != kind)
            continue
        count = find_way(kind, edge_to[edge], edge_from[edge])
        if (count == 0 || is_allowed(edge))
            continue
        way_back[edge] = count
        if (count > longest)
            longest = count
    }
    for (steps = 1; steps <= longest; steps++)
        for (edge = 1; edge <= edge_count; edge++)
            if (edge_kind[edge] == kind && way_back[edge] == steps && !(edge in was_told))
                tell_circle(kind, edge)
}

# The shortest way from one node to another, its edges in way[1], way[2], ...; how many, 0 when there is none.
function find_way(kind, from, to,    queue, first, last, came, node, edge, count, i) {
    queue[1] = from
    came[from] = 0
    last = 1
    for (first = 1; first <= last && !(to in came); first++) {
        node = queue[first]
        for (edge = first_edge[kind, node]; edge != ""; edge = next_edge[edge])
            if (!(edge_to[edge] in came)) {
                came[edge_to[edge]] = edge
                queue[++last] = edge_to[edge]
            }
    }
    if (!(to in came))
        return 0
    count = 0
    for (node = to; node != from; node = edge_from[came[node]])
        count++
    i = count
    for (node = to; node != from; node = edge_from[came[node]])
        way[i--] = came[node]
    return count
}

# It begins with what comes first in the alphabet, so that it is told in one way wherever it was found.
function tell_circle(kind, edge,    count, first, i, path) {
    count = find_way(kind, edge_to[edge], edge_from[edge])
    way[0] = edge
    first = 0
    for (i = 1; i <= count; i++)
        if (edge_from[way[i]] < edge_from[way[first]])
            first = i
    path = edge_from[way[first]]
    for (i = 0; i <= count; i++)
        path = path " -> " edge_to[way[(first + i) % (count + 1)]]
    complain(folder_of(edge_from[edge]), "a circle: " path)
    for (i = 0; i <= count; i++) {
        edge = way[(first + i) % (count + 1)]
        was_told[edge] = 1
        bad[folder_of(edge_from[edge])] = 1
        if (kind == "calls")
            print "    " told(edge)
    }
}

# The edge is on a circle: whether a line of the list names both ends.
function is_allowed(edge,    entry, from, to, allowed) {
    allowed = 0
    for (entry = 1; entry <= entry_count; entry++) {
        if (kind_of[entry] != "circle")
            continue
        from = place(entry, edge_from[edge])
        to = place(entry, edge_to[edge])
        if (from > 0 && to > 0) {
            uses[entry, from] = uses[entry, to] = 1
            allowed = 1
        }
    }
    return allowed
}

# Which of the names of a line has a node: 0 when none has it.
function place(entry, node,    k) {
    for (k = 1; k <= members[entry]; k++)
        if (member[entry, k] == node || member[entry, k] == folder_of(node) "/")
            return k
    return 0
}

# ---- The end ----

# What allows something that does not happen any more would allow it to come back.
function judge_list(    entry, k, failures) {
    for (entry = 1; entry <= entry_count; entry++) {
        failures = 0
        for (k = 1; k <= members[entry]; k++)
            if (kind_of[entry] == "door" ? !(entry in uses_line) : !((entry, k) in uses)) {
                complain("list", "the list allows what nothing does, with " member[entry, k] ": " entries[entry])
                failures++
            }
        passed += failures == 0
    }
}

function conclude(    i, failed) {
    failed = ("list" in bad) + 0
    for (i = 1; i <= folder_count; i++)
        if (folders[i] in bad)
            failed++
        else if (folders[i] in has_files)
            passed++
    print passed + 0 " passed, " failed + 0 " failed"
    exit (failed > 0)
}
