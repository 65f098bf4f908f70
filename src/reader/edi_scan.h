/*
 * Cuts an EDI document into segments and their parts. A stretch of text is compared with all
 * separators, 64 bytes at a time, and only their places are kept; a segment is then a run of those
 * places, so nothing of it is copied or looked at twice. The release character is followed from
 * left to right from the start of a segment, so that its parity is right wherever a run of them
 * lies.
 */
#ifndef XD_READER_EDI_SCAN_H
#define XD_READER_EDI_SCAN_H

#include "base/arena.h"

/* What ends a part: bits, so that what ended the parts of a segment can be gathered. */
enum xd_edi_stop {
    XD_EDI_STOP_COMPONENT = 0,
    XD_EDI_STOP_ELEMENT = 1,
    XD_EDI_STOP_REPEAT = 3, /* ends an element too */
    XD_EDI_STOP_SEGMENT = 4,
    XD_EDI_STOP_TEXT = 8, /* nothing but the end of the text that was looked through */
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

/* The places in a stretch of text that mean something, counted from its first byte. */
struct xd_edi_marks {
    const char *text;
    const char *wide_end; /* in front of it 16 bytes can be read */
    uint32_t *ends; /* separators that are not protected by a release character; behind the last one
                       the end of the text */
    uint8_t *stops; /* enum xd_edi_stop of each; behind the last one XD_EDI_STOP_TEXT */
    uint32_t *odd;  /* release characters, and bytes outside the repertoire; behind the last one
                       UINT32_MAX */
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
    /* Private: the stretch that was looked through last. */
    char wanted[5][16]; /* the separators, sixteen times each */
    uint8_t kinds[256]; /* enum xd_edi_stop of the separators */
    struct xd_edi_marks window;
    size_t window_at; /* byte of the text at which it starts */
    size_t window_len;
    size_t expected;           /* where `at` stands unless somebody moved it; SIZE_MAX: nowhere */
    uint32_t next_end;         /* of window.ends: not yet in a segment */
    uint32_t next_odd;         /* of window.odd */
    char *joined;              /* room for a segment without the line ends inside it */
    struct xd_edi_marks joint; /* its marks */
    /* The segment found last. */
    const char *base;     /* the text it lies in: the window, or `joined` */
    const char *wide_end; /* in front of it 16 bytes of that text can be read */
    uint32_t from;        /* its first byte, counted from there */
    size_t offset;        /* byte of the text where it starts */
    size_t size;          /* bytes, terminator not counted */
    uint32_t count;       /* parts: the tag is part 0 */
    const uint32_t *ends; /* [count] where each part ends, counted from `base` */
    const uint8_t *stops; /* [count] enum xd_edi_stop of each; 16 can be read, and 16 of the ends */
    /* Its elements, when xd_edi_scan_split found them. */
    bool split;
    bool beyond;                  /* more elements than the limit */
    const uint32_t *element_part; /* first part of each from 1; then one behind the last part */
    uint32_t *element_room;       /* for those of this segment */
    uint32_t elements;            /* behind the tag, at most element_limit */
    uint32_t repeated;            /* an element that is repeated, or 0 */
    /* What is odd about it. */
    bool escaped;   /* some part of it holds release characters */
    bool odd;       /* some byte of it is outside the repertoire */
    bool wrapped;   /* line ends stood inside it and were left out */
    uint32_t empty; /* terminators with nothing between them in front of it */
};

/* The limits are set; takes room for segments of that size from the arena. False when there is
 * none. */
bool xd_edi_scan_init(struct xd_edi_scan *scan, struct xd_slice text, struct xd_arena *arena);

/* To be called after the separators or the repertoire were set. */
void xd_edi_scan_separators(struct xd_edi_scan *scan);

/* The next segment, not split into elements yet. */
enum xd_edi_scan_status xd_edi_scan_next(struct xd_edi_scan *scan);

/* Finds the elements of the segment. */
void xd_edi_scan_split(struct xd_edi_scan *scan);

/* First byte of a part, counted from `base`. */
static inline uint32_t
xd_edi_part_begin(const struct xd_edi_scan *scan, uint32_t index)
{
    return index ? scan->ends[index - 1] + 1 : scan->from;
}

/* Components stand behind the tag, as in "LIN:1:2+...", which tells the nesting of groups. */
static inline bool
xd_edi_tag_is_composite(const struct xd_edi_scan *scan)
{
    return scan->stops[0] == XD_EDI_STOP_COMPONENT;
}

/* Part `index` as it stands, release characters still inside. */
static inline struct xd_slice
xd_edi_part(const struct xd_edi_scan *scan, uint32_t index)
{
    uint32_t begin = xd_edi_part_begin(scan, index);

    return xd_slice_of(scan->base + begin, scan->ends[index] - begin);
}

/* True when release characters stand in a part. */
static inline bool
xd_edi_is_escaped(const struct xd_edi_scan *scan, struct xd_slice part)
{
    return scan->escaped && part.len && memchr(part.ptr, scan->release, part.len);
}

/* The same as xd_edi_part_offset when line ends were left out of the segment. */
size_t xd_edi_wrapped_offset(const struct xd_edi_scan *scan, uint32_t index);

/* Byte of the text at which part `index` starts. */
static inline size_t
xd_edi_part_offset(const struct xd_edi_scan *scan, uint32_t index)
{
    if (scan->wrapped) {
        return xd_edi_wrapped_offset(scan, index);
    }
    return scan->offset + (xd_edi_part_begin(scan, index) - scan->from);
}

#endif
