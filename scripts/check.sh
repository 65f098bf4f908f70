#!/bin/sh
# Runs the unit tests, the table tests and the whole-program cases of one build mode and ends with the line
# "N passed, N failed". Called by the Makefile: check.sh [WORD], WORD picks the tests whose name holds it.
set -u
mode=${MODE:-release}
word=${1:-}
build=$PWD/build/$mode
export XD_BUILD="$build" XD_ROOT="$PWD"
passed=0
failed=0

for test in "$build"/unit/test_* "$build"/fault/test_*; do
    name=$(basename "$test")
    case $name in *.d) continue ;; esac
    case $name in *"$word"*) ;; *) continue ;; esac
    if [ -x "$test" ]; then
        out=$("$test" 2>&1)
        status=$?
        ok=$(printf '%s\n' "$out" | sed -n 's/^\[  PASSED  \] \([0-9]*\) test.*/\1/p' | head -n 1)
        passed=$((passed + ${ok:-0}))
        if [ $status -ne 0 ]; then
            bad=$(printf '%s\n' "$out" | sed -n 's/^\[  FAILED  \] \([0-9]*\) test.*/\1/p' | head -n 1)
            failed=$((failed + ${bad:-1}))
            printf '%s\n' "$out" | grep -v '^\[ *\(RUN\|OK\) ' | head -n 60
            echo "FAILED $name; again: make check MODE=$mode T=$name"
        fi
    fi
done

for replay in "$build"/fuzz/fuzz_*; do
    [ -x "$replay" ] || continue
    name=$(basename "$replay")
    case $name in *"$word"*) ;; *) continue ;; esac
    if out=$("$replay" tests/fuzz/seeds/"${name#fuzz_}"/* 2>&1); then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf '%s\n' "$out" | head -n 60
        echo "FAILED $name; again: make check MODE=$mode T=$name"
    fi
done

for cmd in tests/cases/*/*/cmd tests/cli/*.sh; do
    [ -f "$cmd" ] || continue
    case $cmd in *"$word"*) ;; *) continue ;; esac
    if sh scripts/run-case.sh "$build/crossdock" "$cmd"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED $cmd; again: make check MODE=$mode T=$cmd"
    fi
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
