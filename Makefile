# crossdock: plain GNU make, no configure step. `make help` lists the targets.
# Each MODE builds into a directory of its own, so a sanitizer run never touches the release build.
MODE ?= release
CC ?= gcc
VERSION := 0.1.0
BUILD := build/$(MODE)
GEN := $(BUILD)/gen

PACKAGES := libxml-2.0 libarchive libpcre2-8 sqlite3 jansson libutf8proc libsodium zlib
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
OPT_cov := -O0 -g --coverage
OPT_fuzz := -O1 -g -fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all
LINK_release := $(LINK_HARDENING)
ifeq ($(MODE),fuzz)
CC := clang
endif

CFLAGS := -std=c17 -D_GNU_SOURCE -DXD_VERSION='"$(VERSION)"' $(WARNINGS) $(OPT_$(MODE)) \
	-Isrc -Iinclude -I$(GEN) $(PKG_CFLAGS) $(EXTRA_CFLAGS)
LDFLAGS := $(OPT_$(MODE)) $(LINK_$(MODE))

SOURCES := $(sort $(wildcard src/*/*.c))
LIB_SOURCES := $(filter-out src/cli/%,$(SOURCES))
CLI_SOURCES := $(filter src/cli/%,$(SOURCES))
LIB_OBJECTS := $(LIB_SOURCES:%.c=$(BUILD)/%.o) $(GEN)/embedded_bytes.o
CLI_OBJECTS := $(CLI_SOURCES:%.c=$(BUILD)/%.o)
SCHEMAS := $(shell find schemas -type f ! -name '*.md')
ISO_CODES := /usr/share/iso-codes/json
ISO_TABLES := $(GEN)/tables/reference/countries.tsv $(GEN)/tables/reference/currencies.tsv
UNIT_TESTS := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(sort $(wildcard tests/unit/test_*.c)))

all: $(BUILD)/crossdock ## build the program

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

$(GEN)/finding_codes.h $(GEN)/finding_slugs.h &: schemas/reference/findings.tsv scripts/finding-codes.sh
	@mkdir -p $(GEN)
	@sh scripts/finding-codes.sh $< $(GEN)

$(ISO_TABLES) &: scripts/gen-iso.sh $(wildcard $(ISO_CODES)/iso_3166-1.json $(ISO_CODES)/iso_4217.json)
	@mkdir -p $(@D)
	@sh scripts/gen-iso.sh $(GEN)/tables/reference $(ISO_CODES)

$(GEN)/embedded_bytes.S $(GEN)/embedded_list.h &: $(SCHEMAS) $(ISO_TABLES) scripts/embed.sh
	@mkdir -p $(GEN)
	@sh scripts/embed.sh $(GEN)

GENERATED := $(GEN)/finding_codes.h $(GEN)/finding_slugs.h $(GEN)/embedded_list.h

$(GEN)/embedded_bytes.o: $(GEN)/embedded_bytes.S $(SCHEMAS) $(ISO_TABLES)
	@$(CC) -c $< -o $@

$(BUILD)/%.o: %.c Makefile | $(GENERATED)
	@mkdir -p $(@D)
	@echo "  CC  $<"
	@$(CC) $(CFLAGS) -MMD -MP -c $< -o $@

$(BUILD)/libcrossdock.a: $(LIB_OBJECTS)
	@rm -f $@
	@ar rcs $@ $^

$(BUILD)/crossdock: $(CLI_OBJECTS) $(BUILD)/libcrossdock.a
	@echo "  LD  $@"
	@$(CC) $(LDFLAGS) $^ $(PKG_LIBS) -o $@

$(BUILD)/unit/%: tests/unit/%.c $(BUILD)/libcrossdock.a
	@mkdir -p $(@D)
	@echo "  CC  $<"
	@$(CC) $(CFLAGS) -Itests/unit -MMD -MP $(LDFLAGS) $< $(BUILD)/libcrossdock.a $(PKG_LIBS) -lcmocka -o $@

check: $(BUILD)/crossdock $(UNIT_TESTS) ## run all tests of this MODE (T=word: only those whose name holds it)
	@MODE=$(MODE) sh scripts/check.sh "$(T)"

lint: ## layers, banned calls, sizes, format, clang-tidy, cppcheck, shellcheck
	@sh scripts/lint.sh

bench: $(BUILD)/crossdock ## speed of the main jobs, as ratios to a bare libcsv parse in the same run
	@sh tests/bench/run.sh

clean: ## remove what was built
	rm -rf build

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  %-10s %s\n", $$1, $$2}' Makefile

.PHONY: all check lint bench clean help
