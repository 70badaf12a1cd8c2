# Counts the markers that exclude lines or branches from the coverage, and checks that each has its reason:
# awk -f marks.awk SOURCE...
# A marker is followed by a colon and the reason, in the same comment: LCOV_EXCL_LINE: the reason.  LCOV_EXCL_STOP
# needs none.  Prints the count; a mistake is a line FAILED on standard error, and makes the exit status 1.

function complain(what) {
    print "FAILED " FILENAME ":" FNR ": " what | "cat >&2"
    failed = 1
}

function end_file() {
    if (open_at != "") {
        print "FAILED " open_at ": LCOV_EXCL_START without an LCOV_EXCL_STOP" | "cat >&2"
        failed = 1
    }
    open_at = ""
}

FNR == 1 { end_file() }
match($0, /LCOV_EXCL_[A-Z_]*/) {
    marker = substr($0, RSTART, RLENGTH)
    rest = substr($0, RSTART + RLENGTH)
    if (marker == "LCOV_EXCL_STOP") {
        if (open_at == "")
            complain("LCOV_EXCL_STOP without an LCOV_EXCL_START")
        open_at = ""
        next
    }
    if (marker !~ /^LCOV_EXCL_(LINE|BR_LINE|START)$/)
        complain("no marker is called " marker)
    else if (rest !~ /^: [^ *]/)
        complain(marker " without a reason; a colon and the reason follow it")
    if (marker == "LCOV_EXCL_START" && open_at != "")
        complain("LCOV_EXCL_START once more, before an LCOV_EXCL_STOP")
    if (marker == "LCOV_EXCL_START")
        open_at = FILENAME ":" FNR
    count++
}
END {
    end_file()
    print count + 0
    exit failed
}
