# Counts the markers that exclude lines or branches from the coverage, and checks that each has its reason:
# awk -f marks.awk SOURCE...
# A marker is followed by a colon and the reason, in the same comment: LCOV_EXCL_LINE: the reason.  Those that
# end a part, LCOV_EXCL_STOP and LCOV_EXCL_BR_STOP, need none.  Prints the count; a mistake is a line FAILED on standard error, and makes the exit status 1.

function complain(what) {
    print "FAILED " FILENAME ":" FNR ": " what | "cat >&2"
    failed = 1
}

function end_file(  kind) {
    for (kind in open_at) {
        print "FAILED " open_at[kind] ": " kind "START without an " kind "STOP" | "cat >&2"
        failed = 1
    }
    split("", open_at)
}

FNR == 1 { end_file() }
match($0, /LCOV_EXCL_[A-Z_]*/) {
    marker = substr($0, RSTART, RLENGTH)
    rest = substr($0, RSTART + RLENGTH)
    kind = marker
    sub(/(START|STOP|LINE)$/, "", kind)
    if (marker !~ /^LCOV_EXCL_(BR_)?(LINE|START|STOP)$/) {
        complain("no marker is called " marker)
        next
    }
    if (marker ~ /STOP$/) {
        if (!(kind in open_at))
            complain(marker " without an " kind "START")
        delete open_at[kind]
        next
    }
    if (rest !~ /^: [^ *]/)
        complain(marker " without a reason; a colon and the reason follow it")
    if (marker ~ /START$/ && kind in open_at)
        complain(marker " once more, before an " kind "STOP")
    if (marker ~ /START$/)
        open_at[kind] = FILENAME ":" FNR
    count++
}
END {
    end_file()
    print count + 0
    exit failed
}
