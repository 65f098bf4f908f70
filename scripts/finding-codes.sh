#!/bin/sh
# Writes the enum of finding codes and their slugs from the one table that defines them, so that a code used in C
# and missing in the table does not compile. Called by the Makefile:
# finding-codes.sh schemas/reference/findings.tsv OUTPUT_DIR
set -eu
rows() {
    awk -F '\t' '/^#/ || NF < 2 { next } !header { header = 1; next } { print $1 "\t" $2 }' "$table"
}
table=$1
out=$2
{
    printf '#ifndef XD_FINDING_CODES_H\n#define XD_FINDING_CODES_H\n\nenum xd_finding_code {\n    XD_F_NONE,\n'
    rows | awk -F '\t' '{ name = toupper($2); gsub(/-/, "_", name); print "    XD_F_" name ", /* " $1 " */" }'
    printf '    XD_F_COUNT\n};\n\n#endif\n'
} >"$out/finding_codes.h"
{
    echo '    "",'
    rows | awk -F '\t' '{ print "    \"" $2 "\"," }'
} >"$out/finding_slugs.h"
