# shellcheck shell=sh
# For cases that need many rows, or rows that differ in one value: what is not said is right. A parcel goes from NORTHLANE
# to Berlin with DPD, which takes the parcels of an order as one shipment.
ADDRESS='Anna Vogt,Lindenstr. 12,Berlin,10969,DE'
GOODS='"T-shirt, knitted cotton"'

# manifest [parcel ...]: the header.
manifest() {
    echo "order_id,parcel_code,sku,description,quantity,unit_price,currency,hs_code,origin_country,weight_g,recipient_name,address1,city,postal_code,country,carrier,is_completed"
}

# parcel ORDER CODE SKU QUANTITY [PRICE [CURRENCY [CARRIER [COMPLETED]]]]: a row of a parcel.
parcel() {
    echo "$1,$2,$3,$GOODS,$4,${5-18.50},${6-GBP},61091000,PT,300,$ADDRESS,${7-dpd},${8-1}"
}

# orders: the header.
orders() {
    echo "order_id,merchant_id,status,currency,incoterm,shipping_method,hub_code,recipient_name,address1,city,postal_code,country,sku,description,quantity,unit_price,hs_code,origin_country"
}

# order ID SKU QUANTITY [PRICE [CURRENCY [STATUS [MERCHANT]]]]: a line of an order.
order() {
    echo "$1,${7-NORTHLANE},${6-Received by Global-e},${5-GBP},DDP,STANDARD,EMA,$ADDRESS,$2,$GOODS,$3,${4-18.50},61091000,PT"
}

# process MANIFEST...: one line a finding but for duties and taxes, and the balance.
process() {
    status=0
    crossdock process --orders orders.csv --as-of 2026-11-22 --out out --format short "$@" >said || status=$?
    grep -v -e XD-CSV-010 -e XD-CUS-007 -e XD-DT-00 -e XD-DT-01[0-689] -e XD-DT-02 said
    tail -n 2 out/summary.txt
    echo "exit status $status"
}
