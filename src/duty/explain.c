/*
 * Steps are written only when somebody asked to see them: the sums of a million lines need no
 * sentences.
 */
#include <stdarg.h>
#include <stdio.h>

#include "duty/work.h"

void
xd_quote_record(struct xd_quote *q, const struct xd_duty_step *step)
{
    struct xd_duty_ctx *ctx = q->ctx;

    if (q->out->step_count == ctx->step_room) {
        size_t room = ctx->step_room ? ctx->step_room * 2 : 64;
        struct xd_duty_step *grown = xd_arena_array(ctx->arena, room, sizeof(*grown));
        if (!grown) {
            return;
        }
        if (q->out->step_count) {
            memcpy(grown, ctx->steps, q->out->step_count * sizeof(*grown));
        }
        ctx->steps = grown;
        ctx->step_room = room;
    }
    ctx->steps[q->out->step_count++] = *step;
    q->out->steps = ctx->steps;
}

struct xd_slice
xd_quote_text(struct xd_quote *q, const char *format, ...)
{
    char text[256];
    va_list args;

    if (!q->ctx->explain) {
        return XD_NONE;
    }
    va_start(args, format);
    int len = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (len < 0) {
        return XD_NONE;
    }
    size_t used = (size_t)len < sizeof(text) ? (size_t)len : sizeof(text) - 1;
    return xd_arena_copy(q->ctx->arena, xd_slice_of(text, used));
}

struct xd_slice
xd_quote_percent_text(struct xd_quote *q, struct xd_decimal percent)
{
    char digits[XD_DECIMAL_TEXT];

    if (!q->ctx->explain) {
        return XD_NONE;
    }
    return xd_quote_text(q, "%.*s %%", (int)xd_decimal_format(percent, digits), digits);
}

struct xd_slice
xd_quote_inside_text(struct xd_quote *q, struct xd_decimal percent)
{
    char digits[XD_DECIMAL_TEXT];

    if (!q->ctx->explain) {
        return XD_NONE;
    }
    int len = (int)xd_decimal_format(percent, digits);
    return xd_quote_text(q, "%.*s / (100 - %.*s), the tax being inside its own base", len, digits,
                         len, digits);
}

struct xd_slice
xd_quote_sum_text(struct xd_quote *q, const struct xd_named_amount *terms, size_t count)
{
    char text[256];
    size_t used = 0;

    if (!q->ctx->explain) {
        return XD_NONE;
    }
    for (size_t i = 0; i < count; i++) {
        char digits[XD_DECIMAL_TEXT];
        if (terms[i].amount == 0) {
            continue;
        }
        int len = (int)xd_decimal_format(xd_amount_decimal(terms[i].amount, 6), digits);
        int put = snprintf(text + used, sizeof(text) - used, "%s%s %.*s", used ? " + " : "",
                           terms[i].name, len, digits);
        used += put > 0 && (size_t)put < sizeof(text) - used ? (size_t)put : 0;
    }
    return xd_arena_copy(q->ctx->arena, xd_slice_of(text, used));
}
