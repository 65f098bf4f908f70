#!/bin/sh
# The whole test suite on a fresh checkout: installs what is missing, then runs lint and every test, once as released
# and once under the address and undefined-behaviour sanitizers. The last line sums all of it: "N passed, N failed".
set -u
cd "$(dirname "$0")/.." || exit 1
jobs=$(nproc)
passed=0
failed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT INT TERM

# Runs a part of the suite and adds the numbers that it ends with; a part that does not get that far counts as failed.
part() {
    title=$1
    shift
    echo "== $title"
    started=$(date +%s)
    { "$@" 2>&1; echo $? >"$log.status"; } | tee "$log"
    status=$(cat "$log.status")
    rm -f "$log.status"
    counts=$(sed -n 's/^\([0-9][0-9]*\) passed, \([0-9][0-9]*\) failed$/\1 \2/p' "$log" | tail -n 1)
    if [ -z "$counts" ]; then
        failed=$((failed + 1))
        echo "FAILED $title: ended with status $status before its tests were counted"
    else
        passed=$((passed + ${counts% *}))
        failed=$((failed + ${counts#* }))
        [ "$status" -eq 0 ] || [ "${counts#* }" -ne 0 ] || failed=$((failed + 1))
    fi
    echo "   $(($(date +%s) - started)) s"
}

if ! sh scripts/install-deps.sh test; then
    echo "0 passed, 1 failed"
    exit 1
fi
part "tests of the release build" make -s -j "$jobs" check
part "tests under ASan and UBSan" make -s -j "$jobs" MODE=asan check
part "lint" make -s -j "$jobs" lint

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
