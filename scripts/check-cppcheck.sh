#!/bin/sh
# cppcheck over src/, with its results kept under build/lint. An inline suppression gives its reason behind the id.
# What looks across files cannot be suppressed inline: xd_gs1_parse fills what it is given and reads none of it before.
# check-cppcheck.sh [JOBS]
set -u
cd "$(dirname "$0")/.." || exit 1
mkdir -p build/lint/cppcheck
make -s generated || exit 1
cppcheck --quiet -j "${1:-2}" --std=c11 --library=posix --library=gnu --enable=warning,performance,portability \
    --inline-suppr --suppress=missingIncludeSystem --suppress=unmatchedSuppression --suppress=ctuuninitvar:src/check/gs1.c \
    --error-exitcode=1 --cppcheck-build-dir=build/lint/cppcheck -D_GNU_SOURCE '-DXD_VERSION="0"' \
    -Isrc -Iinclude -Ibuild/release/gen src
