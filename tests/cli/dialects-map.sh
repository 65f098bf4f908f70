#!/bin/sh
# Every layout of CSV is processed from its sample; and what `map` writes of it, kept and given back with --map, gives the
# same bytes in every file of the run, also when the words of the header are not what the layout knows.
set -eu

handed_off() {
    tail -n 1 said | grep -qx 'rows read 11 = handed off 11 + held 0 + rejected 0' || {
        echo "$1: $(tail -n 1 said)"
        exit 1
    }
}

# The run file names the mapping, and says when it ran.
same_files() {
    for file in "$1"/*; do
        [ "${file##*/}" = crossdock.run.json ] || cmp "$file" "$2/${file##*/}"
    done
    [ "$(ls "$1")" = "$(ls "$2")" ]
}

count=0
for sample in "$XD_ROOT"/samples/dialects/* "$XD_ROOT/samples/manifest.csv"; do
    name=${sample##*/}
    cp "$sample" "$name"
    crossdock process --as-of 2026-11-22 --orders "$XD_ROOT/samples/orders.csv" --out "plain-$name" "$name" >said 2>&1
    handed_off "$name"
    crossdock map --out kept.tsv "$name" >/dev/null
    crossdock process --as-of 2026-11-22 --orders "$XD_ROOT/samples/orders.csv" --map kept.tsv --out "mapped-$name" "$name" \
        >said 2>&1
    handed_off "$name, mapped"
    same_files "plain-$name" "mapped-$name"
    crossdock map --map kept.tsv --out again.tsv "$name" >/dev/null
    cmp kept.tsv again.tsv
    count=$((count + 1))
done
[ "$count" = 8 ]

# Headers in a language that no table knows: the mapping alone gives them their meaning.
sed -e '1s/order_id/Commande/; 1s/parcel_code/Colis/; 1s/sku/Objet/; 1s/quantity/Nombre/; 1s/weight_g/Masse/' "$XD_ROOT/samples/manifest.csv" >foreign.csv
crossdock map --out foreign.tsv foreign.csv >/dev/null && exit 1
sed -e 's/^Commande\t-/Commande\torder_id/' -e 's/^Colis\t-/Colis\tparcel_code/' -e 's/^Objet\t-/Objet\tsku/' \
    -e 's/^Nombre\t-/Nombre\tquantity/' -e 's/^Masse\t-/Masse\tweight_g/' foreign.tsv >edited.tsv
crossdock process --as-of 2026-11-22 --orders "$XD_ROOT/samples/orders.csv" --map edited.tsv --out foreign foreign.csv >said 2>&1
handed_off foreign.csv
for file in plain-manifest.csv/*.csv; do
    [ "${file##*/}" = exceptions.csv ] || cmp "$file" "foreign/${file##*/}"
done
