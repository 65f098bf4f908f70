#!/bin/sh
# Every finding code is produced by some test: its code or slug stands in an expectation or a table of cases, or its C name
# in a unit test.
set -u
cd "$XD_ROOT" || exit 1
missing=0
while IFS='	' read -r code slug rest; do
    case $code in XD-*) ;; *) continue ;; esac
    name=XD_F_$(printf '%s' "$slug" | tr 'a-z-' 'A-Z_')
    if ! grep -rqlE -e "$code|\b$name\b|\b$slug\b" tests/cases tests/tables tests/unit tests/cli --include='*' \
        --exclude=every-finding.sh; then
        echo "no test produces $code $slug"
        missing=$((missing + 1))
    fi
done <schemas/reference/findings.tsv
[ "$missing" -eq 0 ]
