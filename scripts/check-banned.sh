#!/bin/sh
# Fails when the source uses a name of scripts/banned.txt where it is banned. Comments and strings do not count; nor do
# members of that name (store->open) and pointers to functions. check-banned.sh [FILE...], default all of src/.
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
    # The line without comments and with empty strings; in_comment goes on from line to line.
    function bare(line,   out, two, c, i, n) {
        out = ""
        n = length(line)
        for (i = 1; i <= n; i++) {
            two = substr(line, i, 2)
            c = substr(line, i, 1)
            if (in_comment) {
                if (two == "*/") { in_comment = 0; i++ }
            } else if (two == "/*") { in_comment = 1; i++; out = out " " }
            else if (two == "//") break
            else if (c == "\"" || c == "\047") {
                for (i++; i <= n && substr(line, i, 1) != c; i++) if (substr(line, i, 1) == "\\") i++
                out = out "\"\""
            } else out = out c
        }
        return out
    }
    NR == FNR {
        count = split($0, cell, "\t")
        if (/^#/ || count < 5) next
        rows++
        name[rows] = cell[2]; where[rows] = cell[3]; but[rows] = cell[4]; why[rows] = cell[5]
        pattern[rows] = "(^|[^A-Za-z0-9_.>])" cell[2] (cell[1] == "call" ? "[ \t]*\\(" : "($|[^A-Za-z0-9_])")
        next
    }
    FNR == 1 {
        in_comment = 0
        active = 0
        for (i = 1; i <= rows; i++) if (any(where[i], FILENAME) && !any(but[i], FILENAME)) use[++active] = i
    }
    {
        text = bare($0)
        if (text ~ /^[ \t]*#[ \t]*include/) next
        for (i = 1; i <= active; i++) if (text ~ pattern[use[i]]) {
            printf "%s:%d: %s is banned here: %s\n", FILENAME, FNR, name[use[i]], why[use[i]]
            bad = 1
        }
    }
    END { exit bad }
' scripts/banned.txt "$@"
