#!/bin/sh
# Runs the tests in a build that counts executed lines and prints the share of src/ that was; fails below the given
# percentage. coverage.sh PERCENT
set -u
cd "$(dirname "$0")/.." || exit 1
unset MAKEFLAGS MAKELEVEL MFLAGS
find build/cov -name '*.gcda' -delete 2>/dev/null
tests=0
make -s -j "$(nproc)" MODE=cov check || tests=1
# gcov solves some branch counts of threaded code to less than zero; gcovr would stop at them.
gcovr --root . --filter src/ --object-directory build/cov -j "$(nproc)" --gcov-ignore-parse-errors \
    --txt build/cov/coverage.txt --print-summary --fail-under-line "$1" >build/cov/summary.txt
gate=$?
echo "$(grep '^lines' build/cov/summary.txt); at least $1 % wanted; by file: build/cov/coverage.txt"
[ $tests -eq 0 ] && exit $gate
