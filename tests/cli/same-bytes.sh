#!/bin/sh
# The same input gives the same bytes, however many threads work on it and in whatever pieces they take it: clean rows,
# faulty rows and quoted line breaks, in a manifest of several chunks. The inputs stay as they were.
set -eu
awk 'BEGIN {
    print "order_id,parcel_code,sku,description,quantity,unit_price,currency,hs_code,origin_country,weight_g,recipient_name," \
        "address1,city,postal_code,country,carrier"
    for (i = 1; i <= 9000; i++) {
        order = (i * 7919) % 4500
        printf "O%d,P%d,SKU-%d,\"Cup, hand painted,%sblue\",%s,9.75,GBP,691200,PT,400,Receiver %d,%d Mill Lane,Leeds,%s,GB,%s\n",
            order, order, i % 50, i % 11 ? " " : "\n", i % 97 ? 1 : "one", order, order, order % 89 ? "LS1 4AP" : "ZZ1 4AP",
            order % 3 ? "ups" : "royal-mail"
    }
}' >manifest.csv
awk 'BEGIN {
    print "order_id,merchant_id,currency,country,hub_code,incoterm"
    for (order = 0; order < 4500; order++) if (order % 101) printf "O%d,NORTHLANE,GBP,GB,CDG,DDP\n", order
}' >orders.csv
[ "$(wc -c <manifest.csv)" -gt 1048576 ]
b2sum manifest.csv orders.csv >before
for threads in 1 2 16; do
    status=0
    crossdock process --as-of 2026-11-22 --threads "$threads" --orders orders.csv --out "out-$threads" manifest.csv \
        >"said-$threads" || status=$?
    [ "$status" -eq 1 ]
done
for threads in 2 16; do
    diff -r out-1 "out-$threads"
    diff said-1 "said-$threads"
done
b2sum --check --quiet before
[ -s out-1/ups.csv ] && [ -s out-1/royal-mail.csv ] && [ -s out-1/rejected.csv ]
