#!/bin/sh
# Installs what is missing of scripts/packages.txt with apt, after saying what and why. Quick and without any change
# when nothing is missing. Called by quickstart.sh and test.sh: install-deps.sh [build|test|develop]; each word takes in
# the ones before it, default build.
set -eu
cd "$(dirname "$0")/.."
level=${1:-build}
case $level in
build) wanted='build' ;;
test) wanted='build test' ;;
develop) wanted='build test develop' ;;
*)
    echo "usage: sh scripts/install-deps.sh [build|test|develop]" >&2
    exit 64
    ;;
esac

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    echo "This system has no apt. crossdock is made for Debian 12; elsewhere install what these stand for:" >&2
    grep -v '^#' scripts/packages.txt >&2
    exit 69
fi

# Of the packages on standard input (one a line), those that are not installed.
not_installed() {
    packages=$(cat)
    # shellcheck disable=SC2086 # one word a package
    dpkg-query -W -f='${db:Status-Status} ${Package}\n' $packages 2>/dev/null |
        awk -v packages="$packages" '
            $1 == "installed" { there[$2] = 1 }
            END {
                count = split(packages, list, /[ \n]+/)
                for (i = 1; i <= count; i++) if (!(list[i] in there)) print list[i]
            }'
}

missing=$(awk -F '\t' -v wanted=" $wanted " \
    '!/^#/ && index(wanted, " " $2 " ") { print $1 }' scripts/packages.txt | not_installed)
[ -n "$missing" ] || exit 0

echo "These Debian packages are missing and will be installed with apt:"
for package in $missing; do
    awk -F '\t' -v package="$package" '$1 == package { printf "  %-20s %s\n", $1, $3 }' scripts/packages.txt
done

as_root=
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "Installing needs root, and there is no sudo. As root, run: sh scripts/install-deps.sh $level" >&2
        exit 77
    fi
    as_root=sudo
fi
$as_root apt-get update -q </dev/null
# shellcheck disable=SC2086 # one word a package
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing </dev/null
