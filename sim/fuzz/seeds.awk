# Makes inputs of a trace of `rehearse run --trace`: awk -v target=NAME -v folder=FOLDER -v scenario=NAME -f seeds.awk
# A line of a client is "NUMBER TIME NAME > BYTES".  Each run in the trace becomes one file in the folder; what its
# bytes mean is described in sim/fuzz/TARGET.c.

BEGIN {
    split("Romeo Benvolio Juliet Nurse", names, " ")
    for (i in names)
        place[names[i]] = i - 1
    # A byte of zero cannot be printed by every awk: settings that are not the first.
    begin["session"] = "\004"
    begin["stream"] = "\001\004\010"
    begin["stanza"] = "\004\200"
}

function finish() {
    if (text != "") {
        file = folder "/" scenario "-" ++runs
        printf "%s%s", begin[target], text > file
        close(file)
    }
    text = ""
    split("", bound)
}

$1 == 1 { finish() }

$4 == ">" && NF > 4 {
    bytes = $0
    sub(/^ *[0-9]+ +[0-9.]+ +[^ ]+ > /, "", bytes)
    if (bytes ~ /<bind xmlns/) {
        bound[$3] = 1
        if (target == "session")
            next
    }
    if (target == "session" && $3 in bound)
        text = text "\002" sprintf("%c", $3 in place && place[$3] > 0 ? place[$3] : 5) bytes
    else if (target == "stream" && !($3 in bound) && (first == "" || first == $3 || text == "")) {
        first = $3
        text = text bytes
    } else if (target == "stanza" && $3 in bound)
        text = text bytes
}

END { finish() }
