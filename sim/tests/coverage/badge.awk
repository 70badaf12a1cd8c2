# A badge as SVG, "coverage of the core 99.4 %": awk -v least='core 99 96 sim 97 92' -f read_info.awk -f badge.awk FILE.info...
# It shows the share of the lines of the first folder of `least`, rounded down.  It is green when each folder has
# its least share of lines and branches, and red otherwise.

function share_is_enough(folder, kind, percents,  s, hits, all) {
    for (s = 1; s <= sources; s++)
        if (index(paths[s], folder "/") == 1) {
            hits += hit[paths[s], kind]
            all += found[paths[s], kind]
        }
    if (kind == "line" && shown == "")
        shown = sprintf("%.1f %%", percentage(hits + 0, all + 0))
    return hits * 100 >= all * percents
}

# The text is stretched to a width, because nothing is known of the fonts.
function text_element(x, width, text) {
    return sprintf("  <text x=\"%d\" y=\"14\" textLength=\"%d\" lengthAdjust=\"spacingAndGlyphs\">%s</text>", x, width, text)
}

END {
    good = sources > 0
    count = split(least, of, " ")
    for (i = 1; i + 2 <= count; i += 3) {
        good = share_is_enough(of[i], "line", of[i + 1]) && good
        good = share_is_enough(of[i], "branch", of[i + 2]) && good
    }
    label = "coverage of the " of[1]
    left = 6 * length(label) + 12
    right = 7 * length(shown) + 12
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"20\" role=\"img\" aria-label=\"%s: %s\">\n",
           left + right, label, shown
    print "  <title>" label ": " shown "</title>"
    printf "  <rect width=\"%d\" height=\"20\" fill=\"#555\"/>\n", left
    printf "  <rect x=\"%d\" width=\"%d\" height=\"20\" fill=\"%s\"/>\n", left, right, good ? "#2a7d2a" : "#b03030"
    print "  <g fill=\"#fff\" font-family=\"DejaVu Sans,Verdana,sans-serif\" font-size=\"11\">"
    print "  " text_element(6, left - 12, label)
    print "  " text_element(left + 6, right - 12, shown)
    print "  </g>\n</svg>"
}
