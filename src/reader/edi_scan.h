/*
 * Cuts an EDI document into segments and their parts. Sixteen bytes are compared with all
 * separators at once; the release character is followed left to right from the start of a segment,
 * so that its parity is right wherever a run of them lies.
 */
#ifndef XD_READER_EDI_SCAN_H
#define XD_READER_EDI_SCAN_H

#include "base/arena.h"

/* What ends a part. */
enum xd_edi_stop {
    XD_EDI_STOP_SEGMENT,
    XD_EDI_STOP_ELEMENT,
    XD_EDI_STOP_COMPONENT,
    XD_EDI_STOP_REPEAT,
    XD_EDI_STOP_RELEASE,        /* ends nothing: protects the next byte */
    XD_EDI_STOP_ESCAPED = 0x80, /* added when the part holds release characters */
};

/* The characters that a level of ISO 9735 allows in data beside the separators. */
enum xd_edi_repertoire {
    XD_EDI_PRINTABLE, /* all of ASCII; other bytes are odd */
    XD_EDI_LEVEL_A,   /* capital letters, digits and space . , - ( ) / = ! " % & * ; < > */
    XD_EDI_LEVEL_B,   /* the same with small letters */
};

enum xd_edi_scan_status {
    XD_EDI_SCAN_SEGMENT,
    XD_EDI_SCAN_END,      /* nothing but line ends and blanks was left */
    XD_EDI_SCAN_TOO_LONG, /* a segment beyond the limit: skipped to its end, only its first bytes
                             are told */
    XD_EDI_SCAN_OPEN,     /* the text ends before the segment does: the segment is told as far as it
                             goes */
};

struct xd_edi_scan {
    const char *text;
    size_t len;
    size_t at; /* next byte to look at */
    char element;
    char component;
    char segment;
    char release;                      /* 0: none */
    char repeat;                       /* 0: none */
    enum xd_edi_repertoire repertoire; /* what is odd */
    size_t limit;                      /* bytes of a segment */
    size_t element_limit;
    size_t component_limit;
    char wanted[5][16];     /* the separators, sixteen times each */
    uint8_t kinds[256];     /* enum xd_edi_stop of the separators */
    uint32_t *ends;         /* [limit + 3] where each part ends, counted from the segment's start */
    uint8_t *stops;         /* [limit + 3] enum xd_edi_stop, and XD_EDI_STOP_ESCAPED */
    uint32_t *element_part; /* [element_limit + 2] first part of each element from 1; then one
                               behind the last part */
    char *joined;           /* room for a segment without the line ends inside it */
    /* The segment found last. */
    const char *start; /* its first byte: in the text, or in `joined` */
    size_t offset;     /* byte of the text where it starts */
    size_t size;       /* bytes, terminator not counted */
    uint32_t count;    /* parts: the tag is part 0 */
    uint32_t elements; /* behind the tag, at most element_limit */
    uint32_t repeated; /* an element that is repeated, or 0 */
    bool beyond;       /* more elements than the limit */
    bool escaped;      /* some part of it holds release characters */
    bool odd;          /* some byte of it is outside the repertoire */
    bool wrapped;      /* line ends stood inside it and were left out */
    uint32_t empty;    /* terminators with nothing between them in front of it */
};

/* The limits are set; takes room for segments of that size from the arena. False when there is
 * none. */
bool xd_edi_scan_init(struct xd_edi_scan *scan, struct xd_slice text, struct xd_arena *arena);

/* To be called after the separators were set. */
void xd_edi_scan_separators(struct xd_edi_scan *scan);

enum xd_edi_scan_status xd_edi_scan_next(struct xd_edi_scan *scan);

/* Part `index` as it stands, release characters still inside. */
static inline struct xd_slice
xd_edi_part(const struct xd_edi_scan *scan, uint32_t index)
{
    uint32_t begin = index ? scan->ends[index - 1] + 1 : 0;

    return xd_slice_of(scan->start + begin, scan->ends[index] - begin);
}

/* The same when line ends were left out of the segment. */
size_t xd_edi_wrapped_offset(const struct xd_edi_scan *scan, uint32_t index);

/* Byte of the text at which part `index` starts. */
static inline size_t
xd_edi_part_offset(const struct xd_edi_scan *scan, uint32_t index)
{
    if (scan->wrapped) {
        return xd_edi_wrapped_offset(scan, index);
    }
    return scan->offset + (index ? scan->ends[index - 1] + 1 : 0);
}

#endif
