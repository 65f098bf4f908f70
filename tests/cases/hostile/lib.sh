# shellcheck shell=sh
# For the hostile cases, each of which sources this file. Every input has one verdict, and it is the same when it
# arrives by a pipe in pieces of any size; it comes within ten seconds and, but for sanitizers, half a gibibyte.
# shellcheck disable=SC3045 # dash and bash both know -d
case ${XD_BUILD:-} in */asan | */tsan) ;; *) ulimit -d 524288 ;; esac

# check FILE [OPTION...]: what validate says of a file, and with which exit status.
check() {
    file=$1
    shift
    timeout 10 crossdock validate --format short --as-of 2026-11-22 "$@" "$file" >said 2>complaint
    echo "$? $file"
    sed "s|^$file|  |" said complaint
}

# verdict FILE [OPTION...]: the same, held to be equal for the file in pieces on standard input.
verdict() {
    check "$@" >whole
    cat whole
    input=$1
    shift
    for size in 1 7 4095 4096 4097; do
        [ "$size" -lt 8 ] && [ "$(wc -c <"$input")" -gt 65536 ] && continue
        dd if="$input" bs="$size" 2>/dev/null | check - "$@" | sed "1s|-|$input|" >pieces
        cmp -s whole pieces || { echo "in pieces of $size bytes:"; cat pieces; }
    done
}
