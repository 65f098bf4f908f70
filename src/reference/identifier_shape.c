/*
 * One pass over the text of a shape, with two lists of symbol sets: before and behind the one
 * element whose count may vary. Positions behind it are kept from the end, so that a number of any
 * length is checked without searching.
 */
#include "reference/identifier_shape.h"

struct builder {
    struct xd_slice rest; /* text not read yet */
    struct xd_shape *shape;
    struct xd_arena *arena;
    uint64_t before[XD_IDENTIFIER_TEXT];
    uint64_t behind[XD_IDENTIFIER_TEXT];
    size_t repeat_least; /* counts of the repeated element */
    size_t repeat_most;
    size_t choice;  /* which text of =A/B is wanted */
    size_t choices; /* how many there are */
    bool repeated;  /* the varying element is behind us */
    bool in_group;  /* between < and > */
    struct xd_shape_check group;
    const char *wrong; /* first complaint */
};

static const char *const FAMILIES[XD_CHECK_FAMILY_COUNT] = {
#define X(upper, lower) [XD_CHECK_##upper] = lower,
    XD_CHECK_FAMILIES(X)
#undef X
};

const char *
xd_check_family_name(enum xd_check_family family)
{
    return family < XD_CHECK_FAMILY_COUNT ? FAMILIES[family] : "";
}

uint8_t
xd_symbol_of(char c)
{
    static const char PUNCT[] = "!\"%&'*+,-./:;<=>?_";

    if (xd_is_digit(c)) {
        return (uint8_t)(c - '0');
    }
    if (xd_is_upper(c)) {
        return (uint8_t)(c - 'A' + 10);
    }
    if (xd_is_lower(c)) {
        return XD_SYMBOL_LOWER;
    }
    if (c == '(' || c == ')') {
        return c == '(' ? XD_SYMBOL_OPEN : XD_SYMBOL_CLOSE;
    }
    return memchr(PUNCT, c, sizeof(PUNCT) - 1) ? XD_SYMBOL_PUNCT : XD_SYMBOL_NONE;
}

static void
complain(struct builder *b, const char *what)
{
    b->wrong = b->wrong ? b->wrong : what;
    b->rest.len = 0;
}

/* Where we are: characters from the start, or (negative, from the end) behind the varying element.
 * The end is not known yet there, so those are counted from it first and moved by settle(). */
static int8_t
here(const struct builder *b)
{
    return (int8_t)(b->repeated ? b->shape->tail - XD_IDENTIFIER_TEXT - 1 : b->shape->head);
}

static int8_t
settle(const struct builder *b, int8_t at)
{
    return (int8_t)(at < 0 ? at + XD_IDENTIFIER_TEXT + 1 - b->shape->tail : at);
}

static void
add_symbols(struct builder *b, uint64_t symbols, size_t count)
{
    for (size_t i = 0; i < count && !b->wrong; i++) {
        if (b->shape->head + b->shape->tail + b->repeat_most >= XD_IDENTIFIER_TEXT) {
            complain(b, "the shape is longer than any identifier:");
        } else if (b->repeated) {
            b->behind[b->shape->tail++] = symbols;
        } else {
            b->before[b->shape->head++] = symbols;
        }
    }
}

static char
peek(const struct builder *b)
{
    return b->rest.len ? b->rest.ptr[0] : '\0';
}

static char
take(struct builder *b)
{
    char c = peek(b);

    b->rest = xd_slice_sub(b->rest, 1, SIZE_MAX);
    return c;
}

static size_t
take_number(struct builder *b, size_t otherwise)
{
    size_t value = 0;

    if (!xd_is_digit(peek(b))) {
        return otherwise;
    }
    while (xd_is_digit(peek(b)) && value < 1000) {
        value = value * 10 + (size_t)(take(b) - '0');
    }
    return value;
}

/* The characters up to a blank or one of the marks of the language. */
static struct xd_slice
take_text(struct builder *b)
{
    size_t len = 0;

    while (len < b->rest.len && !memchr(" <>!/{|", b->rest.ptr[len], 7)) {
        len++;
    }
    struct xd_slice text = xd_slice_sub(b->rest, 0, len);
    b->rest = xd_slice_sub(b->rest, len, SIZE_MAX);
    if (len == 0) {
        complain(b, "a text is missing in the shape");
    }
    return text;
}

static void
read_element(struct builder *b, uint64_t symbols)
{
    size_t least = take_number(b, 1);
    size_t most = least;

    if (peek(b) == '-') {
        (void)take(b);
        most = take_number(b, 0);
    }
    if (most == least) {
        add_symbols(b, symbols, least);
    } else if (b->repeated || most < least || most > XD_IDENTIFIER_TEXT) {
        complain(b, "one element of a shape may have a range, from less to more:");
    } else if (b->shape->head + most > XD_IDENTIFIER_TEXT) {
        complain(b, "the shape is longer than any identifier:");
    } else {
        b->repeated = true;
        b->repeat_least = least;
        b->repeat_most = most;
        b->shape->repeated = symbols;
    }
}

static void
read_class(struct builder *b)
{
    uint64_t symbols = 0;

    while (b->rest.len && peek(b) != ']') {
        unsigned char low = (unsigned char)take(b);
        unsigned char high = low;
        if (peek(b) == '-') {
            (void)take(b);
            high = (unsigned char)take(b);
        }
        for (int c = low; c <= high; c++) {
            symbols |= (uint64_t)1 << xd_symbol_of((char)c);
        }
    }
    (void)take(b);
    read_element(b, symbols);
}

static void
add_text(struct builder *b, struct xd_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        add_symbols(b, (uint64_t)1 << xd_symbol_of(text.ptr[i]), 1);
    }
}

/* =A/B/C: the wanted one of the texts. */
static void
read_literal(struct builder *b)
{
    size_t at = 0;
    struct xd_slice wanted = take_text(b);

    while (peek(b) == '/') {
        (void)take(b);
        struct xd_slice next = take_text(b);
        wanted = ++at == b->choice ? next : wanted;
    }
    if (at > 0) {
        b->choices = at + 1;
    }
    add_text(b, wanted);
}

static void
open_group(struct builder *b)
{
    b->in_group = true;
    b->group = (struct xd_shape_check){.from = here(b)};
}

static void
read_plus(struct builder *b)
{
    if (peek(b) == '!') {
        b->shape->appends = true;
        return;
    }
    struct xd_slice text = take_text(b);
    if (!b->in_group) {
        b->shape->added = text;
    } else if (text.len <= sizeof(b->group.prefix)) {
        memcpy(b->group.prefix, text.ptr, text.len);
        b->group.prefix_len = (uint8_t)text.len;
    } else {
        complain(b, "a text in front of the covered part is too long:");
    }
}

static void
read_check(struct builder *b)
{
    struct xd_slice name = take_text(b);
    uint8_t family = 0;

    while (family < XD_CHECK_FAMILY_COUNT && !xd_slice_eq(name, xd_slice_str(FAMILIES[family]))) {
        family++;
    }
    if (family == XD_CHECK_FAMILY_COUNT) {
        complain(b, "there is no such check family in the shape");
        return;
    }
    if (b->in_group || b->shape->checks == XD_SHAPE_CHECKS) {
        complain(b, "a check character stands where none may stand in");
        return;
    }
    b->group.family = family;
    b->group.at = here(b);
    b->shape->check[b->shape->checks++] = b->group;
    if (!b->shape->appends) {
        uint64_t symbols = XD_SYMBOLS_DIGIT;
        add_symbols(b, family == XD_CHECK_MOD37_36 ? symbols | XD_SYMBOLS_ALPHA : symbols, 1);
    }
}

static uint64_t
class_of(char c)
{
    switch (c) {
    case 'd':
        return XD_SYMBOLS_DIGIT;
    case 'a':
        return XD_SYMBOLS_ALPHA;
    case 'x':
        return XD_SYMBOLS_DIGIT | XD_SYMBOLS_ALPHA;
    case 'c':
        return ~((uint64_t)1 << XD_SYMBOL_NONE);
    default:
        return 0;
    }
}

static void
read_mark(struct builder *b, char c)
{
    switch (c) {
    case '=':
        read_literal(b);
        break;
    case '[':
        read_class(b);
        break;
    case '<':
        open_group(b);
        break;
    case '>':
        b->in_group = false;
        b->group.to = here(b);
        break;
    case '!':
        read_check(b);
        break;
    case '+':
        read_plus(b);
        break;
    case '~':
        b->shape->excluded = take_text(b);
        break;
    case '{':
        b->shape->keep_from = here(b);
        break;
    case '/':
        b->shape->keep_to = here(b);
        break;
    case '@':
        b->shape->score = (uint8_t)take_number(b, 0);
        break;
    default:
        complain(b, "the shape language has no such mark:");
    }
}

static void
read_all(struct builder *b, struct xd_slice text)
{
    b->rest = text;
    while (b->rest.len && !b->wrong) {
        char c = take(b);
        uint64_t symbols = class_of(c);
        if (symbols) {
            read_element(b, symbols);
        } else if (c != ' ') {
            read_mark(b, c);
        }
    }
}

static void
finish(struct builder *b)
{
    struct xd_shape *shape = b->shape;
    size_t fixed = (size_t)shape->head + shape->tail;
    uint64_t *symbols = xd_arena_array(b->arena, fixed + 1, sizeof(*symbols));

    if (!symbols) {
        complain(b, "no memory for the shape");
        return;
    }
    memcpy(symbols, b->before, shape->head * sizeof(*symbols));
    memcpy(symbols + shape->head, b->behind, shape->tail * sizeof(*symbols));
    shape->symbols = symbols;
    shape->shortest = (uint8_t)(fixed + b->repeat_least);
    shape->longest = (uint8_t)(fixed + b->repeat_most);
    shape->keep_to = settle(b, shape->keep_to);
    for (size_t i = 0; i < shape->checks; i++) {
        shape->check[i].from = settle(b, shape->check[i].from);
        shape->check[i].to = settle(b, shape->check[i].to);
        shape->check[i].at = settle(b, shape->check[i].at);
    }
    if (shape->shortest == 0) {
        complain(b, "the shape is empty");
    }
}

const char *
xd_shape_compile(struct xd_slice lead, struct xd_slice text, size_t choice, struct xd_arena *arena,
                 struct xd_shape *shape, size_t *choices)
{
    struct builder b = {.shape = shape, .arena = arena, .choice = choice, .choices = 1};

    if (lead.len) {
        read_all(&b, lead);
        shape->keep_from = here(&b);
    }
    read_all(&b, text);
    finish(&b);
    *choices = b.choices;
    return b.wrong;
}

static void
index_check(const struct xd_shape *shape, size_t len, struct xd_shape_key *key)
{
    const struct xd_shape_check *check = &shape->check[0];

    key->family = shape->checks == 0 || shape->appends ? XD_KEY_NO_CHECK : XD_KEY_LOOK_AT_SHAPE;
    if (key->family == XD_KEY_LOOK_AT_SHAPE && shape->checks == 1 && check->prefix_len == 0) {
        key->family = check->family;
        key->from = (uint8_t)xd_shape_place(check->from, len);
        key->to = (uint8_t)xd_shape_end(check->to, len);
        key->at = (uint8_t)xd_shape_place(check->at, len);
    }
}

void
xd_shape_index(const struct xd_shape *shape, size_t len, struct xd_shape_key *key)
{
    key->scheme = shape->scheme;
    key->score = shape->score;
    index_check(shape, len, key);
    for (size_t i = 0; i < len; i++) {
        uint64_t symbols = xd_shape_symbols(shape, i, len);
        uint64_t digits = symbols & XD_SYMBOLS_DIGIT;
        uint64_t letters = symbols & XD_SYMBOLS_ALPHA;
        bool plain = (digits == 0 || digits == XD_SYMBOLS_DIGIT) &&
                     (letters == 0 || letters == XD_SYMBOLS_ALPHA);
        key->digit_places |= (uint64_t)(digits != 0) << i;
        key->letter_places |= (uint64_t)(letters != 0) << i;
        if (plain || key->specials == XD_SPECIALS_NONE) {
            continue;
        }
        if (key->specials == XD_SPECIALS_MAX) {
            key->specials = XD_SPECIALS_NONE;
        } else {
            key->special[key->specials++] = (uint8_t)i;
        }
    }
}
