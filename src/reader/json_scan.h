/*
 * Finds its way through JSON text without building anything: where a value begins and ends. jansson
 * says whether what lies between is right; this says where it lies, which jansson forgets, and lets
 * a file of a million orders be read one order at a time.
 */
#ifndef XD_READER_JSON_SCAN_H
#define XD_READER_JSON_SCAN_H

#include "base/slice.h"

struct xd_json_scan {
    struct xd_slice text;
    size_t at;
    size_t depth_limit;
    bool too_deep; /* why the last step failed */
};

/* Moves behind blanks (RFC 8259: space, tab, line ends). */
void xd_json_blanks(struct xd_json_scan *scan);

/* Moves behind blanks and `c`; false, staying, when something else comes. */
bool xd_json_char(struct xd_json_scan *scan, char c);

/* Moves behind blanks and one value, giving its bytes. False where none begins or the text ends
 * inside it; what is inside is not judged. */
bool xd_json_value(struct xd_json_scan *scan, struct xd_slice *value);

/* The same for a string that is a key, and the colon behind it; *key is without quotes, escapes as
 * they stand. */
bool xd_json_key(struct xd_json_scan *scan, struct xd_slice *key);

/* True when `text` holds "KEY" with a colon behind it. */
bool xd_json_has_key(struct xd_slice text, const char *key, bool nocase);

#endif
