# Adds up the counts of all tests as one tracefile: awk -f read_info.awk -f merge.awk FILE.info...

function print_functions(path,  i) {
    for (i = 1; i <= functions[path]; i++)
        print "FN:" function_at[path, i] "," function_name[path, i]
    for (i = 1; i <= functions[path]; i++)
        printf "FNDA:%.0f,%s\n", called[path, function_name[path, i]], function_name[path, i]
    print "FNF:" found[path, "function"] + 0 "\nFNH:" hit[path, "function"] + 0
}

function print_branches(path,  i, j, count) {
    for (i = 1; i <= last_line[path]; i++)
        if ((path, i) in branch_count)
            for (j = 1; j <= branch_count[path, i]; j++) {
                count = branch_line[path, i, j]
                print "BRDA:" i ",0," j - 1 "," (count == "-" ? count : sprintf("%.0f", count))
            }
    print "BRF:" found[path, "branch"] + 0 "\nBRH:" hit[path, "branch"] + 0
}

END {
    for (s = 1; s <= sources; s++) {
        path = paths[s]
        print "TN:\nSF:" path
        print_functions(path)
        print_branches(path)
        for (i = 1; i <= last_line[path]; i++)
            if ((path, i) in executed)
                printf "DA:%d,%.0f\n", i, executed[path, i]
        print "LF:" found[path, "line"] + 0 "\nLH:" hit[path, "line"] + 0
        print "end_of_record"
    }
}
