#!/bin/sh
# Every finding code is produced by some test: its code or slug stands in an expectation or a table of cases, or its C name
# in a unit test. Those of the list below are not yet; a code that got its test must leave the list.
set -u
cd "$XD_ROOT" || exit 1
waiting=" XD-IN-024 XD-ADR-010 XD-ADR-016 XD-RTE-008 XD-HND-003 XD-HND-004 XD-HND-005 XD-HND-006 "
wrong=0
tests=$(mktemp)
trap 'rm -f "$tests"' EXIT
find tests/cases tests/tables tests/unit tests/cli -type f ! -name every-finding.sh -exec cat {} + >"$tests"
while IFS='	' read -r code slug rest; do
    case $code in XD-*) ;; *) continue ;; esac
    name=XD_F_$(printf '%s' "$slug" | tr 'a-z-' 'A-Z_')
    found=no
    if grep -aqE -e "$code|(^|[^A-Z_])$name([^A-Z_]|$)|(^|[^a-z-])$slug([^a-z-]|$)" "$tests"; then
        found=yes
    fi
    case $waiting in
    *" $code "*) expected=no ;;
    *) expected=yes ;;
    esac
    if [ "$found" != "$expected" ]; then
        echo "$code $slug: produced by a test: $found, expected: $expected"
        wrong=$((wrong + 1))
    fi
done <schemas/reference/findings.tsv
[ "$wrong" -eq 0 ]
