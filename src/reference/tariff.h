/*
 * Duty rates: which expression applies to a code, an origin and a day in a market, one for each
 * measure. Codes are digit strings (leading zeros count); a rate hangs on any ancestor of a code
 * and the longest one wins. Measures and how they displace each other are a table of their own,
 * because trade policy invents them faster than programs are released.
 */
#ifndef XD_REFERENCE_TARIFF_H
#define XD_REFERENCE_TARIFF_H

#include "reference/market.h"
#include "reference/rate_expression.h"

#define XD_MEASURES_MAX  32
#define XD_RATE_ROW_NONE UINT32_MAX

enum xd_measure_kind {
    XD_MEASURE_BASE,       /* what every origin pays: third-country duty, MFN, column 1 */
    XD_MEASURE_PREFERENCE, /* in its place, by origin and with proof */
    XD_MEASURE_ADDITIONAL, /* on top */
    XD_MEASURE_BAN,        /* no duty: the goods may not enter */
    XD_MEASURE_LISTED,     /* due on goods of a list that is not held: told, not charged */
};

struct xd_measure {
    struct xd_slice name; /* "mfn", "s301-fl" */
    enum xd_measure_kind kind;
    uint32_t displaced_by;        /* bits of the measures beside which this one is not charged */
    struct xd_slice exempt_claim; /* a claimed preference of this name lifts it: "USMCA" */
    struct xd_slice aliases;      /* other names in tariff files, separated by "|" */
    struct xd_slice title;
};

struct xd_measures {
    struct xd_measure of[XD_MEASURES_MAX]; /* in stacking order */
    size_t count;
};

struct xd_tariff_row {
    uint64_t code; /* digits of four bits, each one more than its value, from the top */
    xd_alpha market;
    xd_alpha origin; /* 0: any; may be a group such as EU */
    xd_date from;
    xd_date until;      /* inclusive */
    int32_t priority;   /* among rows that match equally well the highest counts */
    uint8_t digits;     /* of the code */
    uint8_t measure;    /* index in the measure table */
    uint8_t confidence; /* enum xd_confidence */
    bool bundled;       /* of the tables inside the program: indicative */
    struct xd_rate_expression rate;
    struct xd_slice text; /* the expression as written */
    struct xd_slice id;   /* "GB/6109/mfn" */
    struct xd_slice source;
    struct xd_slice source_date;
};

struct xd_tariff {
    struct xd_tariff_row *rows; /* sorted by market, code, origin, measure, first day */
    size_t count;
    struct xd_measures measures;
    struct xd_tariff_slot {
        uint64_t code;
        xd_alpha market;
        xd_alpha origin;
        uint32_t row; /* the first of the three, or XD_RATE_ROW_NONE */
    } * slots;        /* private: open addressing on market, code and origin */
    size_t mask;
    struct xd_tariff_span {
        xd_alpha market;
        uint16_t lengths; /* bit n: rows with n digits exist */
        bool origins;     /* rows of single origins exist */
        bool by_origin;   /* an additional duty depends on the origin */
        uint32_t first;
        uint32_t count;
    } * spans; /* private: the rows of each market */
    size_t span_count;
};

/*
 * Loads the measure table, then the rows of `given` (an operator's table, may be empty; columns
 * market, hs_code, origin, valid_from, valid_until, measure, expression, priority and, where there,
 * source, source_date, confidence), then the bundled tables. A market and measure that `given`
 * speaks of is taken from it alone.
 */
bool xd_tariff_load(struct xd_tariff *tariff, const struct xd_tables *tables, struct xd_slice given,
                    const char *given_name, struct xd_error *err);

/* The bits of the measures named in `names`, parted by blanks. False when there is none of a name.
 */
bool xd_measures_bits(const struct xd_measures *measures, struct xd_slice names, uint32_t *out);

struct xd_tariff_query {
    xd_alpha market;
    uint64_t code;  /* xd_hs_pack */
    uint8_t digits; /* of the code; 0 when it is not known */
    xd_alpha origin;
    xd_alpha origin_group; /* EU for a member state; 0 none */
    xd_date date;
};

/* The row that applies for each measure, or NULL; a bit for each that applies. */
struct xd_tariff_hit {
    const struct xd_tariff_row *of[XD_MEASURES_MAX];
    uint32_t found;
    bool known;     /* the market has a tariff at all */
    bool by_origin; /* an additional duty of this market depends on the origin */
};

/* Private to the tariff files: where the probing for a code begins. */
static inline uint64_t
xd_tariff_hash(xd_alpha market, uint64_t code, xd_alpha origin)
{
    uint64_t h = (code >> 16 ^ (uint64_t)market << 32 ^ origin) * 0x9E3779B97F4A7C15ULL;

    return h >> 32;
}

void xd_tariff_find(const struct xd_tariff *tariff, const struct xd_tariff_query *query,
                    struct xd_tariff_hit *hit);

/*
 * The rows whose codes begin with the first `digits` digits of the code (0: all rows of the
 * market): what an unknown code might be charged. Rows *first .. *first + *count - 1 of the table;
 * dates and measures are the caller's to test. False when the market has no rows.
 */
bool xd_tariff_neighbours(const struct xd_tariff *tariff, xd_alpha market, uint64_t code,
                          size_t digits, size_t *first, size_t *count);

#endif
