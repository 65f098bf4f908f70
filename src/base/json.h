/*
 * JSON written as it goes: a report of a million findings never exists as a tree. Only writing;
 * reading is jansson's. The text is RFC 8259, two blanks an indent, so that a person and a diff can
 * read it too.
 */
#ifndef XD_BASE_JSON_H
#define XD_BASE_JSON_H

#include "base/buf.h"

#define XD_JSON_DEPTH_MAX 16

struct xd_json {
    struct xd_buf *buf;
    unsigned depth;
    bool filled[XD_JSON_DEPTH_MAX]; /* the object or array at this depth has a member */
    char closing[XD_JSON_DEPTH_MAX];
    bool compact; /* one line, no blanks: for JSON Lines */
};

void xd_json_init(struct xd_json *json, struct xd_buf *buf, bool compact);

/* Each takes the member's name, or NULL inside an array and at the top. */
void xd_json_object(struct xd_json *json, const char *name);
void xd_json_array(struct xd_json *json, const char *name);
void xd_json_text(struct xd_json *json, const char *name, struct xd_slice value);
void xd_json_u64(struct xd_json *json, const char *name, uint64_t value);
void xd_json_i64(struct xd_json *json, const char *name, int64_t value);
void xd_json_bool(struct xd_json *json, const char *name, bool value);
void xd_json_null(struct xd_json *json, const char *name);

/* Closes the innermost object or array; the outermost ends with a line end. */
void xd_json_end(struct xd_json *json);

/* The value in quotes, escaped. Bytes that are not UTF-8 become U+FFFD, so the text is always
 * valid. */
void xd_json_quote(struct xd_buf *buf, struct xd_slice value);

#endif
