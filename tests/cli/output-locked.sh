#!/bin/sh
# Two runs never write to one folder at the same time: the second ends with 75 (try again later) and changes nothing. A file
# that a killed run left is swept by the next.
set -eu
run() {
    crossdock process --orders "$XD_ROOT/samples/orders.csv" --out out --as-of 2026-11-22 "$XD_ROOT/samples/manifest.csv"
}
mkdir out
status=0
(
    flock 9
    run 2>message
) 9<out || status=$?
[ "$status" = 75 ]
grep -q 'another run is writing to out' message
[ -z "$(ls -A out)" ]
touch out/.ups.csv.4711.tmp
run >/dev/null
[ ! -e out/.ups.csv.4711.tmp ]
