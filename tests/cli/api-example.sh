#!/bin/sh
# Installs the library into a fresh folder, builds the sample program against what was installed and nothing else, and
# runs it.
set -eu
mode=$(basename "$XD_BUILD")
case $mode in
asan) flags='-fsanitize=address,undefined' ;;
tsan) flags='-fsanitize=thread' ;;
cov) flags='--coverage' ;;
release | debug) flags='' ;;
*) exit 0 ;;
esac
here=$PWD
make -s -C "$XD_ROOT" MODE="$mode" PREFIX="$here/usr" install
PKG_CONFIG_PATH="$here/usr/lib/pkgconfig"
export PKG_CONFIG_PATH
# shellcheck disable=SC2046,SC2086
cc -std=c11 -Wall -Wextra -Werror $flags "$XD_ROOT/samples/api/check_barcode.c" \
    $(pkg-config --cflags --libs --static crossdock) -o check
./check 1Z999AA10123456784 '(00)340123451234567895' >got
cat >expected <<'END'
1Z999AA10123456784: valid ups-1z 1Z999AA10123456784
(00)340123451234567895: valid sscc 340123451234567895
END
diff expected got
if ./check 340123451234567896 >got; then
    echo "a wrong check digit must give the exit status 1"
    exit 1
fi
echo '340123451234567896: invalid sscc The check digit does not fit the other characters. Character 18 must be 5, not 6.' |
    diff - got
