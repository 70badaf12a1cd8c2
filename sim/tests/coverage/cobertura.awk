# A report in Cobertura's format (coverage-04.dtd): awk -v root=FOLDER -v when=SECONDS -v version=RELEASE
# -f read_info.awk -f cobertura.awk FILE.info...
#
# A package is a module, a class is a file, and a method is a function with the line where it begins.  Rates have four decimals,
# rounded down.  Cobertura gives a line a share of its branches, and each pair of them a condition; which branch
# belongs to which condition gcov does not tell, so that there is only the share.  `complexity` is 0, as in
# other reports that do not measure it.

function escaped(text) {
    gsub(/&/, "\\&amp;", text)
    gsub(/</, "\\&lt;", text)
    gsub(/>/, "\\&gt;", text)
    gsub(/"/, "\\&quot;", text)
    return text
}

function rate(hits, all) {
    return all == 0 ? "1" : sprintf("%.4f", int(hits * 10000 / all) / 10000)
}

function rates(lines, all_lines, branches, all_branches) {
    return sprintf("line-rate=\"%s\" branch-rate=\"%s\"", rate(lines, all_lines), rate(branches, all_branches))
}

function line_element(path, i,  j, hits) {
    if (!((path, i) in branch_count))
        return sprintf("<line number=\"%d\" hits=\"%.0f\" branch=\"false\"/>", i, executed[path, i])
    for (j = 1; j <= branch_count[path, i]; j++)
        hits += branch_line[path, i, j] + 0 > 0
    return sprintf("<line number=\"%d\" hits=\"%.0f\" branch=\"true\" condition-coverage=\"%d%% (%d/%d)\"/>", i,
                   executed[path, i], int(hits * 100 / branch_count[path, i]), hits, branch_count[path, i])
}

# The end of a function is not in a tracefile: a method has its first line, with the number of its calls.
function print_methods(path,  i, name, calls) {
    print "          <methods>"
    for (i = 1; i <= functions[path]; i++) {
        name = function_name[path, i]
        calls = called[path, name] + 0
        printf "            <method name=\"%s\" signature=\"\" line-rate=\"%d\" branch-rate=\"1\" complexity=\"0\">" \
               "<lines><line number=\"%d\" hits=\"%.0f\" branch=\"false\"/></lines></method>\n",
               escaped(name), (calls > 0), function_at[path, i], calls
    }
    print "          </methods>"
}

function print_class(path,  name, i) {
    name = path
    sub(/^.*\//, "", name)
    printf "        <class name=\"%s\" filename=\"%s\" %s complexity=\"0\">\n", escaped(name), escaped(path),
           rates(hit[path, "line"], found[path, "line"], hit[path, "branch"], found[path, "branch"])
    print_methods(path)
    print "          <lines>"
    for (i = 1; i <= last_line[path]; i++)
        if ((path, i) in executed)
            print "            " line_element(path, i)
    print "          </lines>"
    print "        </class>"
}

function print_package(module,  s) {
    printf "    <package name=\"%s\" %s complexity=\"0\">\n      <classes>\n", escaped(module),
           rates(sum[module, "hit line"], sum[module, "found line"], sum[module, "hit branch"], sum[module, "found branch"])
    for (s = 1; s <= sources; s++)
        if (module_of(paths[s]) == module)
            print_class(paths[s])
    print "      </classes>\n    </package>"
}

function add_to(module, path) {
    sum[module, "found line"] += found[path, "line"]
    sum[module, "hit line"] += hit[path, "line"]
    sum[module, "found branch"] += found[path, "branch"]
    sum[module, "hit branch"] += hit[path, "branch"]
}

END {
    for (s = 1; s <= sources; s++) {
        module = module_of(paths[s])
        if (!(module in module_known))
            modules[++module_count] = module
        module_known[module] = 1
        add_to(module, paths[s])
        add_to("", paths[s])
    }
    print "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
    print "<!DOCTYPE coverage SYSTEM \"http://cobertura.sourceforge.net/xml/coverage-04.dtd\">"
    printf "<coverage %s lines-covered=\"%d\" lines-valid=\"%d\" branches-covered=\"%d\" branches-valid=\"%d\" " \
           "complexity=\"0\" version=\"%s\" timestamp=\"%d\">\n",
           rates(sum["", "hit line"], sum["", "found line"], sum["", "hit branch"], sum["", "found branch"]),
           sum["", "hit line"], sum["", "found line"], sum["", "hit branch"], sum["", "found branch"], escaped(version), when
    printf "  <sources>\n    <source>%s</source>\n  </sources>\n  <packages>\n", escaped(root)
    for (m = 1; m <= module_count; m++)
        print_package(modules[m])
    print "  </packages>\n</coverage>"
}
