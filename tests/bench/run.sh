#!/bin/sh
# Speed of the main jobs. Every figure is a median of rounds in which the jobs take turns, and a ratio to a bare libcsv
# parse of the same manifest in the same rounds: other machines and other days change both alike. A zipped manifest is
# held against the larger of a bare libarchive inflate and the same manifest not zipped, XML against a bare libxml2 SAX2 pass.
# run.sh, called by `make bench`; ROWS, ROUNDS and THREADS in the environment change what is measured.
set -u
cd "$(dirname "$0")/../.." || exit 1
rows=${ROWS:-1000000}
rounds=${ROUNDS:-5}
threads=${THREADS:-2}
program=build/release/crossdock
tools=build/release/bench
data=build/bench
mkdir -p "$data"
results=$data/results.txt
: >"$results"

# A generated file is kept as long as the generator is older.
made() {
    if [ -z "$(find "$2" -newer "$tools/gen" 2>/dev/null)" ]; then
        "$tools/gen" "$1" "$3" >"$2.new" && mv "$2.new" "$2"
    fi
}
made manifest "$data/manifest-$rows.csv" "$rows"
made faulty "$data/faulty-$rows.csv" "$rows"
made orders "$data/orders-$rows.csv" "$rows"
made manifest "$data/manifest-10.csv" 10
made orders "$data/orders-10.csv" 10
xml_rows=$(((rows + 4) / 5))
made xml "$data/manifest-$xml_rows.xml" "$xml_rows"
manifest=$data/manifest-$rows.csv
orders=$data/orders-$rows.csv
zipped=$data/manifest-$rows.zip
xml=$data/manifest-$xml_rows.xml
if [ -z "$(find "$zipped" -newer "$manifest" 2>/dev/null)" ]; then
    rm -f "$zipped"
    zip -q -j "$zipped" "$manifest"
fi

# Runs a job once and notes "NAME microseconds KiB status".
run() {
    name=$1
    shift
    echo "$name $("$tools/measure" "$@" 2>>"$data/stderr.txt")" >>"$results"
}

out_disk=$data/out
out_tmpfs=
if [ "$(df --output=fstype /dev/shm 2>/dev/null | tail -n 1)" = tmpfs ] && [ -w /dev/shm ]; then
    out_tmpfs=$(mktemp -d /dev/shm/crossdock-bench.XXXXXX)
    trap 'rm -rf "$out_tmpfs"' EXIT INT TERM
fi
process() {
    where=$1
    shift
    rm -rf "$where"
    run "$@"
}

: >"$data/stderr.txt"
"$tools/libcsv_bare" "$manifest" # warms the page cache
cat "$orders" >/dev/null
round=0
while [ "$round" -lt "$rounds" ]; do
    round=$((round + 1))
    run bare "$tools/libcsv_bare" "$manifest"
    run validate "$program" validate --threads "$threads" "$manifest"
    run validate-1 "$program" validate --threads 1 "$manifest"
    run inflate "$tools/inflate_bare" "$zipped"
    run validate-zip "$program" validate --threads "$threads" "$zipped"
    run sax "$tools/sax_bare" "$xml"
    run validate-xml "$program" validate --threads "$threads" "$xml"
    run validate-faulty "$program" validate --threads "$threads" "$data/faulty-$rows.csv"
    process "$out_disk" process-disk "$program" process --threads "$threads" --orders "$orders" --out "$out_disk" "$manifest"
    [ -z "$out_tmpfs" ] || process "$out_tmpfs/out" process-tmpfs "$program" process --threads "$threads" --orders "$orders" \
        --out "$out_tmpfs/out" "$manifest"
    process "$out_disk" process-1 "$program" process --threads 1 --orders "$orders" --out "$out_disk" "$manifest"
done
round=0
while [ "$round" -lt $((rounds * 10)) ]; do
    round=$((round + 1))
    process "$out_disk" ten-rows "$program" process --orders "$data/orders-10.csv" --out "$out_disk" "$data/manifest-10.csv"
done
rm -rf "$out_disk"

bytes=$(wc -c <"$manifest" | tr -d ' ')
echo "manifest $rows rows, $((bytes / 1000000)) MB; orders $rows; $threads threads; medians of $rounds rounds"
sort -k 1,1 -k 2,2n "$results" | awk -v rows="$rows" -v bytes="$bytes" '
    { n = ++count[$1]; time[$1, n] = $2; if ($3 > peak[$1]) peak[$1] = $3; if ($4 > status[$1]) status[$1] = $4 }
    function median(name) { return time[name, int((count[name] + 1) / 2)] }
    function show(name, title, most,   us, ratio) {
        if (!(name in count)) return
        us = median(name)
        ratio = us / median("bare")
        printf "  %-42s %7.3f s %8.2f M rows/s %6.0f MB/s %5d MiB  ratio %5.2f", title, us / 1e6, rows / us, bytes / us,
            peak[name] / 1024, ratio
        printf "%s%s\n", most ? verdict(sprintf("at most %.2f", most), !failed(name) && ratio <= most) : "", failed(name)
    }
    function against(name, title, base, most,   ratio) {
        if (!(name in count) || !base) return
        ratio = median(name) / base
        printf "  %-42s %7.3f s, against %.3f s: %5.2f%s%s\n", title, median(name) / 1e6, base / 1e6, ratio,
            verdict(sprintf("at most %.2f", most), !failed(name) && ratio <= most), failed(name)
    }
    function larger(a, b) { return a > b ? a : b }
    function verdict(target, met) { return sprintf("  (%s: %s)", target, met ? "met" : "MISSED") }
    function failed(name) { return (status[name] > 1) ? "  EXIT STATUS " status[name] ", no figure" : "" }
    END {
        show("bare", "bare libcsv parse, 1 thread")
        show("validate", "validate", 0.8)
        show("validate-1", "validate, 1 thread")
        show("validate-faulty", "validate, every row faulty")
        against("validate-zip", "validate, zipped", larger(median("inflate"), median("validate")), 1.2)
        against("validate-xml", "validate, XML, a fifth of the rows", median("sax"), 1.5)
        show("process-disk", "process, output on disk", 1.3)
        show("process-tmpfs", "process, output on tmpfs", 1.3)
        show("process-1", "process, 1 thread, output on disk")
        printf "  process, peak memory %d MiB%s\n", peak["process-disk"] / 1024,
            verdict("at most 500", !failed("process-disk") && peak["process-disk"] / 1024 <= 500)
        printf "  ten rows, start to end %.1f ms%s%s\n", median("ten-rows") / 1000,
            verdict("under 10", !failed("ten-rows") && median("ten-rows") < 10000), failed("ten-rows")
    }'
sort -u "$data/stderr.txt" | head -n 5

for bench in "$tools"/bench_*; do
    [ -x "$bench" ] || continue
    echo "== ${bench##*/bench_}"
    "$bench"
done
