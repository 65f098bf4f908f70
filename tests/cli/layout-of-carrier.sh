#!/bin/sh
# One cell of the carrier table gives a carrier its own file: name, code page, separator, decimals, a row a parcel.
set -eu
mkdir -p ref/reference
sed -e '/^colissimo/s/\tcrossdock\t/\tcoliposte\t/' -e '/^dhl-paket/s/\tcrossdock\t/\tdpd-shipper\t/' \
    "$XD_ROOT/schemas/reference/carriers.tsv" >ref/reference/carriers.tsv
crossdock process --reference ref --orders "$XD_ROOT/samples/orders.csv" --out out --as-of 2026-11-22 \
    "$XD_ROOT/samples/manifest.csv" >/dev/null
iconv -f windows-1252 -t utf-8 out/colissimo_20261122_001.csv >colissimo
cat >expected <<'END'
"340123450000000062";"";"Chloé Dubois";"";"8 rue de la Paix";"";"";"";"75002";"Paris";"FR";"+33142345678";"chloe.dubois@example.com";"";"";"";"";"";"";"";"0.890"
END
diff expected colissimo
[ "$(wc -l <out/dhl-paket_20261122_001.csv)" = 3 ]
head -n 1 out/dhl-paket_20261122_001.csv | grep -q '^recipient type;recipient_name;'
grep -q '"layout": "coliposte"' out/colissimo_20261122_001.csv.totals.json
# where a parcel is one row, the file has fewer rows than its parcels have lines
tr -d ' \n' <out/dhl-paket_20261122_001.csv.totals.json | grep -q '"rows":2,"lines":3,"parcels":2,'
