#!/bin/sh
# clang-tidy over every C file, several at a time. A file that was found clean is not looked at again until it, a header
# it includes, the flags, .clang-tidy or this script change: the hash of its preprocessed text is kept under build/lint.
# The path-sensitive analyser takes nine tenths of the time and knows nothing of what a table promises, so it is left to
# `make lint-deep` (DEEP=1), with a budget, and to src/. What tests do on purpose (odd text, sscanf of their own tables) is
# no mistake either.
# check-tidy.sh [JOBS]
set -u
cd "$(dirname "$0")/.." || exit 1
export CACHE=build/lint/tidy
mkdir -p "$CACHE"
make -s generated || exit 1
FLAGS=$(make -s print-flags | tr ' ' '\n' | grep -E '^-(std|D|I|isystem)' | tr '\n' ' ')-Itests/unit
# A library's headers are not ours to mend.
FLAGS=$(echo "$FLAGS" | sed 's|-I/usr|-isystem /usr|g')
SOURCE_CHECKS='-clang-analyzer-*'
[ "${DEEP:-0}" = 0 ] || SOURCE_CHECKS=
export FLAGS SOURCE_CHECKS

# shellcheck disable=SC2016 # expanded by the inner shell
find src tests/unit tests/fault tests/fuzz tests/bench -name '*.c' 2>/dev/null | LC_ALL=C sort |
    xargs -n 1 -P "${1:-2}" sh -c '
    case $0 in
    src/*) checks=$SOURCE_CHECKS ;;
    *) checks=-clang-analyzer-*,-cert-err34-c,-misc-misleading-bidirectional,-bugprone-suspicious-missing-comma ;;
    esac
    key=$({ cat .clang-tidy scripts/check-tidy.sh; echo "$FLAGS $checks"; gcc -E -C $FLAGS "$0"; } |
        sha256sum | cut -d " " -f 1)
    [ ! -f "$CACHE/$key" ] || exit 0
    out=$(clang-tidy --quiet --extra-arg=-Xclang --extra-arg=-analyzer-config --extra-arg=-Xclang \
        --extra-arg=max-nodes=60000 "--checks=$checks" "$0" -- $FLAGS 2>/dev/null)
    status=$?
    if [ $status -eq 0 ]; then : >"$CACHE/$key"; else printf "%s\n" "$out" | grep -v "^$"; fi
    exit $status'
status=$?
find "$CACHE" -type f -mtime +14 -delete # what no file of today has as its key is of no use tomorrow
[ $status -eq 0 ]
