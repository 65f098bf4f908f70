#!/bin/sh
# The documents say what is so. Runs the sessions of README.md in a folder that holds the samples and compares what is
# printed with what the README shows; and holds the lists of tables, commands, rooms and tests to what is there.
set -u
failures=0
fail() {
    echo "$1"
    failures=$((failures + 1))
}

# A session is a block that starts with ```console: "$ " begins a command, "> " goes on with it, the rest is output.
cp -R "$XD_ROOT/samples" samples
mkdir blocks
awk '/^```console$/ { block = sprintf("blocks/%02d", ++count); next }
    /^```$/ { block = ""; next }
    block == "" { next }
    /^[$>] / { print substr($0, 3) > (block ".sh"); next }
    { print > (block ".shown") }' "$XD_ROOT/README.md"

# Compares two files line by line; "..." in the first stands for any lines.
same() {
    awk 'NR == FNR { shown[++shown_count] = $0; next } { printed[++printed_count] = $0 }
        END {
            at = 1
            for (i = 1; i <= shown_count; i++) {
                if (shown[i] == "...") {
                    if (i == shown_count) exit 0
                    while (at <= printed_count && printed[at] != shown[i + 1]) at++
                } else if (at > printed_count || printed[at] != shown[i]) {
                    print "shown:   " shown[i]
                    print "printed: " (at > printed_count ? "nothing more" : printed[at])
                    exit 1
                } else at++
            }
            if (at <= printed_count) { print "not shown: " printed[at]; exit 1 }
        }' "$1" "$2"
}

sessions=0
for session in blocks/*.sh; do
    block=${session%.sh}
    touch "$block.shown"
    sh "$session" >"$block.printed" 2>&1
    if ! same "$block.shown" "$block.printed" >difference; then
        fail "README.md, the session that starts with: $(head -n 1 "$session")
$(cat difference)"
    fi
    sessions=$((sessions + 1))
done
[ "$sessions" -gt 5 ] || fail "README.md has only $sessions sessions"

# Every name of a list, one a line on standard input, stands in a document between backquotes, slashes or blanks.
named() {
    document=$1
    what=$2
    while read -r name; do
        grep -qF -e "\`$name\`" "$XD_ROOT/$document" || fail "$document does not name the $what $name"
    done
}

crossdock help | sed -n 's/^  \([a-z][a-z -]*[a-z]\)   *.*/\1/p' >commands
(cd "$XD_ROOT/schemas" && find . -type f ! -name '*.md') | sed 's|^\./||' | LC_ALL=C sort >tables
(cd "$XD_ROOT/src" && find . -mindepth 1 -maxdepth 1 -type d) | sed 's|^\./\(.*\)|\1/|' | LC_ALL=C sort >rooms
for list in commands tables rooms; do
    [ -s "$list" ] || fail "there are no $list"
done
named README.md command <commands
named schemas/README.md table <tables
named src/README.md room <rooms

# A document names no file that is not there.
for document in README.md src/README.md schemas/README.md tests/README.md; do
    # shellcheck disable=SC2016
    grep -o '`\(tests\|samples\|scripts\|schemas\|src\|include\)/[A-Za-z0-9_./*-]*`' "$XD_ROOT/$document" | tr -d '`' |
        LC_ALL=C sort -u >paths
    while read -r path; do
        # shellcheck disable=SC2086
        (cd "$XD_ROOT" && ls -d $path >/dev/null 2>&1) || fail "$document names $path, which is not there"
    done <paths
done

# The map of the house names functions that exist.
# shellcheck disable=SC2016
grep -oE '`xd_[a-z0-9_]+`' "$XD_ROOT/src/README.md" | tr -d '`' | grep -v '_$' | LC_ALL=C sort -u >functions
[ -s functions ] || fail "src/README.md names no function"
while read -r function; do
    grep -rqw "$function" "$XD_ROOT/src" --include='*.[ch]' || fail "src/README.md names $function, which is not there"
done <functions
[ "$failures" -eq 0 ]
