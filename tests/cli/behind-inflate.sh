#!/bin/sh
# A CSV is read while it is still unpacked, or still comes by a pipe. What is said of it is what is said of the file, with
# any number of threads, whatever is wrong with it; and an archive that turns out damaged at its very end leaves nothing.
set -eu
rows() { # FROM TO
    awk -v from="$1" -v to="$2" 'BEGIN {
        for (i = from; i <= to; i++)
            printf "O%d,P%d,SKU-%d,\"Cup, hand painted, %d\",%s,9.75,GBP,691200,PT,400,Receiver %d,%d Mill Lane,Leeds,LS1 4AP,GB,ups\n",
                i, i, i % 50, i * 7919 % 100003, i % 997 ? 1 : "one", i, i
    }'
}
head='order_id,parcel_code,sku,description,quantity,unit_price,currency,hs_code,origin_country,weight_g,recipient_name,address1,city,postal_code,country,carrier'
{ echo "$head"; rows 1 32000; } >clean.csv
{ echo "$head"; rows 1 30000; echo 'O1,P"1,x'; rows 30001 32000; } >stray.csv
{ echo "$head"; rows 1 30000; echo 'O0,="0012",SKU-1,Cup,1,9.75,GBP,691200,PT,400,Receiver,1 Mill Lane,Leeds,LS1 4AP,GB,ups'; rows 30001 32000; } >guard.csv
{ echo "$head"; rows 1 30000; printf 'O1,\377,x\n'; rows 30001 32000; } >bytes.csv
[ "$(wc -c <clean.csv)" -gt 3500000 ]

said() { # NAME COMMAND...: what it says, but for the names of the input
    name=$1
    shift
    "$@" | sed -e "s|\"$name\"|\"INPUT\"|" -e '/"member"/d' || true
}
for kind in clean stray guard bytes; do
    gzip -k "$kind.csv"
    zip -q "$kind.zip" "$kind.csv"
    said "$kind.csv" crossdock validate --format json --as-of 2026-11-22 --threads 1 "$kind.csv" >expected
    for threads in 1 3; do
        set -- crossdock validate --format json --as-of 2026-11-22 --threads "$threads"
        said "$kind.csv.gz" "$@" "$kind.csv.gz" | cmp - expected
        said "$kind.zip" "$@" "$kind.zip" | cmp - expected
        # shellcheck disable=SC2002 # a pipe is wanted
        cat "$kind.csv" | said - "$@" - | cmp - expected
    done
done

# The checksum of the last member is wrong, a hundred bytes of it are missing, a member of it is a trick.
cp clean.csv other.csv
zip -q sum.zip clean.csv other.csv
size=$(wc -c <sum.zip)
printf '\001\002' | dd of=sum.zip bs=1 seek=$((size - 22 - 2 * 55 - 60)) conv=notrunc 2>/dev/null
head -c -100 clean.csv.gz >cut.csv.gz
mkdir outer
mv clean.zip outer/inner.zip
cp clean.csv outer/first.csv
(cd outer && zip -q ../nested.zip first.csv inner.zip)
echo "order_id,merchant_id,currency,country,hub_code,incoterm
O1,NORTHLANE,GBP,GB,CDG,DDP" >orders.csv
for archive in sum.zip cut.csv.gz nested.zip; do
    for threads in 1 3; do
        status=0
        crossdock process --as-of 2026-11-22 --threads "$threads" --orders orders.csv --out out "$archive" >said 2>&1 || status=$?
        [ "$status" -eq 2 ]
        grep -q 'XD-IN-0[12]' said
        [ ! -e out/ups.csv ]
        if grep -q XD-FLD-002 said; then exit 1; fi
    done
done
