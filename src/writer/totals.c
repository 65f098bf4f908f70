/*
 * Counters that may pass 2^53 are written as text, because half of the world's JSON readers keep
 * numbers in a double.
 */
#include "writer/totals.h"

#include <stdio.h>

#include "base/decimal.h"
#include "base/json.h"

static void
put_values(const struct xd_totals *totals, struct xd_json *json)
{
    char text[XD_DECIMAL_TEXT];

    xd_json_array(json, "values");
    for (size_t i = 0; i < totals->currencies; i++) {
        struct xd_decimal amount = {totals->values[i].units, totals->values[i].minor_units};
        xd_json_object(json, NULL);
        xd_json_text(json, "currency", xd_slice_str(totals->values[i].currency));
        xd_json_text(json, "amount", xd_slice_of(text, xd_decimal_format(amount, text)));
        xd_json_end(json);
    }
    xd_json_end(json);
}

void
xd_totals_json(const struct xd_totals_file *file, const struct xd_totals *totals,
               struct xd_buf *buf)
{
    char date[XD_DATE_TEXT];
    char code_hash[17];
    struct xd_json json;

    xd_date_format(file->as_of, date);
    (void)snprintf(code_hash, sizeof(code_hash), "%016llx", (unsigned long long)totals->code_hash);
    xd_json_init(&json, buf, false);
    xd_json_object(&json, NULL);
    xd_json_text(&json, "format", XD_LIT("crossdock-totals/1"));
    xd_json_text(&json, "carrier", file->carrier);
    xd_json_text(&json, "file", file->file);
    xd_json_text(&json, "layout", file->layout->name);
    xd_json_text(&json, "layout_version", file->layout->version);
    xd_json_text(&json, "as_of", xd_slice_of(date, sizeof(date)));
    xd_json_u64(&json, "bytes", file->bytes);
    xd_json_text(&json, "hash", file->hash);
    xd_json_u64(&json, "rows", totals->rows);
    xd_json_u64(&json, "lines", totals->lines);
    xd_json_u64(&json, "parcels", totals->parcels);
    xd_json_u64(&json, "pieces", totals->pieces);
    xd_json_u64(&json, "weight_g", totals->weight_g);
    put_values(totals, &json);
    xd_json_text(&json, "parcel_code_hash_total", xd_slice_of(code_hash, 16));
    xd_json_end(&json);
}
