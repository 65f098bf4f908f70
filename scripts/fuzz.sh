#!/bin/sh
# Runs the fuzz targets that `make fuzz` built, each for a number of seconds, from the kept seeds and what earlier runs
# found. A crash leaves its input under build/fuzz; keep it in tests/fuzz/seeds/NAME/, where every `make check` replays it.
# fuzz.sh SECONDS [NAME]
set -u
cd "$(dirname "$0")/.." || exit 1
seconds=$1
name=${2:-}
status=0
for target in build/fuzz/fuzz/fuzz_*; do
    this=${target##*/fuzz_}
    [ -x "$target" ] || continue
    [ "${name:-$this}" = "$this" ] || continue
    found=build/fuzz/corpus/$this
    seeds=tests/fuzz/seeds/$this
    mkdir -p "$found"
    echo "== $this, $seconds s"
    # shellcheck disable=SC2046 # the folder of seeds may be missing
    if "$target" -max_total_time="$seconds" -rss_limit_mb=512 -timeout=5 -print_final_stats=1 -verbosity=0 \
        -artifact_prefix="build/fuzz/crash-$this-" "$found" $([ -d "$seeds" ] && echo "$seeds"); then
        echo "ok $this"
    else
        status=1
        echo "FAILED $this"
    fi
done
exit $status
