#!/bin/sh
# Writes the two tables that ISO maintains, countries and currencies, from Debian's iso-codes package into a folder
# that is embedded beside schemas/. They are made at every build because a copy of a standard only grows old.
# Called by the Makefile: gen-iso.sh OUTPUT_DIR [JSON_DIR]
set -eu
out=$1
json=${2:-/usr/share/iso-codes/json}
mkdir -p "$out"
{
    echo '# ISO 3166-1 countries. Source: iso-codes (https://salsa.debian.org/iso-codes-team/iso-codes), LGPL-2.1+.'
    echo '# Refresh: upgrade the iso-codes package and build again.'
    printf 'alpha2\talpha3\tnumeric\tname\tofficial_name\tcommon_name\n'
    jq -r '."3166-1" | sort_by(.alpha_2)[] |
        [.alpha_2, .alpha_3, .numeric, .name, .official_name // "", .common_name // ""] | join("\t")' \
        "$json/iso_3166-1.json"
} >"$out/countries.tsv.new"
{
    echo '# ISO 4217 currencies. Source: iso-codes (https://salsa.debian.org/iso-codes-team/iso-codes), LGPL-2.1+.'
    echo '# Refresh: upgrade the iso-codes package and build again. Minor units: currency_units.tsv.'
    printf 'code\tnumeric\tname\n'
    jq -r '."4217" | sort_by(.alpha_3)[] | [.alpha_3, .numeric, .name] | join("\t")' "$json/iso_4217.json"
} >"$out/currencies.tsv.new"
mv "$out/countries.tsv.new" "$out/countries.tsv"
mv "$out/currencies.tsv.new" "$out/currencies.tsv"
