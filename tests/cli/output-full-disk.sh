#!/bin/sh
# A disk that takes no more: exit 74, no file of the run and no temporary name is left, and what an earlier run published
# stays as it was.
set -eu
crossdock process --orders "$XD_ROOT/samples/orders.csv" --out out --as-of 2026-11-22 "$XD_ROOT/samples/manifest.csv" >/dev/null
b2sum out/* >before
status=0
(ulimit -f 1 && crossdock process --orders "$XD_ROOT/samples/orders.csv" --out out --as-of 2026-11-22 \
    "$XD_ROOT/samples/manifest.csv" >/dev/null 2>message) || status=$?
[ "$status" = 74 ]
grep -q 'cannot write' message
b2sum --check --quiet before
[ "$(find out -name '.*' -type f | wc -l)" = 0 ]
