# shellcheck shell=sh
# For the hostile cases, each of which sources this file. Every input has one verdict, and it is the same when it
# arrives by a pipe in pieces of any size; it comes within five seconds of a processor (a machine may be busy, and sanitizers
# make all slower) and, but for sanitizers, in half a gibibyte. `make hostile` feeds also what is too long for the
# everyday run.
# shellcheck disable=SC3045 # dash and bash both know -d and -t
seconds=60
case ${XD_BUILD:-} in */asan | */tsan) processor=30 ;; *)
    ulimit -d 524288
    processor=5
    ;;
esac

# check FILE [OPTION...]: what validate says of a file, and with which exit status.
check() {
    file=$1
    shift
    (ulimit -t "$processor" && exec timeout "$seconds" crossdock validate --format short --as-of 2026-11-22 "$@" "$file") \
        >said 2>complaint
    echo "$? $file"
    sed "s|^$file|  |" said complaint
}

# too_long FILE PIECE: whether feeding it piece by piece is not for today.
too_long() {
    [ "$2" -lt 8 ] || return 1
    case ${XD_TEST_LEVEL:-} in slow) most=4194304 ;; *) most=65536 ;; esac
    [ "$(wc -c <"$1")" -gt "$most" ]
}

# verdict FILE [OPTION...]: the same, held to be equal for the file in pieces on standard input.
verdict() {
    check "$@" >whole
    cat whole
    input=$1
    shift
    patience=$seconds
    for piece in 1 7 4095 4096 4097; do
        too_long "$input" "$piece" && continue
        seconds=300 # it waits for dd
        dd if="$input" bs="$piece" 2>/dev/null | check - "$@" | sed "1s|-|$input|" >pieces
        seconds=$patience
        cmp -s whole pieces || { echo "in pieces of $piece bytes:"; cat pieces; }
    done
}
