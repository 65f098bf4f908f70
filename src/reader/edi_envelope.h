/*
 * Headers and trailers nest the same way in EDIFACT and X12: interchange, group, message. What
 * differs is how their headers are read, and that is what a syntax supplies here.
 */
#ifndef XD_READER_EDI_ENVELOPE_H
#define XD_READER_EDI_ENVELOPE_H

#include "reader/edi.h"

/* What became of a segment that only one syntax knows. */
enum xd_edi_special {
    XD_EDI_NOT_SPECIAL,
    XD_EDI_TAKEN,
    XD_EDI_STOP, /* the rest of the document is not read */
};

struct xd_edi_envelope {
    /* Tags, padded to three characters with NUL. */
    const char *starts[2]; /* with which an interchange starts; the second may be NULL */
    const char *trailer;
    const char *group_header;
    const char *group_trailer;
    const char *message_header;
    const char *message_trailer;
    const char *answer; /* type of message that is an acknowledgement; NULL when groups tell that */
    char terminator;    /* that may stand in front of the first header */
    bool counts_groups; /* the trailer of the interchange always counts groups */
    /* The header of a group or message is in hand, and the one before is closed. */
    void (*take_group)(struct xd_edi *edi);
    void (*take_message)(struct xd_edi *edi);
    enum xd_edi_special (*take_special)(struct xd_edi *edi, uint32_t key);
    /* An interchange starts at scan.at; false when reading should not go on. */
    bool (*read_interchange)(struct xd_edi *edi);
    /* True when a header that can be read stands at the start of `rest`. */
    bool (*is_start)(struct xd_slice rest);
};

/* Checks the envelope segment in hand against its definition. */
void xd_edi_check_service(struct xd_edi *edi, enum xd_edi_level level);

/* Closes the group that is open: its trailer did not come before something else began. */
void xd_edi_end_group(struct xd_edi *edi);

/* True for a character that a partner may choose as separator. */
bool xd_edi_may_separate(char c);

/* Goes to the next header that can be read, at the byte `from` or behind it, or to the end of the
 * text: what comes after an interchange whose header cannot be read. */
void xd_edi_find_interchange(struct xd_edi *edi, size_t from);

/* Without the blanks and terminators that it starts with. */
struct xd_slice xd_edi_skip_terminators(struct xd_slice head, char terminator);

/* Reads up to the trailer of the interchange; false when reading should not go on. */
bool xd_edi_read_segments(struct xd_edi *edi);

/* Reads the interchanges of the document and settles what it was worth. */
void xd_edi_read_interchanges(struct xd_edi *edi);

#endif
