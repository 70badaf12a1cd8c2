#!/bin/sh
# A day of a thousand clients, each on the rosters of six others, with a link fault every five minutes: day.sh PROGRAM
set -u

scenario=$(mktemp)
trap 'rm -f "$scenario"' EXIT
awk -v clients=1000 -v minutes=1440 'BEGIN {
    split("breaks|dies silently|stalls for 5 seconds|breaks after 500 bytes", faults, "|")
    print "# A day of a thousand clients\n## checks only\n[Server]\n\titerations: 1\n\tkeepalive: ping"
    for (i = 0; i < clients; i++)
        printf "[Client] C%d\n\tjid: c%d@localhost/here\n\tpassword: secret\n\tmechanism: PLAIN\n", i, i
    for (i = 0; i < clients; i++) {
        printf "[Roster] c%d@localhost\n", i
        for (d = 1; d <= 3; d++)
            printf "\tc%d@localhost: both\n\tc%d@localhost: both\n", (i + d) % clients, (i - d + clients) % clients
    }
    print "---\nAt the same time:"
    for (i = 0; i < clients; i++)
        printf "\tC%d connects\n", i
    print "At the same time:"
    for (i = 0; i < clients; i++)
        printf "\tC%d sends:\n\t\t<presence/>\n", i
    for (m = 0; m < minutes; m += 5) {
        i = (m * 7919) % clients
        printf "At the same time:\n\tC%d'"'"'s link %s\n\tC%d sends:\n", i, faults[m % 4 + 1], (i + 1) % clients
        printf "\t\t<message to=\"c%d@localhost\" type=\"chat\" id=\"m%d\"><body>Hi</body></message>\n", i, m
        printf "5 minutes pass\nAt the same time:\n\tC%d connects\n\tC%d sends:\n\t\t<presence/>\n", i, i
    }
}' >"$scenario"
"$1" run --time-limit 30m --seed 1 "$scenario"
