#!/bin/sh
# Installs the library into a fresh folder, builds the sample program against what was installed and nothing else, and
# runs it; then installs it as a package is made, below DESTDIR, and calls every public function from C++.
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

make -s -C "$XD_ROOT" MODE="$mode" DESTDIR="$here/stage" PREFIX=/opt/crossdock install
PKG_CONFIG_PATH="$here/stage/opt/crossdock/lib/pkgconfig"
PKG_CONFIG_SYSROOT_DIR="$here/stage"
export PKG_CONFIG_SYSROOT_DIR
cat >all.cc <<'END'
#include <crossdock/address.h>
#include <crossdock/identifier.h>

#include <cstdio>
#include <cstring>

int
main()
{
    char message[256];
    char code[32];
    crossdock_identifiers *identifiers = nullptr;
    crossdock_identifier_result number;
    crossdock_elements elements;
    crossdock_addresses *addresses = nullptr;
    crossdock_address_result result;
    crossdock_address address = {};
    const char *text = "(00)340123451234567895(4305)London";

    if (crossdock_identifiers_open(nullptr, &identifiers, message, sizeof(message)) != 0 ||
        crossdock_addresses_open(nullptr, &addresses, message, sizeof(message)) != 0) {
        std::puts(message);
        return 2;
    }
    crossdock_identifier_check(identifiers, "sscc", nullptr, "340123451234567895", 18, &number);
    std::printf("%d %s\n", number.verdict, number.canonical);
    std::printf("%d %s\n", crossdock_gs1_read(identifiers, text, std::strlen(text), &elements), elements.ship_to.city);
    std::printf("%ld %s\n", crossdock_parcel_code(identifiers, "jd 1", 4, code, sizeof(code)), code);
    std::printf("%s\n", crossdock_scheme_name(identifiers, 0));
    address.name = "Anna Vogt";
    address.address1 = "Lindenstr. 12";
    address.city = "Berlin";
    address.postal_code = "D-10969";
    address.country = "Germany";
    crossdock_address_checker *checker = crossdock_address_checker_new(addresses);
    std::printf("%d", crossdock_address_check(checker, &address, "2026-11-22", nullptr, &result));
    std::printf(" %d %s\n", result.verdict, result.postal_code);
    crossdock_address_checker_free(checker);
    crossdock_addresses_close(addresses);
    crossdock_identifiers_close(identifiers);
    return 0;
}
END
# the libraries are those of this system, which no sysroot holds
system=$(PKG_CONFIG_SYSROOT_DIR='' pkg-config --libs-only-l --static crossdock)
# shellcheck disable=SC2046,SC2086
c++ -std=c++17 -Wall -Wextra -Werror $flags all.cc $(pkg-config --cflags --libs-only-L crossdock) $system -o all
./all >got
diff - got <<'END'
0 340123451234567895
0 London
4 JJD1
sscc
0 0 10969
END
