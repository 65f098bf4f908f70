/*
 * The coupon codes of North America are little languages: a digit tells how long the next field is,
 * and further digits announce optional fields. They are read field by field from one table, so that
 * the order of the guideline (GS1 US, North American Coupon Application Guideline) can be seen in
 * it.
 */
#include "base/date.h"
#include "check/gs1_rule.h"

enum field_kind {
    COUNTED,        /* a digit low..high, then that many digits and `extra` more */
    PREFIX_OR_NONE, /* the same, or 9 for nothing */
    CODE,           /* one digit out of `allowed` */
    DIGITS,         /* `extra` digits */
    DATE,           /* YYMMDD */
};

struct field {
    enum field_kind kind;
    char low;
    char high;
    uint8_t extra;
    const char *allowed;
    const char *expected;
};

struct optional_field {
    char mark; /* the digit that announces it */
    uint8_t count;
    struct field field[5];
};

struct reader {
    struct xd_slice value;
    size_t at;
    struct xd_span *bad;
};

static const struct field COUPON[] = {
    {COUNTED, '0', '6', 6, NULL, "a company prefix of the length told before it"},
    {DIGITS, 0, 0, 6, NULL, "an offer code of six digits"},
    {COUNTED, '1', '5', 0, NULL, "a save value of the length told before it"},
    {COUNTED, '1', '5', 0, NULL, "a purchase requirement of the length told before it"},
    {CODE, 0, 0, 0, "012349", "a purchase requirement code 0 to 4 or 9"},
    {DIGITS, 0, 0, 3, NULL, "a family code of three digits"},
};

static const struct optional_field OPTIONAL[] = {
    {'1',
     5,
     {{CODE, 0, 0, 0, "0123", "an additional purchase rules code 0 to 3"},
      {COUNTED, '1', '5', 0, NULL, "a second purchase requirement of the length told before it"},
      {CODE, 0, 0, 0, "012349", "a second purchase requirement code 0 to 4 or 9"},
      {DIGITS, 0, 0, 3, NULL, "a second family code of three digits"},
      {PREFIX_OR_NONE, '0', '6', 6, NULL, "a second company prefix, or 9"}}},
    {'2',
     4,
     {{COUNTED, '1', '5', 0, NULL, "a third purchase requirement of the length told before it"},
      {CODE, 0, 0, 0, "012349", "a third purchase requirement code 0 to 4 or 9"},
      {DIGITS, 0, 0, 3, NULL, "a third family code of three digits"},
      {PREFIX_OR_NONE, '0', '6', 6, NULL, "a third company prefix, or 9"}}},
    {'3', 1, {{DATE, 0, 0, 6, NULL, "an expiration date YYMMDD"}}},
    {'4', 1, {{DATE, 0, 0, 6, NULL, "a start date YYMMDD"}}},
    {'5', 1, {{COUNTED, '0', '9', 6, NULL, "a serial number of the length told before it"}}},
    {'6', 1, {{COUNTED, '1', '7', 6, NULL, "a retailer prefix of the length told before it"}}},
    {'9',
     4,
     {{CODE, 0, 0, 0, "01256", "a save value code 0, 1, 2, 5 or 6"},
      {CODE, 0, 0, 0, "012", "the item 0 to 2 that the save value applies to"},
      {DIGITS, 0, 0, 1, NULL, "a store coupon flag"},
      {CODE, 0, 0, 0, "01", "a multiplication flag 0 or 1"}}},
};

static const struct field OFFER[] = {
    {CODE, 0, 0, 0, "01", "a format code 0 or 1"},
    {COUNTED, '0', '6', 6, NULL, "a funder of the length told before it"},
    {DIGITS, 0, 0, 6, NULL, "an offer code of six digits"},
    {COUNTED, '0', '9', 6, NULL, "a serial number of the length told before it"},
};

static const char *
fail(struct reader *reader, size_t off, size_t len, const char *expected)
{
    *reader->bad = (struct xd_span){(uint32_t)off, (uint32_t)len};
    return expected;
}

static const char *
take_digits(struct reader *reader, size_t count, const char *expected)
{
    size_t left = reader->value.len - reader->at;

    if (left < count) {
        return left ? fail(reader, reader->at, left, expected)
                    : fail(reader, 0, reader->value.len, expected);
    }
    reader->at += count;
    return NULL;
}

static const char *
take_date(struct reader *reader, const char *expected)
{
    size_t at = reader->at;
    const char *wrong = take_digits(reader, 6, expected);

    if (wrong) {
        return wrong;
    }
    const char *p = reader->value.ptr + at;
    int year = 2000 + (p[0] - '0') * 10 + (p[1] - '0');
    int month = (p[2] - '0') * 10 + (p[3] - '0');
    int day = (p[4] - '0') * 10 + (p[5] - '0');
    xd_date date;
    return xd_date_make(year, month, day, &date) ? NULL : fail(reader, at, 6, expected);
}

static const char *
take_field(struct reader *reader, const struct field *field)
{
    if (field->kind == DIGITS) {
        return take_digits(reader, field->extra, field->expected);
    }
    if (field->kind == DATE) {
        return take_date(reader, field->expected);
    }
    if (reader->at == reader->value.len) {
        return fail(reader, 0, reader->value.len, field->expected);
    }
    char c = reader->value.ptr[reader->at];
    if (field->kind == CODE) {
        if (!strchr(field->allowed, c)) {
            return fail(reader, reader->at, 1, field->expected);
        }
        reader->at++;
        return NULL;
    }
    if (field->kind == PREFIX_OR_NONE && c == '9') {
        reader->at++;
        return NULL;
    }
    if (c < field->low || c > field->high) {
        return fail(reader, reader->at, 1, field->expected);
    }
    reader->at++;
    return take_digits(reader, (size_t)(c - '0') + field->extra, field->expected);
}

static const char *
take_fields(struct reader *reader, const struct field *fields, size_t count)
{
    const char *wrong = NULL;

    for (size_t i = 0; i < count && !wrong; i++) {
        wrong = take_field(reader, &fields[i]);
    }
    return wrong;
}

static const char *
all_digits(struct reader *reader)
{
    for (size_t i = 0; i < reader->value.len; i++) {
        if (!xd_is_digit(reader->value.ptr[i])) {
            return fail(reader, i, 1, "a digit");
        }
    }
    return NULL;
}

const char *
xd_gs1_coupon(struct xd_slice value, struct xd_span *bad)
{
    struct reader reader = {value, 0, bad};
    const char *wrong = all_digits(&reader);

    wrong = wrong ? wrong : take_fields(&reader, COUPON, sizeof(COUPON) / sizeof(COUPON[0]));
    /* each optional field at most once, in the order of its mark */
    for (size_t i = 0; i < sizeof(OPTIONAL) / sizeof(OPTIONAL[0]) && !wrong; i++) {
        if (reader.at < value.len && value.ptr[reader.at] == OPTIONAL[i].mark) {
            reader.at++;
            wrong = take_fields(&reader, OPTIONAL[i].field, OPTIONAL[i].count);
        }
    }
    if (!wrong && reader.at < value.len) {
        return fail(&reader, reader.at, value.len - reader.at, "nothing behind the last field");
    }
    return wrong;
}

const char *
xd_gs1_coupon_offer(struct xd_slice value, struct xd_span *bad)
{
    struct reader reader = {value, 0, bad};
    const char *wrong = all_digits(&reader);

    wrong = wrong ? wrong : take_fields(&reader, OFFER, sizeof(OFFER) / sizeof(OFFER[0]));
    if (!wrong && reader.at < value.len) {
        return fail(&reader, reader.at, value.len - reader.at, "nothing behind the serial number");
    }
    return wrong;
}
