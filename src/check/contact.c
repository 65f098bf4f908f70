/*
 * A number is stripped of what people write for the eye and rebuilt as E.164. Only its shape is
 * checked: whether it is assigned is the operators' knowledge.
 */
#include "check/contact.h"

#include "base/bytes.h"
#include "base/utf8.h"
#include "reference/address_word.h"

#define DIGITS_MAX 15 /* ITU-T E.164, 6.2 */
#define DIGITS_MIN                                                                                 \
    6 /* of a national number without its trunk prefix: small islands have no more                 \
       */
#define EMAIL_MAX       254
#define EMAIL_LOCAL_MAX 64
#define EMAIL_LABEL_MAX 63

/* Digits of a number and where they stood. */
struct dialled {
    char digits[32];
    size_t count;
    bool international;
};

static bool
is_phone_filler(char c)
{
    return c == ' ' || c == '-' || c == '.' || c == '/' || c == '(' || c == ')' || c == '\t';
}

/* "+44 (0)20": the trunk prefix in brackets is for callers at home. */
static bool
is_trunk_at(struct xd_slice text, size_t at)
{
    return xd_slice_eq(xd_slice_sub(text, at, 3), XD_LIT("(0)"));
}

/* "00" in front of a number is what most of the world dials for the "+". */
static void
read_prefix(struct dialled *out)
{
    if (!out->international && out->count > 2 && memcmp(out->digits, "00", 2) == 0) {
        out->international = true;
        out->count -= 2;
        memmove(out->digits, out->digits + 2, out->count);
    }
}

/* False when a character is neither digit nor filler, or there are far too many; *bad is where. */
static bool
read_digits(struct xd_slice text, struct dialled *out, size_t *bad)
{
    size_t first = text.len > 1 && text.ptr[0] == '\''; /* a spreadsheet's mark of text */
    size_t step;

    out->count = 0;
    out->international = false;
    for (size_t at = first; at < text.len; at += step) {
        char c = text.ptr[at];
        step = 1;
        if ((unsigned char)c >= 0x80) {
            c = xd_utf8_narrow(text, at, &step);
        }
        if (xd_is_digit(c) && out->count < sizeof(out->digits)) {
            out->digits[out->count++] = c;
        } else if (out->international && is_trunk_at(text, at)) {
            step = 3;
        } else if (c == '+' && at == first) {
            out->international = true;
        } else if (!is_phone_filler(c)) {
            *bad = at;
            return false;
        }
    }
    *bad = 0;
    read_prefix(out);
    return true;
}

bool
xd_phone_is_e164(struct xd_slice text, struct xd_phone *phone)
{
    struct xd_bytes16 bytes;

    if (text.len < DIGITS_MIN + 2 || text.len > DIGITS_MAX + 1 || text.ptr[0] != '+' ||
        text.ptr[1] == '0') {
        return false;
    }
    bytes = xd_bytes16(text);
    if ((xd_lanes_within(xd_lanes_of(bytes), '0', 10) | 1) != xd_bytes_all(text.len)) {
        return false;
    }
    memcpy(phone->text, &bytes.low, 8);
    memcpy(phone->text + 8, &bytes.high, 8);
    phone->len = (uint8_t)text.len;
    phone->span = (struct xd_span){0, (uint32_t)text.len};
    return true;
}

static void
put(struct xd_phone *phone, struct xd_slice text)
{
    size_t room = XD_PHONE_TEXT - phone->len;
    size_t len = text.len < room ? text.len : room;

    if (len) {
        memcpy(phone->text + phone->len, text.ptr, len);
    }
    phone->len = (uint8_t)(phone->len + len);
}

/* The national digits behind the country code; the caller wrote the code or none was missing. */
static bool
put_national(const struct xd_calling_code *code, struct xd_slice digits, struct xd_phone *phone)
{
    if (code->trunk.len && xd_slice_starts(digits, code->trunk)) {
        digits = xd_slice_sub(digits, code->trunk.len, SIZE_MAX);
    }
    if (digits.len < DIGITS_MIN || digits.len + code->code.len > DIGITS_MAX) {
        return false;
    }
    if (code->code.len) {
        put(phone, XD_LIT("+"));
    }
    put(phone, code->code);
    put(phone, digits);
    return true;
}

bool
xd_phone_check(const struct xd_calling_codes *codes, uint16_t country, struct xd_slice written,
               struct xd_phone *phone)
{
    static const struct xd_calling_code NO_CODE = {{NULL, 0}, {NULL, 0}};
    struct xd_slice text = xd_slice_trim(written);
    struct dialled dialled;
    struct xd_slice digits;
    size_t bad = 0;

    phone->len = 0;
    phone->span = (struct xd_span){0, (uint32_t)written.len};
    if (!read_digits(text, &dialled, &bad)) {
        bad += (size_t)(text.ptr - written.ptr);
        phone->span = (struct xd_span){(uint32_t)bad, (uint32_t)(written.len - bad)};
        return false;
    }
    digits = xd_slice_of(dialled.digits, dialled.count);
    if (!dialled.international) {
        return put_national(country < XD_COUNTRY_MAX ? &codes->of[country] : &NO_CODE, digits,
                            phone);
    }
    if (digits.len < DIGITS_MIN + 1 || digits.len > DIGITS_MAX || digits.ptr[0] == '0') {
        return false;
    }
    put(phone, XD_LIT("+"));
    put(phone, digits);
    return true;
}

enum {
    MAIL_LETTER = 1, /* and everything beyond ASCII */
    MAIL_DIGIT = 2,
    MAIL_SIGN = 4, /* RFC 5322 atext without letters and digits */
};

static inline unsigned
mail_kind(char c)
{
    /* One bit for each of "!#$%&'*+-/=?^_`{|}~", by the code of the character. */
    static const uint64_t SIGNS[2] = {0xa000acfa00000000u, 0x78000001c0000000u};
    unsigned char code = (unsigned char)c;
    uint8_t index = XD_LETTER_INDEX[code];

    if (index != 0xff) {
        return index < 10 ? MAIL_DIGIT : MAIL_LETTER;
    }
    if (code >= 0x80) {
        return MAIL_LETTER;
    }
    return (SIGNS[code / 64] >> (code % 64)) & 1 ? MAIL_SIGN : 0;
}

static bool
check_local(struct xd_slice local, size_t *bad)
{
    char before = '.';

    for (size_t i = 0; i < local.len; i++) {
        char c = local.ptr[i];
        if (c == '.' ? before == '.' : !mail_kind(c)) {
            *bad = i;
            return false;
        }
        before = c;
    }
    *bad = local.len && before == '.' ? local.len - 1 : 0;
    return before != '.' && local.len <= EMAIL_LOCAL_MAX;
}

/* What is known of a domain up to the character that was just read. */
struct domain {
    size_t label;  /* where the last label starts */
    size_t labels; /* with the last */
    bool letter;   /* the last label is more than a number */
    char before;
};

/* Labels are letters, digits and inner hyphens, 63 at most. */
static inline bool
read_domain_char(struct domain *d, char c, size_t at)
{
    if (c == '.') {
        if (d->before == '.' || d->before == '-') {
            return false;
        }
        d->labels++;
        d->label = at + 1;
        d->letter = false;
    } else if (c == '-') {
        if (d->before == '.') {
            return false;
        }
    } else {
        unsigned kind = mail_kind(c) & ~(unsigned)MAIL_SIGN;
        if (!kind) {
            return false;
        }
        d->letter |= kind == MAIL_LETTER;
    }
    d->before = c;
    return c == '.' || at - d->label < EMAIL_LABEL_MAX;
}

/* Two labels at least, the last of them more than a number and more than one character. */
static bool
check_domain(struct xd_slice domain, size_t *bad)
{
    struct domain d = {0, 1, false, '.'};

    for (size_t i = 0; i < domain.len; i++) {
        if (!read_domain_char(&d, domain.ptr[i], i)) {
            *bad = i;
            return false;
        }
    }
    *bad = d.label < domain.len ? d.label : domain.len ? domain.len - 1 : 0;
    return d.labels > 1 && d.letter && domain.len - d.label > 1 && d.before != '-';
}

/* What a mail address is made of, a bit for each byte. */
struct mail_bits {
    uint64_t plain; /* letters and digits */
    uint64_t ats;
    uint64_t dots;
    uint64_t hyphens;
};

static inline void
add_mail_bits(struct mail_bits *to, xd_lanes block, size_t at)
{
    to->plain |= xd_lanes_plain(block) << at;
    to->ats |= xd_lanes_equal(block, '@') << at;
    to->dots |= xd_lanes_equal(block, '.') << at;
    to->hyphens |= xd_lanes_equal(block, '-') << at;
}

static inline struct mail_bits
mail_bits(struct xd_slice text)
{
    struct mail_bits bits = {0};
    xd_lanes first = text.len > 16 ? xd_lanes_load(text.ptr) : xd_lanes_of(xd_bytes16(text));

    add_mail_bits(&bits, first, 0);
    if (text.len <= 16) {
        return bits;
    }
    for (size_t at = 16; at + 16 < text.len; at += 16) {
        add_mail_bits(&bits, xd_lanes_load(text.ptr + at), at);
    }
    add_mail_bits(&bits, xd_lanes_load(text.ptr + text.len - 16), text.len - 16);
    return bits;
}

/* Are all bytes known ones? Local parts may have an underscore or a plus as well. */
static inline bool
is_of_mail(struct xd_slice text, const struct mail_bits *bits)
{
    uint64_t others =
        xd_bytes_all(text.len) & ~(bits->plain | bits->ats | bits->dots | bits->hyphens);

    return !others || !((others & ~(bits->ats - 1)) |
                        (others & ~(xd_bytes_equal(text, '_') | xd_bytes_equal(text, '+'))));
}

/*
 * Nearly all addresses are ASCII with one @, single dots between words, and a letter at the end:
 * the rules are then a few questions to the bits.
 */
bool
xd_email_is_plain(struct xd_slice text, uint64_t *plain)
{
    struct mail_bits bits;
    uint64_t borders;
    uint64_t domain;
    uint64_t inner;

    if (text.len < 5 || text.len > XD_BYTES_MAX || !xd_is_alpha(text.ptr[text.len - 1])) {
        return false;
    }
    bits = mail_bits(text);
    *plain = bits.plain;
    borders = bits.ats | bits.dots;
    if (!bits.ats || (bits.ats & (bits.ats - 1)) || !is_of_mail(text, &bits)) {
        return false;
    }
    domain = ~(bits.ats | (bits.ats - 1));
    inner = bits.hyphens & domain; /* stands within a label only */
    return !(borders & (borders << 1 | 1)) && !(inner & (borders << 1 | borders >> 1)) &&
           (bits.dots & domain) && !((borders >> (text.len - 2)) & 1);
}

bool
xd_email_check(struct xd_slice written, struct xd_span *span)
{
    struct xd_slice text = xd_slice_trim(written);
    size_t lead = text.len ? (size_t)(text.ptr - written.ptr) : 0;
    struct xd_slice domain;
    size_t bad = 0;
    size_t at;

    *span = (struct xd_span){(uint32_t)lead, (uint32_t)text.len};
    at = xd_slice_find(text, '@');
    domain = xd_slice_sub(text, at + 1, SIZE_MAX);
    if (at == text.len || text.len > EMAIL_MAX) {
        return false;
    }
    if (!check_local(xd_slice_sub(text, 0, at), &bad)) {
        *span = (struct xd_span){(uint32_t)(lead + bad), (uint32_t)(at - bad)};
        return false;
    }
    if (domain.len == 0) {
        return false;
    }
    if (!check_domain(domain, &bad)) {
        *span = (struct xd_span){(uint32_t)(lead + at + 1 + bad), (uint32_t)(domain.len - bad)};
        return false;
    }
    return true;
}
