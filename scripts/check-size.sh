#!/bin/sh
# Fails on a function over 80 lines or with a cyclomatic complexity over 15, and on a file over 600 lines; shows how long
# functions are in the middle. check-size.sh [FILE...], default src/, include/ and tests/.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck disable=SC2046 # no file of ours has a blank in its name
[ $# -gt 0 ] || set -- $(find src include tests -name '*.[ch]' 2>/dev/null | LC_ALL=C sort)
status=0

wc -l "$@" | awk '$2 != "total" && $1 > 600 { printf "%s: %d lines, at most 600\n", $2, $1; bad = 1 } END { exit bad }' || status=1

# pmccabe: complexity, complexity counting each case of a switch, statements, first line, lines, "file(line): function"
pmccabe "$@" | sort -n -k 5,5 | awk '
    $1 > 15 { printf "%s %s: complexity %d, at most 15\n", $6, $7, $1; bad = 1 }
    $5 > 80 { printf "%s %s: %d lines, at most 80\n", $6, $7, $5; bad = 1 }
    { lines[NR] = $5 }
    END {
        if (NR) printf "%d functions: median %d lines, 90 %% within %d, longest %d\n",
            NR, lines[int((NR + 1) / 2)], lines[int((NR * 9 + 9) / 10)], lines[NR]
        exit bad
    }' || status=1
exit $status
