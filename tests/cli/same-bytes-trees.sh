#!/bin/sh
# A tree is read by one worker while the others check its characters and its rows: whatever is wrong, and wherever, is told
# in the same bytes by any number of threads. A text with a byte that is no character has no row that was read, not even
# those in front of that byte.
set -eu
tree() {
    awk -v form="$1" 'BEGIN {
        if (form == "xml") print "<manifest xmlns=\"urn:crossdock:manifest:1\"><manifest_id>M</manifest_id>"
        else print "{\"manifest_id\": \"M\", \"orders\": ["
        for (i = 1; i <= 12000; i++) {
            sku = i % 7 ? "S-" i : "S&amp;" i
            if (form == "xml")
                printf "<order><order_id>O%d</order_id><country>GB</country>%s<parcel><parcel_code>P%d</parcel_code>" \
                    "<line><sku>%s</sku><quantity>%s</quantity></line></parcel></order>\n", i % 11000, \
                    (i % 5000 ? "" : "<!-- a --><city>Leeds</city>"), i, sku, (i % 97 ? 1 : "one")
            else
                printf "%s{\"order_id\": \"O%d\", \"country\": \"GB\", %s\"parcels\": [{\"parcel_code\": \"P%d\"," \
                    "\"lines\": [{\"sku\": \"%s\", \"quantity\": \"%s\"}]}]}\n", (i > 1 ? "," : ""), i % 11000, \
                    (i % 5000 ? "" : "\"city\": \"Leeds\", "), i, sku, (i % 97 ? 1 : "one")
        }
        print (form == "xml" ? "</manifest>" : "]}")
    }'
}
# spoilt FILE BYTE OFFSET...: the byte, in octal, at each of these places
spoilt() {
    file=$1
    byte=$2
    shift 2
    for at in "$@"; do
        printf "%b" "\\0$byte" | dd of="$file" bs=1 seek="$at" conv=notrunc status=none
    done
}
for form in xml json; do
    tree "$form" >"sound.$form"
    [ "$(wc -c <"sound.$form")" -gt 1400000 ]
    cp "sound.$form" "late.$form" && spoilt "late.$form" 377 1400000
    cp "sound.$form" "two.$form" && spoilt "two.$form" 001 1300000 700000
    cp "sound.$form" "border.$form" && spoilt "border.$form" 342 1048575
    cp "sound.$form" "broken.$form" # so much of it that the structure is hit
    printf '<<<<<<<<<<<<<<<<]]]]]]]]]]]]]]]]}}}}}}}}}}}}}}}}' | dd of="broken.$form" bs=1 seek=900000 conv=notrunc status=none
    cp "broken.$form" "both.$form" && spoilt "both.$form" 377 1200000
done
# a tag of which the parser must not even read the attributes, behind rows that were read by then
{
    head -n 9000 sound.xml
    awk 'BEGIN { printf "<x:a xmlns:x=\"urn:x\""; for (i = 0; i < 9000; i++) printf " a%d=\"\"", i; print "/>" }'
    sed -n '9001,$p' sound.xml
} >tag.xml
for file in tag.xml sound.* late.* two.* border.* both.* broken.*; do
    for threads in 1 2 16; do
        status=0
        crossdock validate --as-of 2026-11-22 --threads "$threads" "$file" >"said-$threads" || status=$?
        case $file in
        sound.*) [ "$status" -eq 1 ] ;;
        *) [ "$status" -eq 2 ] ;; # the whole document is refused
        esac
    done
    cmp said-1 said-2
    cmp said-1 said-16
    case $file in
    sound.*) grep -q 'rows read 12000 ' said-2 ;;
    tag.xml) grep -q 'xml-tag-bytes' said-2 && grep -q 'rows read 0 ' said-2 && ! grep -q 'quantity' said-2 ;;
    broken.*) grep -Eq 'xml-|json-' said-2 ;;
    *) grep -q 'rows read 0 ' said-2 && ! grep -Eq 'XD-XML-00[1-9]|quantity|xml, crossdock' said-2 ;;
    esac
done
