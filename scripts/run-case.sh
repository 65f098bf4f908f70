#!/bin/sh
# Runs one whole-program case in a fresh folder and compares what it did with what it should do.
# run-case.sh PROGRAM tests/cases/AREA/NAME/cmd   or   run-case.sh PROGRAM tests/cli/NAME.sh
#
# A case folder holds: cmd, a shell script in which `crossdock` is the program under test; in/, copied to the fresh
# folder; expect/stdout, expect/stderr, expect/status (default 0), and expect/out/, the files that the case must leave
# in out/. What is not in expect/ is not compared. ACCEPT=1 records what the program did, to be read before it is
# committed. A cli script stands alone and fails by its exit status.
set -u
program=$1
script=$(realpath "$2")
case_dir=$(dirname "$script")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
mkdir "$work/bin" "$work/run"
ln -s "$program" "$work/bin/crossdock"
[ -d "$case_dir/in" ] && cp -R "$case_dir/in/." "$work/run/"
expect=$case_dir/expect

# shellcheck disable=SC2097,SC2098
(cd "$work/run" && env -i PATH="$work/bin:/usr/local/bin:/usr/bin:/bin" HOME="$work" TZ=UTC LC_ALL=C \
    XD_ROOT="${XD_ROOT:-}" XD_BUILD="${XD_BUILD:-}" XD_TEST_LEVEL="${XD_TEST_LEVEL:-}" ASAN_OPTIONS=detect_leaks=1 \
    sh "$script" >"$work/stdout" 2>"$work/stderr" </dev/null)
echo $? >"$work/status"

case $script in
*/tests/cli/*)
    [ "$(cat "$work/status")" = 0 ] && exit 0
    cat "$work/stdout" "$work/stderr"
    exit 1
    ;;
esac

if [ "${ACCEPT:-0}" = 1 ]; then
    rm -rf "$expect"
    mkdir -p "$expect"
    cp "$work/stdout" "$work/stderr" "$work/status" "$expect/"
    [ -d "$work/run/out" ] && cp -R "$work/run/out" "$expect/out"
    exit 0
fi

result=0
for part in stdout stderr status; do
    if [ "$part" = status ] && [ ! -f "$expect/status" ]; then
        echo 0 | cmp -s - "$work/status" || { echo "exit status $(cat "$work/status"), expected 0"; cat "$work/stderr"; result=1; }
    elif [ -f "$expect/$part" ]; then
        diff -u "$expect/$part" "$work/$part" || result=1
    fi
done
if [ -d "$expect/out" ]; then
    diff -ru "$expect/out" "$work/run/out" || result=1
fi
exit $result
