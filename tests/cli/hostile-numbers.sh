#!/bin/sh
# Every hostile input of tests/cases/hostile/NUMBERS.tsv has a case, every case is of a number in it, and the verdicts
# told for a number are the ones that its cases record: an error where it says refused, a run without one where it says taken.
set -eu
cd "$XD_ROOT/tests/cases/hostile"
grep -v '^#' NUMBERS.tsv | tail -n +2 | cut -f 1 | sort >"$HOME/wanted"
[ "$(wc -l <"$HOME/wanted")" -eq "$(sort -u "$HOME/wanted" | wc -l)" ]
# 15 and 16, 20 to 33, 40 to 49, 60 to 78, 80 to 89
{ seq -w 1 16; seq 20 33; seq 40 49; seq 60 78; seq 80 89; } | sort | diff - "$HOME/wanted"
for case in h*/cmd; do
    case ${case%%/*} in
    h-[0-9][0-9][0-9]-*) continue ;; # values; from 100
    h-[0-9][0-9]-*) number=${case#h-} ;;
    *) number=${case#h} ;;
    esac
    number=${number%%-*}
    grep -qx "$number" "$HOME/wanted" || { echo "$case: no such number"; exit 1; }
    [ -s "${case%/cmd}/expect/stdout" ] || { echo "$case: says nothing"; exit 1; }
    echo "$number" >>"$HOME/there"
done
sort -u "$HOME/there" | diff - "$HOME/wanted"

while read -r number; do
    verdicts=$(awk -F '\t' -v n="$number" '$1 == n { print $2 }' NUMBERS.tsv)
    cat h"$number"-*/expect/stdout h-"$number"-*/expect/stdout >"$HOME/said" 2>/dev/null || true
    for verdict in $verdicts; do
        case $verdict in
        R) grep -qE 'error: XD-|"severity": "error"|: status [12] ' "$HOME/said" ;;
        F) grep -qE '(note|warning|error): XD-' "$HOME/said" ;;
        OK) grep -qE '^0 |status 0|^[^ ]+ 0$|: 0$' "$HOME/said" || ! grep -q 'error: XD-' "$HOME/said" ;;
        *) false ;;
        esac || { echo "$number: no case of it ends in $verdict"; exit 1; }
    done
done <"$HOME/wanted"
