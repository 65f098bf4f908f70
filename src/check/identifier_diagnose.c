/*
 * A hub worker who reads "invalid" scans again; one who reads "character 5 is the letter O"
 * corrects the manifest. The reasons are tried from the certain to the vague: what a spreadsheet
 * does to numbers, what eyes and keyboards do to them, then the check character, then the bare
 * shape.
 */
#include "check/identifier_diagnose.h"

#define ZEROS_MAX    6  /* leading zeros that may be lost and still be guessed */
#define SHEET_DIGITS 15 /* that a spreadsheet keeps of a number (IEEE 754 double) */
#define LENGTH_SLIP  2  /* characters that a slip of the hand drops or doubles */
#define PAIRS_NAMED  3  /* swaps that a diagnosis spells out */
/* Zeros at the end that explain a wrong number, and those that prove a right one wrong: one damaged
 * number in ten has a right check digit, one honest number in 100,000 ends so. */
#define ROUNDED_PERHAPS     3
#define ROUNDED_FOR_CERTAIN 5

/* 9.4E+21, 9,40012E21: a mantissa, E, an exponent. */
static bool
is_scientific(struct xd_slice raw)
{
    struct xd_slice s = xd_slice_trim(raw);
    size_t i = s.len && (s.ptr[0] == '-' || s.ptr[0] == '+');
    size_t digits = 0;
    bool point = false;

    for (; i < s.len && (xd_is_digit(s.ptr[i]) || s.ptr[i] == '.' || s.ptr[i] == ','); i++) {
        digits += xd_is_digit(s.ptr[i]);
        point |= !xd_is_digit(s.ptr[i]);
    }
    if (digits == 0 || i + 1 >= s.len || (s.ptr[i] | 0x20) != 'e') {
        return false;
    }
    bool sign = s.ptr[i + 1] == '+' || s.ptr[i + 1] == '-';
    struct xd_slice exponent = xd_slice_sub(s, i + 1 + sign, SIZE_MAX);
    return (point || sign) && exponent.len <= 3 && xd_slice_digits(exponent);
}

/* Digits behind the last one that a spreadsheet keeps, when there are any and all are zeros; 0. */
static size_t
rounded_digits(struct xd_slice text)
{
    if (text.len <= SHEET_DIGITS || !xd_slice_digits(text)) {
        return 0;
    }
    for (size_t i = SHEET_DIGITS; i < text.len; i++) {
        if (text.ptr[i] != '0') {
            return 0;
        }
    }
    return text.len - SHEET_DIGITS;
}

static void
say_rounded(const struct xd_clean *clean, struct xd_diagnosis *out)
{
    xd_diagnose(out, XD_F_IDENTIFIER_ROUNDED, 0, 0, "The digits from the %dth on are zeros.",
                SHEET_DIGITS + 1);
    out->span = xd_clean_span(clean, SHEET_DIGITS, clean->text.len);
}

bool
xd_diagnose_rounded(const struct xd_clean *clean, struct xd_diagnosis *out)
{
    if (clean->text.ptr[0] == '0' || rounded_digits(clean->text) < ROUNDED_FOR_CERTAIN) {
        return false;
    }
    say_rounded(clean, out);
    return true;
}

bool
xd_diagnose_damage(const struct xd_clean *clean, struct xd_diagnosis *out)
{
    if (clean->text.len == 0) {
        xd_diagnose(out, XD_F_IDENTIFIER_MALFORMED, 0, clean->raw.len, "The value is empty.");
        return true;
    }
    if (is_scientific(clean->raw)) {
        xd_diagnose(out, XD_F_IDENTIFIER_SCIENTIFIC, 0, clean->raw.len,
                    "The digits behind the first few are gone.");
        return true;
    }
    if (rounded_digits(clean->text) >= ROUNDED_PERHAPS) {
        say_rounded(clean, out);
        return true;
    }
    return false;
}

/* The character that is mistaken for `c` most often, or 0. */
static char
look_alike(char c)
{
    switch (c) {
    case 'O':
        return '0';
    case 'I':
    case 'L':
        return '1';
    case '0':
        return 'O';
    case '1':
        return 'I';
    default:
        return '\0';
    }
}

/* Puts every character right that does not fit and whose look-alike does. False when one is left.
 */
static bool
repair_misfits(const struct xd_identifiers *ids, const struct xd_shape *shape, char *text,
               size_t len)
{
    for (size_t i = 0; i < len; i++) {
        uint64_t symbols = xd_shape_symbols(shape, i, len);
        char other = look_alike(text[i]);
        if (symbols >> ids->symbol[(unsigned char)text[i]] & 1) {
            continue;
        }
        if (!other || !(symbols >> ids->symbol[(unsigned char)other] & 1)) {
            return false;
        }
        text[i] = other;
    }
    return true;
}

/* Reads the one letter O, I or L as a digit that makes the check character right. False when there
 * is none, or more than one. */
static bool
repair_letter(const struct xd_identifiers *ids, const struct xd_shape *shape, char *text,
              size_t len)
{
    size_t found = 0;
    size_t at = 0;

    for (size_t i = 0; i < len; i++) {
        char was = text[i];
        char other = xd_is_upper(was) ? look_alike(was) : '\0';
        if (!other) {
            continue;
        }
        text[i] = other;
        if (xd_shape_valid(ids, shape, xd_slice_of(text, len))) {
            at = i;
            found++;
        }
        text[i] = was;
    }
    text[at] = found == 1 ? look_alike(text[at]) : text[at];
    return found == 1;
}

/* Reads every letter O, I and L as a digit: whoever types one types them all. */
static bool
repair_letters(const struct xd_identifiers *ids, const struct xd_shape *shape, char *text,
               size_t len)
{
    for (size_t i = 0; i < len; i++) {
        char other = xd_is_upper(text[i]) ? look_alike(text[i]) : '\0';
        uint64_t digit = other ? xd_shape_symbols(shape, i, len) & XD_SYMBOLS_DIGIT : 0;
        text[i] = digit ? other : text[i];
    }
    return xd_shape_valid(ids, shape, xd_slice_of(text, len));
}

/* `text` is the right number: names the first character that it has otherwise, and underlines up to
 * the last. */
static void
say_look_alike(const struct xd_clean *clean, const char *text, struct xd_diagnosis *out)
{
    size_t first = 0;
    size_t last = clean->text.len - 1;

    while (clean->text.ptr[first] == text[first]) {
        first++;
    }
    while (clean->text.ptr[last] == text[last]) {
        last--;
    }
    char was = clean->text.ptr[first];
    const char *kind = xd_is_digit(was) ? "digit" : "letter";
    if (first < last) {
        xd_diagnose(out, XD_F_IDENTIFIER_LOOK_ALIKE, 0, 0,
                    "Character %zu is the %s %c, and there are more; right is %.*s.", first + 1,
                    kind, was, (int)clean->text.len, text);
    } else {
        xd_diagnose(out, XD_F_IDENTIFIER_LOOK_ALIKE, 0, 0,
                    "Character %zu is the %s %c; with the %s %c the number is right.", first + 1,
                    kind, was, xd_is_digit(text[first]) ? "digit" : "letter", text[first]);
    }
    out->span = xd_clean_span(clean, first, last + 1);
}

bool
xd_diagnose_look_alike(const struct xd_identifiers *ids, const struct xd_shape *shape,
                       const struct xd_clean *clean, struct xd_diagnosis *out)
{
    char text[XD_CLEAN_MAX];
    size_t len = clean->text.len;

    if (len < shape->shortest || len > shape->longest) {
        return false;
    }
    memcpy(text, clean->text.ptr, len);
    if (!repair_misfits(ids, shape, text, len)) {
        return false;
    }
    bool right = xd_shape_valid(ids, shape, xd_slice_of(text, len)) ||
                 (shape->checks > 0 &&
                  (repair_letter(ids, shape, text, len) || repair_letters(ids, shape, text, len)));
    if (!right || memcmp(text, clean->text.ptr, len) == 0) {
        return false;
    }
    say_look_alike(clean, text, out);
    return true;
}

/* Zeros missing in front: true when putting them back makes the number right. */
static bool
lost_zeros(const struct xd_identifiers *ids, const struct xd_shape *shape,
           const struct xd_clean *clean, struct xd_diagnosis *out)
{
    char text[XD_CLEAN_MAX + ZEROS_MAX];

    /* whoever drops leading zeros drops all of them */
    if (shape->checks == 0 || clean->text.len >= shape->shortest || clean->cut ||
        clean->text.ptr[0] == '0') {
        return false;
    }
    for (size_t zeros = 1; zeros <= ZEROS_MAX; zeros++) {
        struct xd_slice padded = {text, clean->text.len + zeros};
        memset(text, '0', zeros);
        memcpy(text + zeros, clean->text.ptr, clean->text.len);
        if (padded.len <= XD_CLEAN_MAX && xd_shape_valid(ids, shape, padded)) {
            xd_diagnose(out, XD_F_IDENTIFIER_LOST_ZEROS, 0, clean->raw.len,
                        "With %zu in front it is right: %.*s.", zeros, XD_FMT(padded));
            return true;
        }
    }
    return false;
}

/* Does a text whose other characters fit the shape fit it at these two as well? */
static bool
pair_fits(const struct xd_identifiers *ids, const struct xd_shape *shape, struct xd_slice text,
          size_t at)
{
    uint64_t first = xd_shape_symbols(shape, at, text.len);
    uint64_t second = xd_shape_symbols(shape, at + 1, text.len);

    return (first >> ids->symbol[(unsigned char)text.ptr[at]] & 1) &&
           (second >> ids->symbol[(unsigned char)text.ptr[at + 1]] & 1) &&
           (shape->excluded.len == 0 || !xd_slice_starts(text, shape->excluded));
}

/* The places where two neighbours, swapped, make the check character right: how many there are, the
 * first PAIRS_NAMED of them in `pairs`. */
static size_t
swapped_pairs(const struct xd_identifiers *ids, const struct xd_shape *shape, struct xd_slice text,
              size_t *pairs)
{
    char copy[XD_CLEAN_MAX];
    size_t count = 0;

    memcpy(copy, text.ptr, text.len);
    for (size_t i = 0; i + 1 < text.len; i++) {
        if (copy[i] == copy[i + 1]) {
            continue;
        }
        copy[i] = text.ptr[i + 1];
        copy[i + 1] = text.ptr[i];
        if (pair_fits(ids, shape, xd_slice_of(copy, text.len), i) &&
            xd_shape_wrong_check(shape, xd_slice_of(copy, text.len)) == shape->checks) {
            if (count < PAIRS_NAMED) {
                pairs[count] = i + 1;
            }
            count++;
        }
        copy[i] = text.ptr[i];
        copy[i + 1] = text.ptr[i + 1];
    }
    return count;
}

/* " Or characters 3 and 4 are swapped.": the commonest slip of a hand besides a wrong digit. */
static void
hint_swaps(const size_t *pairs, size_t count, struct xd_diagnosis *hint)
{
    hint->detail[0] = '\0';
    if (count == 1) {
        xd_diagnose(hint, XD_F_NONE, 0, 0, " Or characters %zu and %zu are swapped.", pairs[0],
                    pairs[0] + 1);
    } else if (count == 2) {
        xd_diagnose(hint, XD_F_NONE, 0, 0, " Or two are swapped: %zu and %zu, or %zu and %zu.",
                    pairs[0], pairs[0] + 1, pairs[1], pairs[1] + 1);
    } else if (count == PAIRS_NAMED) {
        xd_diagnose(hint, XD_F_NONE, 0, 0,
                    " Or two are swapped: %zu and %zu, %zu and %zu, or %zu and %zu.", pairs[0],
                    pairs[0] + 1, pairs[1], pairs[1] + 1, pairs[2], pairs[2] + 1);
    } else if (count > PAIRS_NAMED) {
        xd_diagnose(hint, XD_F_NONE, 0, 0,
                    " Or two neighbours are swapped, in one of %zu places from %zu and %zu on.",
                    count, pairs[0], pairs[0] + 1);
    }
}

void
xd_diagnose_check(const struct xd_identifiers *ids, const struct xd_shape *shape,
                  const struct xd_clean *clean, struct xd_diagnosis *out)
{
    size_t wrong = xd_shape_wrong_check(shape, clean->text);
    size_t at = xd_shape_place(shape->check[wrong].at, clean->text.len);
    size_t pairs[PAIRS_NAMED];
    struct xd_diagnosis hint;

    hint_swaps(pairs, swapped_pairs(ids, shape, clean->text, pairs), &hint);
    xd_diagnose(out, XD_F_IDENTIFIER_CHECK_DIGIT, 0, 0, "Character %zu must be %c, not %c.%s",
                at + 1, xd_shape_expected(shape, wrong, clean->text), clean->text.ptr[at],
                hint.detail);
    out->span = xd_clean_span(clean, at, at + 1);
}

/* What may stand in a place: words for the usual sets, else the characters themselves, as many as
 * `out` holds. */
static const char *
describe_symbols(uint64_t symbols, char *out, size_t size)
{
    static const char ALPHABET[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    uint64_t both = XD_SYMBOLS_DIGIT | XD_SYMBOLS_ALPHA;
    size_t len = 0;

    if (symbols == XD_SYMBOLS_DIGIT) {
        return "a digit";
    }
    if (symbols == XD_SYMBOLS_ALPHA) {
        return "a letter";
    }
    if ((symbols & both) == both) {
        return "a letter or digit";
    }
    for (size_t i = 0; i < sizeof(ALPHABET) - 1 && len + 2 < size; i++) {
        if (symbols >> i & 1) {
            if (len) {
                out[len++] = '/';
            }
            out[len++] = ALPHABET[i];
        }
    }
    out[len] = '\0';
    return out;
}

static void
say_misfit(const struct xd_shape *shape, const struct xd_clean *clean, size_t at,
           struct xd_diagnosis *out)
{
    char buffer[40];
    struct xd_span span = xd_clean_span(clean, at, at + 1);
    const char *expected =
        describe_symbols(xd_shape_symbols(shape, at, clean->text.len), buffer, sizeof(buffer));

    xd_diagnose(out, XD_F_IDENTIFIER_MALFORMED, 0, 0, "Character %zu must be %s, not \"%.*s\".",
                at + 1, expected, XD_FMT(xd_slice_sub(clean->raw, span.off, span.len)));
    out->span = span;
}

/* How many characters `text` has too many (positive) or too few (negative) for the nearest shape;
 * its length in *nearest. */
static int
length_off(const struct xd_identifiers *ids, const struct xd_scheme *scheme, size_t len,
           size_t *nearest)
{
    int best = 0;

    for (size_t i = 0; i < scheme->shapes; i++) {
        const struct xd_shape *shape = &ids->shapes[scheme->first_shape + i];
        int off = len > shape->longest    ? (int)len - shape->longest
                  : len < shape->shortest ? (int)len - shape->shortest
                                          : 0;
        if (i == 0 || (off < 0 ? -off : off) < (best < 0 ? -best : best)) {
            best = off;
            *nearest = off > 0 ? shape->longest : shape->shortest;
        }
    }
    return best;
}

static void
say_length(const struct xd_scheme *scheme, const struct xd_clean *clean, int off, size_t nearest,
           struct xd_diagnosis *out)
{
    enum xd_finding_code code = off > 0 ? XD_F_IDENTIFIER_TOO_LONG : XD_F_IDENTIFIER_TOO_SHORT;

    if (clean->cut) {
        xd_diagnose(out, code, 0, clean->raw.len, "%zu bytes, expected %zu for %.*s.",
                    clean->raw.len, nearest, XD_FMT(scheme->name));
        return;
    }
    xd_diagnose(out, code, 0, clean->raw.len, "%zu characters, expected %zu for %.*s.",
                clean->text.len, nearest, XD_FMT(scheme->name));
    if (off > 0) {
        out->span = xd_clean_span(clean, nearest, clean->text.len);
    }
}

/* A shape of the right length, the one that fits furthest; NULL when no length fits. */
static const struct xd_shape *
nearest_shape(const struct xd_identifiers *ids, const struct xd_scheme *scheme,
              const struct xd_clean *clean, size_t *misfit)
{
    const struct xd_shape *best = NULL;

    *misfit = 0;
    for (size_t i = 0; i < scheme->shapes; i++) {
        const struct xd_shape *shape = &ids->shapes[scheme->first_shape + i];
        size_t at;
        if (clean->text.len < shape->shortest || clean->text.len > shape->longest) {
            continue;
        }
        if (xd_shape_fits(ids, shape, clean->text, &at)) {
            *misfit = clean->text.len;
            return shape;
        }
        if (!best || at > *misfit) {
            best = shape;
            *misfit = at;
        }
    }
    return best;
}

/* True when the text, one or two characters more or fewer given, is the number of a shape of fixed
 * length: *nearest is that length. JJD and 15 digits is a short number, although JD and 16 digits
 * has its length. */
static bool
almost_whole(const struct xd_identifiers *ids, const struct xd_scheme *scheme, struct xd_slice text,
             size_t *nearest)
{
    for (size_t i = 0; i < scheme->shapes; i++) {
        const struct xd_shape *shape = &ids->shapes[scheme->first_shape + i];
        size_t len = shape->longest;
        size_t shared = len < text.len ? len : text.len;
        size_t at = 0;
        if (shape->shortest != len || len == text.len || len > text.len + LENGTH_SLIP ||
            text.len > len + LENGTH_SLIP) {
            continue;
        }
        while (at < shared &&
               (xd_shape_symbols(shape, at, len) >> ids->symbol[(unsigned char)text.ptr[at]] & 1)) {
            at++;
        }
        if (at == shared) {
            *nearest = len;
            return true;
        }
    }
    return false;
}

typedef bool (*repair_fn)(const struct xd_identifiers *, const struct xd_shape *,
                          const struct xd_clean *, struct xd_diagnosis *);

static bool
any_shape(const struct xd_identifiers *ids, const struct xd_scheme *scheme,
          const struct xd_clean *clean, repair_fn repair, struct xd_diagnosis *out)
{
    for (size_t i = 0; i < scheme->shapes; i++) {
        if (repair(ids, &ids->shapes[scheme->first_shape + i], clean, out)) {
            return true;
        }
    }
    return false;
}

void
xd_diagnose_scheme(const struct xd_identifiers *ids, const struct xd_scheme *scheme,
                   const struct xd_clean *clean, struct xd_diagnosis *out)
{
    size_t misfit;
    size_t nearest = 0;

    if (xd_diagnose_damage(clean, out) ||
        (!clean->cut && (any_shape(ids, scheme, clean, xd_diagnose_look_alike, out) ||
                         any_shape(ids, scheme, clean, lost_zeros, out)))) {
        return;
    }
    const struct xd_shape *shape = clean->cut ? NULL : nearest_shape(ids, scheme, clean, &misfit);
    if (shape && misfit < clean->text.len / 2 && almost_whole(ids, scheme, clean->text, &nearest)) {
        say_length(scheme, clean, (int)clean->text.len - (int)nearest, nearest, out);
    } else if (!shape) {
        int off = length_off(ids, scheme, clean->text.len, &nearest);
        say_length(scheme, clean, clean->cut ? 1 : off, nearest, out);
    } else if (misfit == clean->text.len) {
        xd_diagnose_check(ids, shape, clean, out);
    } else if (shape->excluded.len && misfit == 0 &&
               xd_slice_starts(clean->text, shape->excluded)) {
        xd_diagnose(out, XD_F_IDENTIFIER_MALFORMED, 0, shape->excluded.len,
                    "A number of %.*s never begins with %.*s.", XD_FMT(scheme->name),
                    XD_FMT(shape->excluded));
    } else {
        say_misfit(shape, clean, misfit, out);
    }
}

int
xd_diagnosis_weight(const struct xd_diagnosis *diagnosis)
{
    switch (diagnosis->code) {
    case XD_F_IDENTIFIER_LOOK_ALIKE:
    case XD_F_IDENTIFIER_LOST_ZEROS:
    case XD_F_IDENTIFIER_SCIENTIFIC:
    case XD_F_IDENTIFIER_ROUNDED:
        return 3;
    case XD_F_IDENTIFIER_CHECK_DIGIT:
        return 2;
    default:
        return 1;
    }
}
