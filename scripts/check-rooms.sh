#!/bin/sh
# The floor plan in src/README.md is what a new reader trusts: it names every file of every room, and none that is gone.
# Files of cli/ beside its commands are named there together.
set -u
cd "$(dirname "$0")/.." || exit 1
plan=$(sed -n '/^| floor | room | files |/,/^$/p' src/README.md)
wrong=0
count=0
# shellcheck disable=SC2016 # these are Markdown's
names=$(printf '%s\n' "$plan" | grep -oE '`[a-z0-9_]+\*?`' | tr -d '`' | sort -u)
for file in src/*/*.[ch]; do
    count=$((count + 1))
    name=$(basename "$file" | sed 's/\.[ch]$//')
    case $file in src/cli/*) continue ;; esac
    known=no
    for pattern in $names; do
        # shellcheck disable=SC2254 # the pattern is one
        case $name in $pattern) known=yes ;; esac
    done
    if [ "$known" = no ]; then
        echo "$file: src/README.md does not name it"
        wrong=$((wrong + 1))
    fi
done
for pattern in $names; do
    # shellcheck disable=SC2086 # the pattern is one
    set -- src/*/$pattern.[ch] src/$pattern
    while [ $# -gt 0 ] && [ ! -e "$1" ]; do shift; done
    if [ $# -eq 0 ]; then
        echo "src/README.md: there is no $pattern"
        wrong=$((wrong + 1))
    fi
done
echo "$count files"
[ "$wrong" -eq 0 ] && [ "$count" -gt 0 ]
