#!/bin/sh
# Writes the two files that link every table of schemas/ into the program: an assembler file that includes the
# bytes, and a C list of their names. Called by the Makefile: embed.sh OUTPUT_DIR
set -eu
out=$1
{
    echo '    .section .rodata'
    find schemas -type f ! -name '*.md' | LC_ALL=C sort | awk '{
        printf "    .global xd_table_%d\n    .balign 16\nxd_table_%d:\n    .incbin \"%s\"\n", NR, NR, $0
        printf "    .global xd_table_%d_end\nxd_table_%d_end:\n    .byte 0\n", NR, NR
    }'
    echo '    .section .note.GNU-stack,"",@progbits'
} >"$out/embedded_bytes.S"
{
    find schemas -type f ! -name '*.md' | LC_ALL=C sort |
        awk '{ printf "extern const char xd_table_%d[];\nextern const char xd_table_%d_end[];\n", NR, NR }'
    echo 'static const struct { const char *path; const char *begin; const char *end; } LIST[] = {'
    find schemas -type f ! -name '*.md' | LC_ALL=C sort |
        awk '{ sub(/^schemas\//, ""); printf "    {\"%s\", xd_table_%d, xd_table_%d_end},\n", $0, NR, NR }'
    echo '};'
} >"$out/embedded_list.h"
