#!/bin/sh
# From a fresh checkout to carrier files: installs what is missing, builds, and processes the sample manifest against
# the sample orders. Ends with the summary and the place of every file written. quickstart.sh [FOLDER], default out.
set -eu
cd "$(dirname "$0")/.."
out=${1:-out}

sh scripts/install-deps.sh build
make -s -j "$(nproc)"
program=build/release/crossdock

echo "crossdock process --orders samples/orders.csv --out $out samples/manifest.csv"
echo
status=0
"$program" process --orders samples/orders.csv --out "$out" samples/manifest.csv || status=$?
# 1 means that there are findings: the run is complete and reports them.
[ "$status" -le 1 ] || exit "$status"

echo
echo "The files of this run:"
find "$out" -type f ! -name '.*' | LC_ALL=C sort | while read -r file; do
    printf '  %s (%s bytes)\n' "$file" "$(wc -c <"$file" | tr -d ' ')"
done
