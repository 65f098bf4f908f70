/*
 * The one table of limits. Readers ask for a number by its name here, and the finding that a limit
 * was hit names the setting that moves it.
 */
#ifndef XD_REFERENCE_LIMITS_H
#define XD_REFERENCE_LIMITS_H

#include "reference/embedded.h"

#define XD_LIMITS(X)                                                                               \
    X(INPUT_BYTES, "input-bytes")                                                                  \
    X(ARCHIVE_BYTES, "archive-bytes")                                                              \
    X(ARCHIVE_ENTRY_BYTES, "archive-entry-bytes")                                                  \
    X(ARCHIVE_RATIO, "archive-ratio")                                                              \
    X(ARCHIVE_ENTRIES, "archive-entries")                                                          \
    X(ARCHIVE_NESTING, "archive-nesting")                                                          \
    X(ARCHIVE_NAME_BYTES, "archive-name-bytes")                                                    \
    X(CSV_FIELD_BYTES, "csv-field-bytes")                                                          \
    X(CSV_RECORD_BYTES, "csv-record-bytes")                                                        \
    X(CSV_COLUMNS, "csv-columns")                                                                  \
    X(CSV_HEADER_BYTES, "csv-header-bytes")                                                        \
    X(ROWS, "rows")                                                                                \
    X(XML_DEPTH, "xml-depth")                                                                      \
    X(XML_ELEMENTS, "xml-elements")                                                                \
    X(XML_TEXT_BYTES, "xml-text-bytes")                                                            \
    X(XML_TAG_BYTES, "xml-tag-bytes")                                                              \
    X(XML_ATTRIBUTES, "xml-attributes")                                                            \
    X(JSON_DEPTH, "json-depth")                                                                    \
    X(JSON_ITEM_BYTES, "json-item-bytes")                                                          \
    X(EDI_SEGMENT_BYTES, "edi-segment-bytes")                                                      \
    X(EDI_ELEMENTS, "edi-elements")                                                                \
    X(EDI_COMPONENTS, "edi-components")                                                            \
    X(EDI_MESSAGES, "edi-messages")                                                                \
    X(FINDINGS_KEPT, "findings-kept")

enum xd_limit {
#define X(upper, name) XD_LIMIT_##upper,
    XD_LIMITS(X)
#undef X
        XD_LIMIT_COUNT
};

struct xd_limit_row {
    struct xd_slice name;
    uint64_t value;
    uint64_t most; /* that a setting may give it */
    struct xd_slice unit;
    struct xd_slice what;
};

struct xd_limits {
    struct xd_limit_row of[XD_LIMIT_COUNT];
};

/* Loads schemas/reference/limits.tsv; the texts live as long as the tables. */
bool xd_limits_load(struct xd_limits *limits, const struct xd_tables *tables, struct xd_error *err);

/* Sets one from "NAME=NUMBER", the form of --limit. EX_USAGE in *err when there is no such limit or
 * number. */
bool xd_limits_set(struct xd_limits *limits, const char *assignment, struct xd_error *err);

static inline uint64_t
xd_limit(const struct xd_limits *limits, enum xd_limit limit)
{
    return limits->of[limit].value;
}

#endif
