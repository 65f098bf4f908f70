/*
 * What an address must hold in each country and what its postal code looks like. A postal code is
 * described twice: by shapes, which are fast and know the canonical form, and by a pattern, which
 * is what the sources publish.
 */
#ifndef XD_REFERENCE_POSTAL_RULE_H
#define XD_REFERENCE_POSTAL_RULE_H

#include "reference/country.h"

#define XD_POSTAL_CHARS 12 /* letters and digits of the longest code (Iran: 10, "CALLAO 05": 8) */
#define XD_POSTAL_TEXT  20 /* bytes of a canonical code with its separators */

/* Fields that a country may require or not use at all. */
enum xd_postal_part {
    XD_PART_ADDRESS1 = 1,
    XD_PART_CITY = 2,
    XD_PART_REGION = 4,
    XD_PART_POSTAL_CODE = 8,
};

enum xd_postal_need {
    XD_POSTAL_UNUSED,
    XD_POSTAL_OPTIONAL,
    XD_POSTAL_REQUIRED,
};

enum xd_postal_area {
    XD_AREA_NONE,
    XD_AREA_LETTERS, /* the letters in front must be a postcode area (GB) */
    XD_AREA_THREE,   /* the first three characters must be a routing key (IE) */
};

struct xd_postal_shape {
    uint8_t len;   /* letters and digits */
    uint8_t lead;  /* of these, so many in front may be left out by the sender: LV-, AD */
    uint32_t gaps; /* bit i: a separator may stand before character i */
    char before[XD_POSTAL_CHARS];   /* the separator written before character i, or 0 */
    uint64_t sets[XD_POSTAL_CHARS]; /* bits 0-9 digits, 10-35 letters that character i may be */
};

/*
 * A shape in its canonical form, sixteen characters at a time: every byte of a code lies between
 * those of `low` and `high`, which are the separator itself in its place and zero behind the end.
 */
struct xd_postal_form {
    uint8_t low[16];
    uint8_t high[16];
    uint16_t gappy;    /* bit of each byte that must also be in the shape's set */
    uint8_t len;       /* bytes */
    uint8_t separator; /* byte where the only separator stands; 16 when there is none */
    bool usable;       /* false: what looks like this may be the canonical form of another shape */
};

struct xd_postal_rule {
    bool known;         /* the table has a row for this country */
    bool exact;         /* the shapes say all that the pattern says */
    bool house_number;  /* a street line without any digit is worth a look */
    bool po_box_normal; /* a post office box is the usual postal address there */
    uint8_t required;   /* enum xd_postal_part */
    uint8_t used;
    enum xd_postal_need need;
    enum xd_postal_area area;
    uint8_t shape_count;
    const struct xd_postal_shape *shapes;
    const struct xd_postal_form *forms; /* one for each shape */
    struct xd_slice
        pattern; /* PCRE2, of the canonical form, whole match; empty when none is published */
    struct xd_slice example;
    struct xd_slice
        strip; /* words that senders write in front, FROM or FROM>TO, separated by blanks */
    struct xd_slice postal_name;
    struct xd_slice region_name;
    struct xd_slice city_name;
    struct xd_slice languages; /* BCP 47, separated by blanks */
    uint32_t scripts;          /* bits of enum xd_script that addresses there use besides Latin */
};

/* Scripts that are told apart in addresses. Bit numbers. */
enum xd_script {
    XD_SCRIPT_LATN,
    XD_SCRIPT_CYRL,
    XD_SCRIPT_GREK,
    XD_SCRIPT_ARAB,
    XD_SCRIPT_HEBR,
    XD_SCRIPT_HANI, /* and the kana and hangul that stand beside it share one address: Kana, Hang
                       below */
    XD_SCRIPT_KANA,
    XD_SCRIPT_HANG,
    XD_SCRIPT_THAI,
    XD_SCRIPT_ARMN,
    XD_SCRIPT_GEOR,
    XD_SCRIPT_ETHI,
    XD_SCRIPT_INDI, /* any Brahmic script of the subcontinent */
    XD_SCRIPT_KHMR,
    XD_SCRIPT_LAOO,
    XD_SCRIPT_MYMR,
    XD_SCRIPT_TIBT,
    XD_SCRIPT_OTHER,
    XD_SCRIPT_COUNT,
};

struct xd_postal_rules {
    const struct xd_countries *countries;
    struct xd_postal_rule of[XD_COUNTRY_MAX]; /* by country index */
    struct xd_map areas;                      /* "GBSW", "IED02" */
    uint64_t *area_bits[XD_COUNTRY_MAX];      /* those of one to three characters; NULL: none */
};

/* Loads reference/postal.tsv and reference/postal_areas.tsv. */
bool xd_postal_rules_load(struct xd_postal_rules *rules, const struct xd_countries *countries,
                          const struct xd_tables *tables, struct xd_arena *arena,
                          struct xd_error *err);

#define XD_AREA_BITS (37 * 37 * 37) /* none, a digit or a letter, three times */

/* The bit of an area of up to three characters. */
static inline size_t
xd_area_bit(const uint8_t *codes, size_t len)
{
    size_t bit = 0;

    for (size_t i = 0; i < 3; i++) {
        bit = bit * 37 + (i < len ? codes[i] + 1U : 0U);
    }
    return bit;
}

/* 0-9 for digits, 10-35 for A-Z and a-z, 0xff for anything else. */
uint8_t xd_postal_code_of(char c);

#endif
