/*
 * `orders show` answers what the store knows of one order, by either of its ids. Two merchants may
 * use the same number: then it shows both.
 */
#include <stdio.h>
#include <sysexits.h>

#include "cli/order_text.h"
#include "cli/store_command.h"

#define OUTPUT_MAX ((size_t)1 << 28)

enum { OPT_STORE, OPT_FORMAT };

static const struct xd_option OPTIONS[] = {
    [OPT_STORE] = XD_STORE_OPTION,
    [OPT_FORMAT] = {"format", 0, "text|json", "what to print; text is the default"},
    {NULL, 0, NULL, NULL},
};

struct showing {
    struct xd_buf buf;
    struct xd_json json;
    size_t as_json;
    size_t orders;
};

static bool
take(void *data, const struct xd_order *order)
{
    struct showing *showing = data;

    if (showing->as_json) {
        xd_order_put_json(&showing->json, order);
    } else {
        xd_buf_str(&showing->buf, showing->orders ? "\n" : "");
        xd_order_put_text(&showing->buf, order);
    }
    showing->orders++;
    return true;
}

/* False with *err also when there is no such order. */
static bool
show(struct showing *showing, const struct xd_store_command *command, struct xd_slice id,
     struct xd_error *err)
{
    xd_json_init(&showing->json, &showing->buf, false);
    if (showing->as_json) {
        xd_json_array(&showing->json, NULL);
    }
    if (!command->kind->find(command->store, id, (struct xd_order_taker){take, showing}, err)) {
        return false;
    }
    if (showing->as_json) {
        xd_json_end(&showing->json);
    }
    if (showing->buf.failed) {
        return xd_error_set(err, EX_OSERR, "not enough memory for the order");
    }
    return showing->orders > 0 ||
           xd_error_set(err, EX_DATAERR, "there is no order %.*s in %s", XD_FMT(id), command->path);
}

static int
run(struct xd_cli *cli, const struct xd_arguments *arguments)
{
    static const char *const FORMS[] = {"text", "json"};
    struct xd_store_command command;
    struct showing showing = {0};

    if (!xd_option_word("format", arguments->values[OPT_FORMAT], FORMS, 2, &showing.as_json,
                        cli->err)) {
        return cli->err->status;
    }
    xd_buf_init(&showing.buf, OUTPUT_MAX);
    if (xd_store_command_open(&command, arguments->values[OPT_STORE], false, cli->err) &&
        show(&showing, &command, xd_slice_str(arguments->operands[0]), cli->err)) {
        (void)fwrite(showing.buf.ptr, 1, showing.buf.len, stdout);
    }
    xd_store_command_close(&command);
    xd_buf_free(&showing.buf);
    return cli->err->status;
}

const struct xd_command xd_cmd_orders_show = {
    .name = "orders show",
    .operands = "ID",
    .brief = "show an order of the store with its lines",
    .details = "ID is the platform's or the merchant's order id.",
    .options = OPTIONS,
    .least = 1,
    .most = 1,
    .run = run,
};
