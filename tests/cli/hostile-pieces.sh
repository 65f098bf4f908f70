#!/bin/sh
# Every hostile input that is kept as a file has the same verdict when it arrives by a pipe in pieces: of one byte, of
# seven, and just below, at and above a page. What the cases make for themselves they hold to that by `verdict`.
set -eu
find "$XD_ROOT"/tests/cases/hostile/*/in -type f | sort >inputs
[ "$(wc -l <inputs)" -gt 150 ]
verdict() {
    status=0
    timeout 20 crossdock validate --format short --as-of 2026-11-22 - >"$1" 2>&1 || status=$?
    echo "status $status" >>"$1"
    [ "$status" -le 2 ]
}
while read -r input; do
    verdict whole <"$input"
    for piece in 1 7 4095 4096 4097; do
        size=$(wc -c <"$input")
        [ "$piece" -lt 8 ] && [ "$size" -gt 65536 ] && continue
        [ "$piece" -gt 7 ] && [ "$size" -le 4095 ] && continue # one piece
        dd if="$input" bs="$piece" 2>/dev/null | verdict pieces
        cmp -s whole pieces || { echo "$input in pieces of $piece bytes:"; diff whole pieces; }
    done
done <inputs >differences
cat differences
[ ! -s differences ]
