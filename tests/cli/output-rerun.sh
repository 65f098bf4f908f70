#!/bin/sh
# A rerun into the same folder gives the same bytes, removes the handoff file of a carrier that has no parcel any more, and
# keeps what it did not write. The list of the run agrees with b2sum.
set -eu
run() {
    crossdock process --orders "$XD_ROOT/samples/orders.csv" --out out --as-of 2026-11-22 "$1" >/dev/null
}
run "$XD_ROOT/samples/manifest.csv"
[ -f out/colissimo.csv ]
b2sum out/* >before
run "$XD_ROOT/samples/manifest.csv"
b2sum --check --quiet before
echo mine >out/notes.txt
grep -v colissimo "$XD_ROOT/samples/manifest.csv" >less.csv
run less.csv
[ ! -e out/colissimo.csv ] && [ ! -e out/colissimo.csv.schema.json ] && [ ! -e out/colissimo.csv.totals.json ]
[ "$(cat out/notes.txt)" = mine ]
sum=$(b2sum -l 256 out/ups.csv | cut -d ' ' -f 1)
grep -q "blake2b-256:$sum" out/crossdock.run.json
grep -q "blake2b-256:$sum" out/ups.csv.totals.json
