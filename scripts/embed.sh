#!/bin/sh
# Writes the two files that link every table of schemas/, and every table that the build made into OUTPUT_DIR/tables,
# into the program: an assembler file that includes the bytes, and a C list of their names.
# Called by the Makefile: embed.sh OUTPUT_DIR
set -eu
out=$1
# "FILE<tab>NAME": where the bytes are, and the path under schemas/ that the program asks for.
list() {
    for root in schemas "$out/tables"; do
        find "$root" -type f ! -name '*.md' ! -name '*.new' |
            awk -v root="$root" '{ print $0 "\t" substr($0, length(root) + 2) }'
    done | LC_ALL=C sort -t "$(printf '\t')" -k 2
}
{
    echo '    .section .rodata'
    list | awk -F '\t' '{
        printf "    .global xd_table_%d\n    .balign 16\nxd_table_%d:\n    .incbin \"%s\"\n", NR, NR, $1
        printf "    .global xd_table_%d_end\nxd_table_%d_end:\n    .byte 0\n", NR, NR
    }'
    echo '    .section .note.GNU-stack,"",@progbits'
} >"$out/embedded_bytes.S"
{
    list | awk '{ printf "extern const char xd_table_%d[];\nextern const char xd_table_%d_end[];\n", NR, NR }'
    echo 'static const struct { const char *path; const char *begin; const char *end; } LIST[] = {'
    list | awk -F '\t' '{ printf "    {\"%s\", xd_table_%d, xd_table_%d_end},\n", $2, NR, NR }'
    echo '};'
} >"$out/embedded_list.h"
