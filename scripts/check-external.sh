#!/bin/sh
# Fails on a function or table that is visible outside its file and used by no other: it should be static. The public
# API counts as used. Looks at the object files of the release build, so build it first.
set -u
cd "$(dirname "$0")/.." || exit 1
build=build/release
make -s -j "$(nproc)" all test-programs bench-programs || exit 1

objects=$(find "$build/src" -name '*.o')
tests=$(find "$build/tests" -name '*.o' 2>/dev/null)
public=$(find include -name '*.h' -exec cat {} + 2>/dev/null | grep -oE '\bxd_[a-z0-9_]+ *\(' | tr -d ' (' | sort -u | tr '\n' ' ')
# shellcheck disable=SC2086 # one word a file
nm -A $objects $tests | awk -v public=" $public" -v build="$build/" '
    {
        split($1, part, ":")
        file = part[1]
        kind = $(NF - 1)
        symbol = $NF
    }
    kind == "U" { if (file ~ /\/tests\//) tested[symbol] = 1; else used[symbol] = 1 }
    kind ~ /^[TDBR]$/ && file !~ /\/tests\// && symbol != "main" { home[symbol] = file }
    END {
        for (symbol in home) if (!(symbol in used) && !index(public, " " symbol " ")) {
            file = home[symbol]
            sub("^" build, "", file)
            sub(/\.o$/, ".c", file)
            if (symbol in tested) { only_tests++; continue }
            printf "%s: %s is used by no other file: make it static, or remove it\n", file, symbol
            bad = 1
        }
        if (!bad) printf "%d used by tests only\n", only_tests
        exit bad
    }'
