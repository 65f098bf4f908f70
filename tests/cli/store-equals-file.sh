# shellcheck shell=sh
# Orders that were imported give the same carrier files, byte for byte, as the orders file they came from.
set -eu
crossdock orders import "$XD_ROOT/samples/orders.csv" >import.txt
# 1 is "there are findings"; anything above is a failure.
crossdock process --as-of 2026-11-22 --out from-store "$XD_ROOT/samples/manifest.csv" >store.txt || [ $? -eq 1 ]
crossdock process --as-of 2026-11-22 --out from-file --orders "$XD_ROOT/samples/orders.csv" \
    "$XD_ROOT/samples/manifest.csv" >file.txt || [ $? -eq 1 ]
compared=0
for file in from-file/*.csv from-file/*.schema.json from-file/*.totals.json; do
    cmp "$file" "from-store/${file#from-file/}"
    compared=$((compared + 1))
done
[ "$compared" -gt 3 ]
tail -n 1 store.txt | cmp - "$(tail -n 1 file.txt >last.txt && echo last.txt)"
