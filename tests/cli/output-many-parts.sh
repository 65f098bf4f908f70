#!/bin/sh
# A handoff in more parts than the process may hold files open: every part is there, and each parcel is in one of them.
set -eu
mkdir -p ref/handoff
awk -F '\t' -v OFS='\t' '$1 == "crossdock" { $11 = 1; $12 = "{carrier}_{part}.csv" } { print }' \
    "$XD_ROOT/schemas/handoff/layouts.tsv" >ref/handoff/layouts.tsv
# Copies of one order of the samples, each with numbers of its own.
copies() {
    awk -v from="$1" -v most=120 '
        NR == 1 { print; next }
        index($0, from) && !done { done = 1
            for (i = 1; i <= most; i++) {
                line = $0
                gsub(/SO-1003/, "SO-9" sprintf("%03d", i), line)
                gsub(/GE[0-9]+GB/, "GE" (175560300 + i) "GB", line)
                gsub(/3401234500[0-9]+/, "PARCEL-" i, line)
                print line
            } }' "$2"
}
copies SO-1003 "$XD_ROOT/samples/manifest.csv" >manifest.csv
copies SO-1003 "$XD_ROOT/samples/orders.csv" >orders.csv
prlimit --nofile=96 crossdock process --reference ref --orders orders.csv --out out --as-of 2026-11-22 manifest.csv \
    >printed || [ $? = 1 ]
parts=$(find out -name '*_[0-9]*.csv' | wc -l)
rows=$(cat out/*_*[0-9].csv | grep -c PARCEL-)
if [ "$parts" -ne 120 ] || [ "$rows" -ne 120 ]; then
    echo "parts: $parts, rows: $rows"
    cat printed
    exit 1
fi
