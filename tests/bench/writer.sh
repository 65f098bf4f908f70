#!/bin/sh
# Builds the release library and measures the handoff writer. Run from the top folder: sh tests/bench/writer.sh
set -eu
make -s
# shellcheck disable=SC2046
gcc -std=c17 -D_GNU_SOURCE -O2 -Isrc -Ibuild/release/gen tests/bench/bench_writer.c build/release/libcrossdock.a \
    $(pkg-config --libs libsodium) -o build/release/bench_writer
build/release/bench_writer
