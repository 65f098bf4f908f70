#!/bin/sh
# Every finding code is produced by some test: its code or slug stands in an expectation or a table of cases, or its C name
# in a unit test. A code that nothing produces is dead: wire it or take it away.
set -u
cd "$XD_ROOT" || exit 1
wrong=0
tests=$(mktemp)
trap 'rm -f "$tests"' EXIT
find tests/cases tests/tables tests/unit tests/cli -type f ! -name every-finding.sh -exec cat {} + >"$tests"
while IFS='	' read -r code slug rest; do
    case $code in XD-*) ;; *) continue ;; esac
    name=XD_F_$(printf '%s' "$slug" | tr 'a-z-' 'A-Z_')
    if ! grep -aqE -e "$code|(^|[^A-Z_])$name([^A-Z_]|$)|(^|[^a-z-])$slug([^a-z-]|$)" "$tests"; then
        echo "$code $slug: no test produces it"
        wrong=$((wrong + 1))
    fi
done <schemas/reference/findings.tsv
[ "$wrong" -eq 0 ]
