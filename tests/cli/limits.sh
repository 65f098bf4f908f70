#!/bin/sh
# Every limit that `crossdock limits` lists, at one below, at, and one above what an input measures: the input is taken
# where the limit allows it, refused where it does not, and what is said then names the setting. A limit without a test
# here fails.
set -eu
head='order_id,parcel_code,sku,quantity,description'
row='SO-1,P1,TEE,1,'
repeat() { awk -v text="$1" -v n="$2" 'BEGIN { for (i = 0; i < n; i++) printf "%s", text }'; }
csv_of() { # BYTES FILE: a manifest of so many bytes
    start=$(printf '%s\n%s' "$head" "$row")
    { printf '%s' "$start" && repeat x $(($1 - ${#start})); } >"$2"
}

xml() { # ELEMENT TEXT: a manifest with an element of another schema and a long text in it
    printf '<manifest xmlns="urn:crossdock:manifest:1">%s<order><order_id>%s</order_id><parcel><parcel_code>P</parcel_code><line><sku>S</sku><quantity>1</quantity></line></parcel></order></manifest>' \
        "$1" "${2:-A}" >input
}
json() {
    item='{"order_id": "A", "parcels": [{"parcel_code": "P", "lines": [{"sku": "S", "quantity": 1}]}]}'
    printf '{"orders": [%s]}' "$item" >input
}
longest() { # SEPARATOR AWK-FUNCTION-OF-A-PIECE: of the pieces of `input`
    tr "$1" '\n' <input | LC_ALL=C awk "/^UN/ { next } { n = $2; if (n > most) most = n } END { print most }"
}

# measure NAME: makes the file `input` and prints what it measures; the limit works at exactly that number.
measure() {
    rm -f input ./*.csv
    case $1 in
    input-bytes) csv_of 300 input && echo 300 ;;
    archive-bytes) csv_of 200 a.csv && csv_of 150 b.csv && zip -q input.zip a.csv b.csv && mv input.zip input && echo 350 ;;
    archive-entry-bytes) csv_of 300 a.csv && gzip -c a.csv >input && echo 300 ;;
    archive-ratio)
        { csv_of 200 a.csv && cat a.csv && repeat "
$row" 80000; } | gzip -c >input
        size=$(gzip -dc input | wc -c)
        [ "$size" -gt 1048576 ]
        packed=$(wc -c <input)
        echo $(((size + packed - 1) / packed)) # rounded up
        ;;
    archive-entries)
        for entry in a b c; do csv_of 200 $entry.csv; done
        zip -q input.zip ./*.csv && mv input.zip input && echo 3
        ;;
    archive-nesting) csv_of 200 a.csv && zip -q input.zip a.csv && mv input.zip input && echo 1 ;;
    archive-name-bytes) csv_of 200 abcdefgh.csv && zip -q input.zip abcdefgh.csv && mv input.zip input && echo 12 ;;
    csv-field-bytes) printf '%s\n%s%s\n' "$head" "$row" "$(repeat x 64)" >input && echo 64 ;;
    csv-record-bytes) printf '%s\n%s%s\n' "$head" "$row" "$(repeat x 186)" >input && echo 200 ;;
    csv-columns) printf '%s\n%s\n' "$head" "$row" >input && echo 5 ;;
    csv-header-bytes) printf '%s,%s\n%s,\n' "$head" "$(repeat h 40)" "$row" >input && echo 40 ;;
    rows) printf '%s\n%s\n%s\n%s\n' "$head" "$row" "$row" "$row" >input && echo 3 ;;
    xml-depth) xml '<x:a xmlns:x="urn:x"><b><c><d><e/></d></c></b></x:a>' && echo 6 ;;
    xml-elements) xml '' && echo 8 ;;
    xml-text-bytes) xml '' "$(repeat x 50)" && echo 50 ;;
    xml-tag-bytes) xml "<x:a xmlns:x=\"urn:$(repeat x 90)\"/>" && echo 111 ;;
    xml-attributes) xml '<x:a xmlns:x="urn:x" a="1" b="2"/>' && echo 3 ;;
    json-depth) json && echo 7 ;;
    json-item-bytes) json && echo ${#item} ;;
    edi-segment-bytes) cp "$XD_ROOT/samples/edi/desadv_d96a.edi" input && longest "'" 'length()' ;;
    edi-elements) cp "$XD_ROOT/samples/edi/856_4010.x12" input && longest '~' 'gsub(/[*]/, "")' ;;
    edi-components) sed 's/^BGM+351/BGM+351:a:b:c:d:e:f:g:h:i:j:k/' "$XD_ROOT/samples/edi/desadv_d96a.edi" >input && echo 12 ;; # counted where more come than are defined
    edi-messages) cp "$XD_ROOT/samples/edi/856_4010.x12" input && grep -c '^ST' input ;;
    findings-kept) printf '%s\n%s\n%s\n' "${head%,description}" "SO-1,P1,TEE,x" "SO-1,P2,TEE,y" >input && echo 3 ;;
    *) return 1 ;;
    esac
}

# says_limit NAME NUMBER: whether that much is too little for the input, and says so by the name of the setting.
says_limit() {
    status=0
    crossdock validate --as-of 2026-11-22 --limit "$1=$2" input >said 2>&1 || status=$?
    if grep -qE "limit $1( is|=)" said; then
        [ "$1" = findings-kept ] || [ "$status" -ne 0 ] || { cat said; exit 1; }
        return 0
    fi
    [ "$status" -le 2 ] || { cat said; exit 1; }
    return 1
}

crossdock limits | awk '{ print $1 }' >names
[ -s names ]
while read -r name; do
    measure "$name" >number || { echo "$name has no test"; exit 1; }
    number=$(cat number)
    if [ "$name" = archive-nesting ]; then
        ! says_limit "$name" 1 || { echo "$name: one is refused"; exit 1; }
        mv input inner.zip && zip -q input.zip inner.zip && mv input.zip input && rm inner.zip
        says_limit "$name" 1
        if crossdock validate --limit "$name=2" input >said 2>&1; then exit 1; fi
        grep -q 'goes no higher than 1' said
        continue
    fi
    { [ "$number" -eq 1 ] || says_limit "$name" $((number - 1)); } || { echo "$name=$((number - 1)) takes $number"; exit 1; }
    ! says_limit "$name" "$number" || { echo "$name=$number refuses $number"; cat said; exit 1; }
    ! says_limit "$name" $((number + 1)) || { echo "$name=$((number + 1)) refuses $number"; cat said; exit 1; }
done <names
