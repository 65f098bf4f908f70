#!/bin/sh
# The same manifest as DESADV, 856, 945 and CSV gives the carriers the same bytes; what goes back to the EDI partner lies
# beside the reports, and answers the version that came.
set -eu
samples=$XD_ROOT/samples
run() {
    crossdock process --orders "$samples/orders.csv" --out "$2" --as-of 2026-11-22 "$1" >/dev/null
}
carriers() {
    (cd "$1" && b2sum colissimo.* dhl-express.* dhl-paket.* royal-mail.* ups.*)
}
run "$samples/manifest.csv" csv
carriers csv >expected
for sample in desadv_d96a.edi desadv_d01b.edi desadv_d04a.edi 856_4010.x12 856_5010.x12 945_4010.x12; do
    run "$samples/edi/$sample" "$sample.out"
    carriers "$sample.out" | cmp - expected
done
for sample in desadv_d96a.edi desadv_d01b.edi desadv_d04a.edi; do
    grep -q '^UCI+.*+7' "$sample.out/ack-contrl.edi"
    grep -q '^BGM+312' "$sample.out/ack-aperak.edi"
done
grep -q '^UNH+1+CONTRL:D:3:UN' desadv_d01b.edi.out/ack-contrl.edi
grep -q '^UNH+1+CONTRL:4:1:UN' desadv_d04a.edi.out/ack-contrl.edi
grep -q '^ST\*997' 856_4010.x12.out/ack-997.x12
grep -q '^ST|999|0001|005010X231' 856_5010.x12.out/ack-997.x12
grep -q '^OTI\*TA' 945_4010.x12.out/ack-824.x12
[ ! -e csv/ack-contrl.edi ]
