#!/bin/sh
# A table whose source nobody knows cannot be refreshed. Every table says on top where it is from, under which licence, of
# which date, and how it is brought up to date; schemas/README.md has a row for it.
set -u
cd "$(dirname "$0")/.." || exit 1
wrong=0
count=0
for table in schemas/*/*.tsv; do
    count=$((count + 1))
    head=$(sed '/^#/!q' "$table" | grep '^#')
    for word in source licence refresh; do
        if ! printf '%s\n' "$head" | grep -qiw -e "${word}s\{0,1\}"; then
            echo "$table: its comments on top do not name the $word"
            wrong=$((wrong + 1))
        fi
    done
    columns=$(grep -v '^#' "$table" | head -n 1)
    if ! printf '%s\n' "$head" | grep -qE '20[0-9]{2}-[01][0-9]|[Rr]ead 20[0-9]{2}|[Dd]ate, ' &&
        ! printf '%s\n' "$columns" | grep -qwE 'date|source_date'; then
        echo "$table: neither its comments on top nor a column give a date"
        wrong=$((wrong + 1))
    fi
    if ! grep -qF "\`${table#schemas/}\`" schemas/README.md; then
        echo "$table: schemas/README.md has no row for it"
        wrong=$((wrong + 1))
    fi
done
echo "$count tables"
[ "$wrong" -eq 0 ] && [ "$count" -gt 0 ]
