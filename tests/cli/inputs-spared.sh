#!/bin/sh
# No input is ever altered, wherever the outputs go: a manifest in the out folder that is named like a carrier's file, a
# rejected.csv that is corrected in place, and a file somebody else put there all stop the run before anything is renamed.
set -eu
orders=$XD_ROOT/samples/orders.csv
refused() {
    status=0
    crossdock process --orders "$orders" --out "$1" --as-of 2026-11-22 "$2" >/dev/null 2>message || status=$?
    [ "$status" = 73 ] || { echo "exit status $status"; cat message; exit 1; }
    grep -q "$3" message
    b2sum --check --quiet before
    [ "$(find "$1" -name '.*.tmp' | wc -l)" = 0 ]
}
mkdir out
cp "$XD_ROOT/samples/manifest.csv" out/ups.csv
b2sum out/* >before
refused out out/ups.csv 'is an input of this run'
ln out/ups.csv elsewhere.csv
refused out elsewhere.csv 'is an input of this run'
refused out "$XD_ROOT/samples/manifest.csv" 'was not written by an earlier run'

rm out/ups.csv elsewhere.csv
sed 's/,1.*,GBP,/,x,1,GBP,/' "$XD_ROOT/samples/manifest.csv" >bad.csv
crossdock process --orders "$orders" --out out --as-of 2026-11-22 bad.csv >/dev/null || true
b2sum out/* >before
refused out out/rejected.csv 'is an input of this run'
