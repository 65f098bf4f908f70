#!/bin/sh
# A manifest that is written to while it is read: nothing is published, and the run may be tried again. One that is
# replaced or removed was read as it had been. The orders arrive by a pipe, so the moment between the two is ours.
set -eu
mkfifo pipe
during() { # STATUS COMMAND: runs COMMAND when the manifest is open
    rm -rf out
    cp "$XD_ROOT/samples/manifest.csv" m.csv
    crossdock process --orders - --out out --as-of 2026-11-22 m.csv <pipe >/dev/null 2>message &
    run=$!
    exec 3>pipe
    until grep -q m.csv "/proc/$run/maps"; do sleep 0.02; done
    eval "$2"
    cat "$XD_ROOT/samples/orders.csv" >&3
    exec 3>&-
    status=0
    wait "$run" || status=$?
    [ "$status" = "$1" ] || { echo "exit status $status after $2"; cat message; exit 1; }
}
during 75 'echo >>m.csv'
grep -q 'm.csv changed while it was read' message
[ ! -e out/crossdock.run.json ]
during 75 ': >m.csv'
grep -q 'nothing was written' message
[ ! -e out/crossdock.run.json ]
during 0 'rm m.csv'
[ -e out/crossdock.run.json ]
during 0 'cp m.csv other.csv; echo >>other.csv; mv other.csv m.csv'
