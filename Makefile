# crossdock: plain GNU make, no configure step. `make help` lists the targets.
# Each MODE builds into a directory of its own, so a sanitizer run never touches the release build.
MODE ?= release
ifeq ($(MODE),fuzz)
CC := clang
else
CC := gcc
endif
VERSION := 0.1.0
BUILD := build/$(MODE)
GEN := $(BUILD)/gen
PREFIX ?= /usr/local
SECS ?= 60
COVERAGE_LEAST ?= 90

PACKAGES := libxml-2.0 libarchive libpcre2-8 sqlite3 jansson libutf8proc libsodium libisal
PKG_CFLAGS := $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
PKG_LIBS := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -lcsv -lpthread

WARNINGS := -Wall -Wextra -Wconversion -Wshadow -Wformat=2 -Wundef -Wstrict-prototypes -Wmissing-prototypes -Wvla
ifneq ($(WERROR),0)
WARNINGS += -Werror
endif
HARDENING := -fstack-protector-strong -fPIE -D_FORTIFY_SOURCE=2
LINK_HARDENING := -pie -Wl,-z,relro,-z,now

OPT_release := -O2 -g $(HARDENING)
OPT_debug := -O0 -g
OPT_asan := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
OPT_tsan := -O1 -g -fsanitize=thread
OPT_cov := -O0 -g --coverage -fprofile-update=atomic
OPT_fuzz := -O1 -g -fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all
LINK_release := $(LINK_HARDENING)

CFLAGS := -std=c17 -D_GNU_SOURCE -DXD_VERSION='"$(VERSION)"' $(WARNINGS) $(OPT_$(MODE)) \
	-Isrc -Iinclude -I$(GEN) $(PKG_CFLAGS) $(EXTRA_CFLAGS)
LDFLAGS := $(OPT_$(MODE)) $(LINK_$(MODE))

SOURCES := $(sort $(wildcard src/*/*.c))
LIB_SOURCES := $(filter-out src/cli/%,$(SOURCES))
CLI_SOURCES := $(filter src/cli/%,$(SOURCES))
LIB_OBJECTS := $(LIB_SOURCES:%.c=$(BUILD)/%.o) $(GEN)/embedded_bytes.o
CLI_OBJECTS := $(CLI_SOURCES:%.c=$(BUILD)/%.o)
SCHEMAS := $(sort $(shell find schemas -type f ! -name '*.md'))
ISO_CODES := /usr/share/iso-codes/json
ISO_TABLES := $(GEN)/tables/reference/countries.tsv $(GEN)/tables/reference/currencies.tsv
HEADERS := $(sort $(wildcard include/crossdock/*.h))

# One program for each file of these folders; tests/fuzz/replay.c is the main of the fuzz targets where no fuzzer is linked.
programs = $(patsubst tests/$(1)/%.c,$(BUILD)/$(1)/%,$(sort $(wildcard tests/$(1)/$(2)*.c)))
UNIT_TESTS := $(call programs,unit,test_) $(call programs,fault,test_)
FUZZ_TARGETS := $(call programs,fuzz,fuzz_)
BENCHES := $(call programs,bench,)

all: $(BUILD)/crossdock ## build the program

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

$(BUILD):
	@mkdir -p $@

# What was built with other flags, or from other files, is built again.
$(BUILD)/flags: FORCE | $(BUILD)
	$(file >$@.new,$(CC) $(CFLAGS) / $(LDFLAGS) $(PKG_LIBS))
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@

$(BUILD)/files: FORCE | $(BUILD)
	$(file >$@.new,$(SOURCES) $(SCHEMAS))
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@

$(GEN)/finding_codes.h $(GEN)/finding_slugs.h &: schemas/reference/findings.tsv scripts/finding-codes.sh
	@mkdir -p $(GEN)
	@sh scripts/finding-codes.sh $< $(GEN)

$(ISO_TABLES) &: scripts/gen-iso.sh $(wildcard $(ISO_CODES)/iso_3166-1.json $(ISO_CODES)/iso_4217.json)
	@mkdir -p $(@D)
	@sh scripts/gen-iso.sh $(GEN)/tables/reference $(ISO_CODES)

$(GEN)/embedded_bytes.S $(GEN)/embedded_list.h &: $(SCHEMAS) $(ISO_TABLES) scripts/embed.sh $(BUILD)/files
	@mkdir -p $(GEN)
	@sh scripts/embed.sh $(GEN)

GENERATED := $(GEN)/finding_codes.h $(GEN)/finding_slugs.h $(GEN)/embedded_list.h

$(GEN)/embedded_bytes.o: $(GEN)/embedded_bytes.S $(SCHEMAS) $(ISO_TABLES)
	@$(CC) -c $< -o $@

$(BUILD)/%.o: %.c $(BUILD)/flags | $(GENERATED)
	@mkdir -p $(@D)
	@echo "  CC  $<"
	@$(CC) $(CFLAGS) $(if $(filter tests/unit/% tests/fault/%,$<),-Itests/unit) -MMD -MP -c $< -o $@

$(BUILD)/libcrossdock.a: $(LIB_OBJECTS) $(BUILD)/files
	@rm -f $@
	@ar rcs $@ $(LIB_OBJECTS)

$(BUILD)/crossdock: $(CLI_OBJECTS) $(BUILD)/libcrossdock.a $(BUILD)/files
	@echo "  LD  $@"
	@$(CC) $(LDFLAGS) $(CLI_OBJECTS) $(BUILD)/libcrossdock.a $(PKG_LIBS) -o $@

$(UNIT_TESTS): $(BUILD)/%: $(BUILD)/tests/%.o $(BUILD)/libcrossdock.a
	@mkdir -p $(@D)
	@$(CC) $(LDFLAGS) $(filter %.o %.a,$^) $(PKG_LIBS) -lcmocka -lz -o $@

$(BENCHES): $(BUILD)/bench/%: $(BUILD)/tests/bench/%.o $(BUILD)/libcrossdock.a
	@mkdir -p $(@D)
	@$(CC) $(LDFLAGS) $(filter %.o %.a,$^) $(PKG_LIBS) -o $@

ifeq ($(MODE),fuzz)
FUZZER := -fsanitize=fuzzer
$(FUZZ_TARGETS): $(BUILD)/fuzz/%: $(BUILD)/tests/fuzz/%.o $(BUILD)/libcrossdock.a
else
$(FUZZ_TARGETS): $(BUILD)/fuzz/%: $(BUILD)/tests/fuzz/%.o $(BUILD)/tests/fuzz/replay.o $(BUILD)/libcrossdock.a
endif
	@mkdir -p $(@D)
	@$(CC) $(LDFLAGS) $(FUZZER) $(filter %.o %.a,$^) $(PKG_LIBS) -o $@

check: $(BUILD)/crossdock test-programs ## run all tests of this MODE (T=word: only those whose name holds it)
	@MODE=$(MODE) sh scripts/check.sh "$(T)"

check-slow: $(BUILD)/crossdock test-programs ## the same, with the long loops of property, fault and hostile tests
	@MODE=$(MODE) XD_TEST_LEVEL=slow sh scripts/check.sh "$(T)"

hostile: ## every hostile case under ASan and UBSan, fed in pieces however long it is
	@$(MAKE) MODE=asan build/asan/crossdock
	@MODE=asan XD_TEST_LEVEL=slow sh scripts/check.sh cases/hostile

lint: ## layers, banned calls, sizes, format, clang-tidy, cppcheck, shellcheck (T=word as for check)
	@sh scripts/lint.sh "$(T)"

lint-deep: ## clang-tidy with its path-sensitive analyser, whose findings want a reader: some are not true
	@DEEP=1 sh scripts/check-tidy.sh $(shell nproc)

cov: ## line coverage of src/ by the tests, at least COVERAGE_LEAST percent
	@sh scripts/coverage.sh $(COVERAGE_LEAST)

fuzz: ## fuzz tests/fuzz/fuzz_NAME.c for SECS seconds (FUZZ=name, default each in turn)
	@$(MAKE) MODE=fuzz fuzz-programs
	@sh scripts/fuzz.sh $(SECS) $(FUZZ)

bench: $(BUILD)/crossdock bench-programs ## speed of the main jobs, as ratios to a bare libcsv parse in the same run
	@sh tests/bench/run.sh

install: $(BUILD)/crossdock ## copy the program, the library, its headers and crossdock.pc below DESTDIR and PREFIX
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/pkgconfig $(DESTDIR)$(PREFIX)/include/crossdock
	install -m 755 $(BUILD)/crossdock $(DESTDIR)$(PREFIX)/bin/crossdock
	install -m 644 $(BUILD)/libcrossdock.a $(DESTDIR)$(PREFIX)/lib/libcrossdock.a
	$(if $(HEADERS),install -m 644 $(HEADERS) $(DESTDIR)$(PREFIX)/include/crossdock/)
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' -e 's|@LIBS@|$(PKG_LIBS)|' \
		scripts/crossdock.pc.in >$(DESTDIR)$(PREFIX)/lib/pkgconfig/crossdock.pc

uninstall: ## remove what install copied
	rm -f $(DESTDIR)$(PREFIX)/bin/crossdock $(DESTDIR)$(PREFIX)/lib/libcrossdock.a
	rm -f $(DESTDIR)$(PREFIX)/lib/pkgconfig/crossdock.pc
	rm -rf $(DESTDIR)$(PREFIX)/include/crossdock

clean: ## remove what was built
	rm -rf build

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  %-12s %s\n", $$1, $$2}' Makefile

# For the scripts: the headers that the build makes, the programs of the tests, the flags.
generated: $(GENERATED)
test-programs: $(UNIT_TESTS) $(FUZZ_TARGETS)
fuzz-programs: $(FUZZ_TARGETS)
bench-programs: $(BENCHES)
print-flags:
	$(info $(subst ',,$(CFLAGS)))

FORCE:
.SECONDARY:
.PHONY: all check check-slow hostile lint lint-deep cov fuzz bench install uninstall clean help FORCE \
	generated test-programs fuzz-programs bench-programs print-flags
