/*
 * A million parcel codes pass through here for each manifest and nearly all are plain already, so
 * the first look decides whether there is anything to do at all: capitals, digits and hyphens in no
 * form that has a second spelling.
 */
#include "check/parcel_code.h"

#include "base/utf8.h"
#include "check/check_digit.h"
#include "check/identifier_text.h"

/* The 27 characters of a DPD barcode: destination, parcel, service and country. */
#define DPD_BARCODE 27

/* Digits and capitals that may be spelled another way: 00 and an SSCC, JD for JJD, a DPD barcode
 * with ident tag or check character. */
static bool
has_two_forms(struct xd_slice code)
{
    return (code.len == 20 && code.ptr[0] == '0' && code.ptr[1] == '0') ||
           code.len == DPD_BARCODE + 1 || code.len == DPD_BARCODE + 2 ||
           (code.len > 2 && code.ptr[0] == 'J' && code.ptr[1] == 'D' && xd_is_digit(code.ptr[2]));
}

static bool
is_plain(struct xd_slice code)
{
    for (size_t i = 0; i < code.len; i++) {
        char c = code.ptr[i];
        if (!xd_is_digit(c) && !xd_is_upper(c) && c != '-') {
            return false;
        }
    }
    return true;
}

struct writer {
    char *ptr;
    size_t len;
    size_t size;
    bool failed;
};

static void
put(struct writer *w, const char *bytes, size_t len)
{
    if (len > w->size - w->len) {
        w->failed = true;
        return;
    }
    memcpy(w->ptr + w->len, bytes, len);
    w->len += len;
}

/* A character beyond ASCII: what it looks like, or itself. Its length. */
static size_t
put_foreign(const struct xd_look_alikes *looks, struct xd_slice code, size_t at, struct writer *w)
{
    uint32_t code_point;
    char becomes;
    size_t len = xd_utf8_at(code, at, &code_point);
    enum xd_look_alike_kind kind = xd_look_alike_find(looks, code_point, &becomes);

    if (kind == XD_LOOK_UNKNOWN) {
        put(w, code.ptr + at, len);
    } else if (kind != XD_LOOK_BLANK) {
        put(w, &becomes, 1);
    }
    return len;
}

static void
put_all(const struct xd_look_alikes *looks, struct xd_slice code, struct writer *w)
{
    for (size_t at = 0; at < code.len;) {
        unsigned char c = (unsigned char)code.ptr[at];
        char raised = xd_to_upper((char)c);
        if (c >= 0x80) {
            at += put_foreign(looks, code, at, w);
            continue;
        }
        if (c > ' ' && c != 0x7f) {
            put(w, &raised, 1);
        }
        at++;
    }
}

/* (00) or [00] in front of 18 digits, as labels print it. */
static void
drop_brackets(struct writer *w)
{
    if (w->len == 22 && (memcmp(w->ptr, "(00)", 4) == 0 || memcmp(w->ptr, "[00]", 4) == 0)) {
        memmove(w->ptr + 2, w->ptr + 4, w->len - 4);
        w->len -= 2;
        memcpy(w->ptr, "00", 2);
    }
}

/* A DPD barcode is the same parcel with the scanner's ident tag and without, with the check
 * character that people type and without. */
static void
drop_dpd_marks(struct writer *w)
{
    struct xd_slice text = {w->ptr, w->len};
    struct xd_slice behind = xd_slice_sub(text, 1, DPD_BARCODE);
    bool checked =
        text.len > DPD_BARCODE && xd_slice_digits(xd_slice_sub(text, text.len - 21, 20)) &&
        xd_check_digit(XD_CHECK_MOD37_36, xd_slice_sub(text, text.len - 1 - DPD_BARCODE,
                                                       DPD_BARCODE)) == text.ptr[text.len - 1];

    if (text.len == DPD_BARCODE + 1 && checked) {
        w->len--;
    } else if (text.ptr[0] == 'I' && ((text.len == DPD_BARCODE + 1 && xd_slice_digits(behind)) ||
                                      (text.len == DPD_BARCODE + 2 && checked))) {
        memmove(w->ptr, w->ptr + 1, DPD_BARCODE);
        w->len = DPD_BARCODE;
    }
}

static void
settle_form(struct writer *w)
{
    struct xd_slice text = {w->ptr, w->len};
    bool sscc = text.len == 20 && text.ptr[0] == '0' && text.ptr[1] == '0' && xd_slice_digits(text);

    if (sscc && xd_check_gs1(xd_slice_sub(text, 2, 17)) == text.ptr[19]) {
        memmove(w->ptr, w->ptr + 2, 18);
        w->len = 18;
    } else if (has_two_forms(text) && text.ptr[0] == 'J') {
        put(w, "J", 1); /* only for its room */
        memmove(w->ptr + 1, w->ptr, w->failed ? 0 : text.len);
        w->ptr[0] = 'J';
    } else if (text.len == DPD_BARCODE + 1 || text.len == DPD_BARCODE + 2) {
        drop_dpd_marks(w);
    }
}

bool
xd_parcel_code_canonical(const struct xd_identifiers *ids, struct xd_slice code, char *buffer,
                         size_t size, struct xd_slice *out)
{
    struct writer w = {buffer, 0, size, false};

    *out = code;
    if (is_plain(code) && !has_two_forms(code)) {
        return true;
    }
    struct xd_slice inner = xd_strip_marks(code);
    put_all(&ids->look_alikes, inner.len ? inner : code, &w); /* a code of marks only is one */
    if (w.failed) {
        return false;
    }
    drop_brackets(&w);
    settle_form(&w);
    if (w.failed) {
        return false;
    }
    *out = xd_slice_of(w.ptr, w.len);
    return true;
}

struct xd_slice
xd_parcel_code_key(const struct xd_identifiers *ids, struct xd_slice code, struct xd_arena *arena)
{
    char buffer[128]; /* longer than any code that fits on a label; others take memory */
    bool fits = code.len < sizeof(buffer);
    char *room = fits ? buffer : xd_arena_alloc(arena, code.len + 1);
    struct xd_slice key = code;

    if (!room || !xd_parcel_code_canonical(ids, code, room, code.len + 1, &key)) {
        return code;
    }
    return fits && key.ptr == buffer ? xd_arena_copy(arena, key) : key;
}
