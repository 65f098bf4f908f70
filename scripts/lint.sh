#!/bin/sh
# Keeps the house in order: layers, banned calls, sizes, format, two analysers, shell scripts, externals that should be
# static, and marks of unfinished work. Each check counts as one test; ends with "N passed, N failed".
# lint.sh [WORD]: only the checks whose name holds WORD.
set -u
cd "$(dirname "$0")/.." || exit 1
word=${1:-}
unset MAKEFLAGS MAKELEVEL MFLAGS # a make of our own, not a part of the one that called us
passed=0
failed=0
jobs=$(nproc)
cache=build/lint
mkdir -p "$cache"
sources=$(find src include tests -name '*.[ch]' 2>/dev/null | LC_ALL=C sort)

# Runs one check and shows what it printed when it failed, or its last line (a figure) when it did not.
check() {
    name=$1
    shift
    case $name in *"$word"*) ;; *) return ;; esac
    if "$@" >"$cache/$name.log" 2>&1; then
        passed=$((passed + 1))
        printf 'ok     %-10s %s\n' "$name" "$(tail -n 1 "$cache/$name.log")"
    else
        failed=$((failed + 1))
        head -n "${LINT_LINES:-200}" "$cache/$name.log"
        echo "FAILED $name; again: sh scripts/lint.sh $name"
    fi
}

format() {
    # shellcheck disable=SC2086 # one word a file
    clang-format --dry-run -Werror $sources
}

# The shell scripts, and the commands of the whole-program cases, which have no first line of their own.
shell() {
    git ls-files -co --exclude-standard '*.sh' .ci/run | xargs shellcheck &&
        git ls-files -co --exclude-standard 'tests/cases/*/cmd' | xargs -r shellcheck -s sh -S info
}

# Marks of unfinished work, and paths that are true on one machine only.
marks() {
    ! git grep -nIwE '[T]ODO|[F]IXME|[X]XX|[H]ACK' -- src include scripts '*.[ch]' Makefile &&
        ! git grep -nIE '(^|[^A-Za-z0-9_.])/(home|root|work|Users)/[a-z]|\.\./[s]hared' -- .
}

check layers sh scripts/check-layers.sh
check banned sh scripts/check-banned.sh
check size sh scripts/check-size.sh
check format format
check shell shell
check marks marks
check tables sh scripts/check-tables.sh
check rooms sh scripts/check-rooms.sh
check external sh scripts/check-external.sh
check tidy sh scripts/check-tidy.sh "$jobs"
check cppcheck sh scripts/check-cppcheck.sh "$jobs"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
