#!/bin/sh
# Fails when a source file includes upward, sideways, or a system or third-party header that scripts/layers.tsv does not
# give it: what a room depends on is decided there, not in the room. check-layers.sh [FILE...], default all of src/.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck disable=SC2046 # no file of ours has a blank in its name
[ $# -gt 0 ] || set -- $(find src -name '*.[ch]' | LC_ALL=C sort)

awk '
    function glob(pattern, text) {
        gsub(/\./, "\\.", pattern)
        gsub(/\*/, ".*", pattern)
        return text ~ ("^" pattern "$")
    }
    function any(patterns, text,   list, count, i) {
        count = split(patterns, list, " ")
        for (i = 1; i <= count; i++) if (glob(list[i], text)) return 1
        return 0
    }
    function say(what) {
        printf "%s:%d: %s\n", FILENAME, FNR, what
        bad = 1
    }
    # The rows of the first file.
    NR == FNR {
        count = split($0, cell, "\t")
        if (/^#/ || count < 2) next
        if (cell[1] == "floor") floor_of[cell[3]] = cell[2]
        else if (cell[1] == "generated") generated[cell[2]] = 1
        else { header[++headers] = cell[2]; files[headers] = cell[3] }
        next
    }
    FNR == 1 {
        split(FILENAME, path, "/")
        room = path[2]
        floor = FILENAME in floor_of ? floor_of[FILENAME] : floor_of[room]
        if (!(room in floor_of)) say("the room " room " stands on no floor of scripts/layers.tsv")
    }
    /^[ \t]*#[ \t]*include[ \t]*"/ {
        split($0, part, "\"")
        target = part[2]
        slash = index(target, "/")
        if (!slash) {
            if (!(target in generated)) say("\"" target "\" is neither generated nor named by its room")
            next
        }
        other = substr(target, 1, slash - 1)
        if (other == "crossdock") {
            if (room != "cli" && FILENAME !~ /^src\/[a-z]+\/api[a-z_]*\.c$/) say("the public API is for those outside, not for src/" room)
        } else if (!(other in floor_of)) say("there is no room " other)
        else if (other != room && floor_of[other] >= floor)
            say("src/" room " (floor " floor ") may not include " target " (floor " floor_of[other] ")")
    }
    /^[ \t]*#[ \t]*include[ \t]*</ {
        split($0, part, /[<>]/)
        target = part[2]
        found = 0
        for (i = 1; i <= headers && !found; i++) found = glob(header[i], target) && any(files[i], FILENAME)
        if (!found) say("scripts/layers.tsv does not give <" target "> to this file")
    }
    END { exit bad }
' scripts/layers.tsv "$@"
