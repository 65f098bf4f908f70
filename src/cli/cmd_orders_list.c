/*
 * `orders list` looks into the store without SQL: a table for people, TSV for other programs, JSON
 * with the lines.
 */
#include <stdio.h>
#include <sysexits.h>

#include "base/utf8.h"
#include "cli/order_text.h"
#include "cli/store_command.h"

#define OUTPUT_MAX ((size_t)1 << 30)
#define FLUSH_AT   ((size_t)1 << 16)

enum { OPT_STORE, OPT_FORMAT };
enum { FORM_TEXT, FORM_TSV, FORM_JSON };

static const struct xd_option OPTIONS[] = {
    [OPT_STORE] = XD_STORE_OPTION,
    [OPT_FORMAT] = {"format", 0, "FORM", "text, tsv or json; text is the default"},
    {NULL, 0, NULL, NULL},
};

struct listing {
    struct xd_buf buf;
    struct xd_json json;
    size_t form;
};

/* What one line of `orders list` shows, and how wide. */
static const struct {
    enum xd_order_field field;
    unsigned width;
} COLUMNS[] = {{XD_ORDER_ORDER_ID, 18},    {XD_ORDER_MERCHANT_ORDER_ID, 18},
               {XD_ORDER_MERCHANT_ID, 12}, {XD_ORDER_ORDER_DATE, 10},
               {XD_ORDER_COUNTRY, 7},      {XD_ORDER_STATUS, 0}};

#define COLUMN_COUNT (sizeof(COLUMNS) / sizeof(COLUMNS[0]))

/* Standard output gets what has gathered; main reports it when it cannot take it. */
static void
flush(struct xd_buf *buf, size_t least)
{
    if (buf->len >= least) {
        (void)fwrite(buf->ptr, 1, buf->len, stdout);
        buf->len = 0;
    }
}

static void
put_cell(struct xd_buf *buf, struct xd_slice value, unsigned width)
{
    size_t shown = value.len ? xd_utf8_visible(value, buf) : 1;

    if (value.len == 0) {
        xd_buf_char(buf, '-');
    }
    for (; shown < width; shown++) {
        xd_buf_char(buf, ' ');
    }
}

static void
put_list_row(struct listing *listing, const struct xd_order *order)
{
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        xd_buf_str(&listing->buf, i ? "  " : "");
        put_cell(&listing->buf, order->value[COLUMNS[i].field], COLUMNS[i].width);
    }
    xd_buf_char(&listing->buf, '\n');
}

static void
put_tsv_row(struct listing *listing, const struct xd_order *order)
{
    for (unsigned i = 0; i < XD_ORDER_FIELD_COUNT; i++) {
        xd_buf_str(&listing->buf, i ? "\t" : "");
        (void)xd_utf8_visible(order->value[i], &listing->buf);
    }
    xd_buf_char(&listing->buf, '\n');
}

static bool
take(void *data, const struct xd_order *order)
{
    struct listing *listing = data;

    if (listing->form == FORM_JSON) {
        xd_order_put_json(&listing->json, order);
    } else if (listing->form == FORM_TSV) {
        put_tsv_row(listing, order);
    } else {
        put_list_row(listing, order);
    }
    flush(&listing->buf, FLUSH_AT);
    return !listing->buf.failed;
}

static void
put_tsv_head(struct xd_buf *buf)
{
    for (unsigned i = 0; i < XD_ORDER_FIELD_COUNT; i++) {
        xd_buf_str(buf, i ? "\t" : "");
        xd_buf_str(buf, xd_field_name(xd_order_fields[i]));
    }
    xd_buf_char(buf, '\n');
}

static void
put_list_head(struct xd_buf *buf)
{
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        xd_buf_str(buf, i ? "  " : "");
        put_cell(buf, xd_slice_str(xd_field_name(xd_order_fields[COLUMNS[i].field])),
                 COLUMNS[i].width);
    }
    xd_buf_char(buf, '\n');
}

static void
list_store(struct listing *listing, const struct xd_store_command *command, struct xd_error *err)
{
    bool json = listing->form == FORM_JSON;

    if (json) {
        xd_json_init(&listing->json, &listing->buf, false);
        xd_json_array(&listing->json, NULL);
    } else if (listing->form == FORM_TSV) {
        put_tsv_head(&listing->buf);
    } else {
        put_list_head(&listing->buf);
    }
    (void)command->kind->scan(command->store, json, (struct xd_order_taker){take, listing}, err);
    if (json) {
        xd_json_end(&listing->json);
    }
}

static int
run(struct xd_cli *cli, const struct xd_arguments *arguments)
{
    static const char *const FORMS[] = {"text", "tsv", "json"};
    struct xd_store_command command;
    struct listing listing = {0};

    if (!xd_option_word("format", arguments->values[OPT_FORMAT], FORMS, 3, &listing.form,
                        cli->err)) {
        return cli->err->status;
    }
    xd_buf_init(&listing.buf, OUTPUT_MAX);
    if (xd_store_command_open(&command, arguments->values[OPT_STORE], false, cli->err)) {
        list_store(&listing, &command, cli->err);
    }
    xd_store_command_close(&command);
    if (listing.buf.failed) {
        xd_error_set(cli->err, EX_OSERR, "not enough memory for the orders");
    }
    flush(&listing.buf, 1);
    xd_buf_free(&listing.buf);
    return cli->err->status;
}

const struct xd_command xd_cmd_orders_list = {
    .name = "orders list",
    .operands = "",
    .brief = "list the orders of the store",
    .details = "text shows the main columns; tsv and json show all, json with the lines.",
    .options = OPTIONS,
    .least = 0,
    .most = 0,
    .run = run,
};
