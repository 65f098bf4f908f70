/*
 * `barcode` checks numbers one by one: the identifier room without a manifest around it. Standard
 * input is read in blocks and each line answered at once, so that a million scans pass through in
 * constant memory.
 */
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#include <jansson.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/file.h"
#include "base/near.h"
#include "check/gs1.h"
#include "check/identifier.h"
#include "cli/command.h"
#include "reference/carrier.h"
#include "reference/finding_text.h"

#define LINE_MAX_BYTES 65536 /* of a line of standard input; the rest of it is not read */
#define FLUSH_BYTES    65536
#define OUTPUT_MAX     (64 << 20)

enum { OPT_SCHEME, OPT_CARRIER, OPT_FORMAT, OPT_LIST, OPT_REFERENCE };

static const struct xd_option OPTIONS[] = {
    [OPT_SCHEME] = {"scheme", 0, "NAME", "the scheme of the numbers, such as sscc or upu-s10"},
    [OPT_CARRIER] = {"carrier", 0, "CODE", "the carrier of the numbers, such as ups or royal-mail"},
    [OPT_FORMAT] = {"format", 0, "tsv|json", "what to print; tsv is the default"},
    [OPT_LIST] = {"list", 0, NULL, "list the schemes with their names and carriers, and end"},
    [OPT_REFERENCE] = {"reference", 0, "DIR",
                       "read the tables from DIR instead of the built-in ones"},
    {NULL, 0, NULL, NULL},
};

static const char *const VERDICTS[] = {"valid", "invalid", "unknown"};

struct barcode {
    struct xd_identifiers ids;
    struct xd_finding_texts texts;
    uint16_t scheme;  /* declared, or XD_SCHEME_NONE */
    uint16_t carrier; /* declared, or XD_ID_CARRIER_NONE */
    bool json;
    bool any_wrong;
    uint64_t answered;
    struct xd_buf out;
    struct xd_identifier_result result;
};

/* A text with tabs, line ends and other control characters as \xNN: one line stays one line. */
static void
put_plain(struct xd_buf *buf, struct xd_slice text)
{
    size_t plain = 0; /* bytes behind the last escaped one that wait to be put */

    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c < ' ' || c == 0x7f) {
            xd_buf_put(buf, xd_slice_sub(text, i - plain, plain));
            xd_buf_printf(buf, "\\x%02x", c);
            plain = 0;
        } else {
            plain++;
        }
    }
    xd_buf_put(buf, xd_slice_sub(text, text.len - plain, plain));
}

/* What the finding says and, behind it, what is particular to this number. A guess tells how much
 * it is worth; of a declared number nobody asks. */
static void
put_message(struct xd_buf *buf, const struct barcode *barcode)
{
    const struct xd_identifier_result *result = &barcode->result;
    bool guessed = barcode->scheme == XD_SCHEME_NONE && barcode->carrier == XD_ID_CARRIER_NONE;
    bool found = result->diagnosis.code != XD_F_NONE;
    const char *before = found ? " It fits: " : "";

    if (found) {
        xd_buf_put(buf, barcode->texts.of[result->diagnosis.code].text);
    }
    if (found && result->diagnosis.detail[0]) {
        xd_buf_char(buf, ' ');
        put_plain(buf, xd_slice_str(result->diagnosis.detail)); /* it may quote the value */
    }
    for (size_t i = 0; guessed && i < result->match_count; i++) {
        const struct xd_identifier_match *match = &result->matches[i];
        if (match->scheme == result->scheme) {
            xd_buf_printf(buf, "%sscore %u", found ? " " : "", match->score);
            before = "; it fits as well: ";
        } else {
            xd_buf_printf(buf, "%s%.*s (%u)", before,
                          XD_FMT(barcode->ids.schemes[match->scheme].name), match->score);
            before = ", ";
        }
    }
}

static void
answer_tsv(struct barcode *barcode, struct xd_slice value)
{
    const struct xd_identifier_result *result = &barcode->result;
    struct xd_buf *buf = &barcode->out;

    put_plain(buf, value);
    xd_buf_char(buf, '\t');
    xd_buf_str(buf, VERDICTS[result->verdict]);
    xd_buf_char(buf, '\t');
    if (result->scheme != XD_SCHEME_NONE) {
        xd_buf_put(buf, barcode->ids.schemes[result->scheme].name);
    }
    xd_buf_char(buf, '\t');
    put_plain(buf, xd_slice_of(result->canonical, result->canonical_len));
    xd_buf_char(buf, '\t');
    if (result->diagnosis.code != XD_F_NONE) {
        xd_buf_put(buf, barcode->texts.of[result->diagnosis.code].code);
    }
    xd_buf_char(buf, '\t');
    put_message(buf, barcode);
    xd_buf_char(buf, '\n');
}

/* A JSON string; bytes that are no UTF-8 become U+FFFD, as in every other report. */
static json_t *
json_text(struct xd_slice text)
{
    json_t *string = json_stringn(text.len ? text.ptr : "", text.len);
    struct xd_buf clean;

    if (string) {
        return string;
    }
    xd_buf_init(&clean, 3 * text.len + 1);
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.ptr[i] < 0x80) {
            xd_buf_char(&clean, text.ptr[i]);
        } else {
            xd_buf_str(&clean, "\xef\xbf\xbd");
        }
    }
    string = json_stringn(clean.ptr ? clean.ptr : "", clean.len);
    xd_buf_free(&clean);
    return string;
}

static json_t *
json_finding(const struct barcode *barcode)
{
    const struct xd_diagnosis *diagnosis = &barcode->result.diagnosis;
    const struct xd_finding_text *text = &barcode->texts.of[diagnosis->code];

    if (diagnosis->code == XD_F_NONE) {
        return json_null();
    }
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:{s:i, s:i}}", "code",
                     json_text(text->code), "slug", json_text(text->slug), "severity",
                     json_text(text->severity), "text", json_text(text->text), "detail",
                     json_text(xd_slice_str(diagnosis->detail)), "expected",
                     json_text(text->expected), "fix", json_text(text->fix), "span", "offset",
                     (int)diagnosis->span.off, "length", (int)diagnosis->span.len);
}

static json_t *
json_matches(const struct barcode *barcode)
{
    json_t *list = json_array();

    for (size_t i = 0; i < barcode->result.match_count; i++) {
        const struct xd_identifier_match *match = &barcode->result.matches[i];
        json_array_append_new(list, json_pack("{s:o, s:i}", "scheme",
                                              json_text(barcode->ids.schemes[match->scheme].name),
                                              "score", (int)match->score));
    }
    return list;
}

/* The elements of a GS1 element string, or null for a number that is none. */
static json_t *
json_elements(const struct barcode *barcode, const struct xd_gs1 *elements)
{
    json_t *list = json_array();

    for (size_t i = 0; i < elements->count; i++) {
        const struct xd_gs1_element *element = &elements->element[i];
        json_array_append_new(list,
                              json_pack("{s:o, s:o, s:o}", "ai", json_text(element->code), "title",
                                        json_text(barcode->ids.gs1.list[element->ai].title),
                                        "value", json_text(element->value)));
    }
    return list;
}

/* The ship-to block by the names of manifest fields. */
static json_t *
json_ship_to(const struct barcode *barcode, const struct xd_gs1 *elements)
{
    struct xd_slice fields[XD_FIELD_COUNT];
    struct xd_arena arena;
    json_t *object = json_object();

    xd_arena_init(&arena, 4096, 0);
    if (xd_gs1_ship_to(&barcode->ids.gs1, elements, &arena, fields)) {
        for (size_t i = 0; i < XD_FIELD_COUNT; i++) {
            if (fields[i].ptr) {
                json_object_set_new(object, xd_field_name((enum xd_field)i), json_text(fields[i]));
            }
        }
    }
    xd_arena_free(&arena);
    return object;
}

/* Adds what an element string holds to the answer for it. */
static void
add_elements(const struct barcode *barcode, struct xd_slice value, json_t *object)
{
    const struct xd_identifier_result *result = &barcode->result;
    struct xd_diagnosis diagnosis;
    struct xd_gs1 elements;

    if (result->verdict == XD_VALID &&
        barcode->ids.schemes[result->scheme].rule == XD_RULE_ELEMENT_STRING &&
        xd_gs1_parse(&barcode->ids.gs1, &barcode->ids.codes, value, &elements, &diagnosis)) {
        json_object_set_new(object, "elements", json_elements(barcode, &elements));
        json_object_set_new(object, "ship_to", json_ship_to(barcode, &elements));
    }
}

static int
write_json(const char *bytes, size_t len, void *buf)
{
    xd_buf_put(buf, xd_slice_of(bytes, len));
    return 0;
}

static void
answer_json(struct barcode *barcode, struct xd_slice value)
{
    const struct xd_identifier_result *result = &barcode->result;
    struct xd_buf message;
    json_t *scheme = result->scheme == XD_SCHEME_NONE
                         ? json_null()
                         : json_text(barcode->ids.schemes[result->scheme].name);

    xd_buf_init(&message, 4096);
    put_message(&message, barcode);
    json_t *object = json_pack("{s:o, s:s, s:o, s:o, s:o, s:o, s:o}", "input", json_text(value),
                               "status", VERDICTS[result->verdict], "scheme", scheme, "canonical",
                               json_text(xd_slice_of(result->canonical, result->canonical_len)),
                               "finding", json_finding(barcode), "message",
                               json_text(xd_buf_slice(&message)), "matches", json_matches(barcode));
    if (object) {
        add_elements(barcode, value, object);
    }
    xd_buf_str(&barcode->out, barcode->answered ? ",\n" : "[\n");
    if (!object || json_dump_callback(object, write_json, &barcode->out, JSON_COMPACT) != 0) {
        barcode->out.failed = true;
    }
    json_decref(object);
    xd_buf_free(&message);
}

static bool
flush(struct barcode *barcode, struct xd_error *err)
{
    if (barcode->out.failed) {
        return xd_error_set(err, EX_OSERR, "no memory for the answers");
    }
    if (fwrite(barcode->out.ptr ? barcode->out.ptr : "", 1, barcode->out.len, stdout) !=
        barcode->out.len) {
        return xd_error_set(err, EX_IOERR, "cannot write to standard output");
    }
    barcode->out.len = 0;
    return true;
}

static bool
answer(struct barcode *barcode, struct xd_slice value, struct xd_error *err)
{
    if (barcode->scheme != XD_SCHEME_NONE) {
        xd_identifier_read(&barcode->ids, barcode->scheme, value, &barcode->result);
    } else if (barcode->carrier != XD_ID_CARRIER_NONE) {
        xd_tracking_read(&barcode->ids, barcode->carrier, value, &barcode->result);
    } else {
        xd_identifier_detect(&barcode->ids, value, &barcode->result);
    }
    barcode->any_wrong |= barcode->result.verdict != XD_VALID;
    if (barcode->json) {
        answer_json(barcode, value);
    } else {
        answer_tsv(barcode, value);
    }
    barcode->answered++;
    return barcode->out.len < FLUSH_BYTES || flush(barcode, err);
}

static bool
answer_line(struct barcode *barcode, struct xd_slice line, struct xd_error *err)
{
    static const struct xd_slice MARK = {"\xef\xbb\xbf", 3};

    if (line.len && line.ptr[line.len - 1] == '\r') {
        line.len--;
    }
    if (barcode->answered == 0 && xd_slice_starts(line, MARK)) {
        line = xd_slice_sub(line, MARK.len, SIZE_MAX); /* of the text, not of its first code */
    }
    return line.len == 0 || answer(barcode, line, err);
}

/* Lines of standard input; an empty one gets no answer. */
static bool
answer_input(struct barcode *barcode, struct xd_error *err)
{
    static char block[LINE_MAX_BYTES];
    size_t held = 0;
    bool cutting = false; /* inside the rest of a line that was too long */
    ssize_t got;

    while ((got = read(STDIN_FILENO, block + held, sizeof(block) - held)) > 0) {
        struct xd_slice rest = {block, held + (size_t)got};
        size_t end;
        while ((end = xd_slice_find(rest, '\n')) < rest.len) {
            if (!cutting && !answer_line(barcode, xd_slice_sub(rest, 0, end), err)) {
                return false;
            }
            cutting = false;
            rest = xd_slice_sub(rest, end + 1, SIZE_MAX);
        }
        if (rest.len == sizeof(block)) {
            if (!cutting && !answer_line(barcode, rest, err)) {
                return false;
            }
            cutting = true;
            rest.len = 0;
        }
        held = rest.len;
        memmove(block, rest.len ? rest.ptr : block, held);
    }
    if (got < 0) {
        return xd_error_set(err, EX_IOERR, "cannot read standard input");
    }
    return cutting || answer_line(barcode, xd_slice_of(block, held), err);
}

/* The name that is nearest to a word which is none. */
struct nearest {
    char buffer[32];
    struct xd_slice word; /* in lower case, as all names are */
    struct xd_slice best; /* XD_NONE when all are other words */
    unsigned least;
};

static void
look_near(struct nearest *nearest, const char *word)
{
    struct xd_slice given = xd_slice_sub(xd_slice_str(word), 0, sizeof(nearest->buffer));

    for (size_t i = 0; i < given.len; i++) {
        nearest->buffer[i] = xd_to_lower(given.ptr[i]);
    }
    nearest->word = xd_slice_of(nearest->buffer, given.len);
    nearest->best = XD_NONE;
    nearest->least = xd_near_limit(given);
}

static void
consider(struct nearest *nearest, struct xd_slice name)
{
    unsigned found = xd_near_distance(name, nearest->word);

    if (found < nearest->least) {
        nearest->least = found;
        nearest->best = name;
    }
}

static bool
fail_scheme(const struct xd_identifiers *ids, const char *word, struct xd_error *err)
{
    struct nearest nearest;

    look_near(&nearest, word);
    for (uint16_t i = 0; i < ids->scheme_count; i++) {
        consider(&nearest, ids->schemes[i].name);
    }
    if (nearest.best.len) {
        return xd_error_set(err, EX_USAGE, "there is no scheme \"%s\"; did you mean %.*s?", word,
                            XD_FMT(nearest.best));
    }
    return xd_error_set(err, EX_USAGE,
                        "there is no scheme \"%s\"; `crossdock barcode --list` names them", word);
}

/* A carrier without a public numbering does not steer; a word that is no carrier is a slip. */
static bool
pass_carrier(struct xd_cli *cli, const struct xd_tables *tables, const char *word)
{
    struct xd_carriers carriers;
    struct nearest nearest;

    if (!xd_carriers_load(&carriers, tables, cli->today, cli->arena, cli->err)) {
        return false;
    }
    if (xd_carrier_find(&carriers, xd_slice_str(word)) != XD_CARRIER_NONE) {
        (void)fprintf(stderr,
                      "crossdock: no numbering of %s is public; "
                      "its numbers are looked at as if no carrier were declared\n",
                      word);
        return true;
    }
    look_near(&nearest, word);
    for (uint32_t i = 0; i < carriers.count; i++) {
        consider(&nearest, carriers.list[i].code);
    }
    if (nearest.best.len) {
        return xd_error_set(cli->err, EX_USAGE, "there is no carrier \"%s\"; did you mean %.*s?",
                            word, XD_FMT(nearest.best));
    }
    return xd_error_set(cli->err, EX_USAGE,
                        "there is no carrier \"%s\"; `crossdock barcode --list` names those that "
                        "have a numbering",
                        word);
}

static bool
read_options(struct xd_cli *cli, const struct xd_arguments *arguments,
             const struct xd_tables *tables, struct barcode *barcode)
{
    static const char *const FORMATS[] = {"tsv", "json"};
    const char *scheme = arguments->values[OPT_SCHEME];
    const char *carrier = arguments->values[OPT_CARRIER];
    size_t format = 0;

    barcode->scheme = XD_SCHEME_NONE;
    barcode->carrier = XD_ID_CARRIER_NONE;
    if (!xd_option_word("format", arguments->values[OPT_FORMAT], FORMATS, 2, &format, cli->err)) {
        return false;
    }
    barcode->json = format == 1;
    if (scheme) {
        barcode->scheme = xd_scheme_find(&barcode->ids, xd_slice_str(scheme));
        if (barcode->scheme == XD_SCHEME_NONE) {
            return fail_scheme(&barcode->ids, scheme, cli->err);
        }
    }
    if (carrier) {
        barcode->carrier = xd_identifier_carrier_find(&barcode->ids, xd_slice_str(carrier));
        return barcode->carrier != XD_ID_CARRIER_NONE || pass_carrier(cli, tables, carrier);
    }
    return true;
}

/* Scheme, name and carriers, one line each. */
static bool
list_schemes(struct barcode *barcode, struct xd_error *err)
{
    const struct xd_identifiers *ids = &barcode->ids;
    struct xd_buf *buf = &barcode->out;

    for (uint16_t i = 0; i < ids->scheme_count; i++) {
        const char *before = "\t";
        xd_buf_printf(buf, "%.*s\t%.*s", XD_FMT(ids->schemes[i].name),
                      XD_FMT(ids->schemes[i].title));
        for (uint16_t c = 0; c < ids->carrier_count; c++) {
            if (ids->carriers[c].uses[i]) {
                xd_buf_printf(buf, "%s%.*s", before, XD_FMT(ids->carriers[c].code));
                before = " ";
            }
        }
        xd_buf_str(buf, before[0] == '\t' ? "\t\n" : "\n");
    }
    return flush(barcode, err);
}

static bool
answer_all(struct xd_cli *cli, const struct xd_arguments *arguments, struct barcode *barcode)
{
    bool ok = true;

    if (arguments->values[OPT_LIST]) {
        return list_schemes(barcode, cli->err);
    }
    for (size_t i = 0; ok && i < arguments->count; i++) {
        ok = answer(barcode, xd_slice_str(arguments->operands[i]), cli->err);
    }
    if (arguments->count == 0) {
        ok = answer_input(barcode, cli->err);
    }
    if (ok && barcode->json) {
        xd_buf_str(&barcode->out, barcode->answered ? "\n]\n" : "[]\n");
    }
    return ok && flush(barcode, cli->err);
}

static int
run(struct xd_cli *cli, const struct xd_arguments *arguments)
{
    static struct barcode barcode;
    bool ok;

    xd_buf_init(&barcode.out, OUTPUT_MAX);
    struct xd_tables tables = {arguments->values[OPT_REFERENCE], cli->arena};
    ok = xd_finding_texts_load(&barcode.texts, &tables, cli->err) &&
         xd_identifiers_load(&barcode.ids, &tables, cli->arena, cli->err) &&
         read_options(cli, arguments, &tables, &barcode) && answer_all(cli, arguments, &barcode);
    xd_buf_free(&barcode.out);
    return !ok ? cli->err->status : barcode.any_wrong ? 1 : EX_OK;
}

const struct xd_command xd_cmd_barcode = {
    .name = "barcode",
    .operands = "[CODE...]",
    .brief = "check barcodes and tracking numbers, given or one a line on standard input",
    .details =
        "Prints a line for each code, without a header line, in six columns separated by "
        "tabs: the code as\n"
        "given; valid, invalid or unknown; the scheme; the canonical form, of a valid code; "
        "the code of\n"
        "the finding; and a message. With --format json it prints an array of objects with "
        "the same, the\n"
        "bytes that are wrong (span) and every scheme that fits with its score.\n\n"
        "A code is unknown when it fits no scheme for certain: one that has the shape of schemes "
        "without check\n"
        "digit alone may be right. With --scheme or --carrier it is valid or invalid.\n\n"
        "Without --scheme and --carrier the scheme is guessed: the best score wins and the "
        "message names\n"
        "the others. A carrier whose numbering is not public does not steer. Empty lines of "
        "standard input\n"
        "get no answer. Exit status: 0 when every code is valid, 1 when one is not.\n\n"
        "Of a GS1 element string JSON also tells the elements and the ship-to address. "
        "Schemes are the\n"
        "rows of reference/identifiers.tsv, carriers those of reference/carriers.tsv.",
    .options = OPTIONS,
    .least = 0,
    .most = XD_OPERANDS_MANY,
    .run = run,
};
