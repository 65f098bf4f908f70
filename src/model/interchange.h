/*
 * What an EDI partner must be told: which interchange came, which messages were in it, and what
 * became of each. The reader fills it; the acknowledgement writers turn it into CONTRL, TA1, 997 or
 * 999. Every slice is the partner's own bytes, escapes and all: what is mirrored must come back as
 * it was sent, and the acknowledgement uses the same separators.
 */
#ifndef XD_MODEL_INTERCHANGE_H
#define XD_MODEL_INTERCHANGE_H

#include "base/arena.h"
#include "base/slice.h"
#include "finding_codes.h"
#include "reference/edi_table.h"

enum xd_edi_verdict {
    XD_EDI_ACCEPTED,
    XD_EDI_ACCEPTED_WITH_ERRORS, /* findings that do not stop it */
    XD_EDI_REJECTED,
};

/* One entry of the syntax report. */
struct xd_edi_fault {
    struct xd_edi_fault *next;
    enum xd_finding_code code;
    uint32_t segment;   /* place in the message, UNH or ST being 1; 0: the message or envelope as a
                           whole */
    uint16_t element;   /* from 1; 0: the segment as a whole */
    uint16_t component; /* from 1; 0: the element as a whole */
    uint32_t node;      /* number of the level of an X12 hierarchy that is open there; 0: none */
    char tag[4];        /* of the segment, NUL-terminated */
    struct xd_slice value; /* the bad data; empty when something is missing */
};

struct xd_edi_faults {
    struct xd_edi_fault *first;
    struct xd_edi_fault *last;
    uint32_t kept;
    uint32_t count; /* kept or not */
};

/* UNH..UNT or ST..SE. */
struct xd_edi_message {
    struct xd_edi_message *next;
    struct xd_slice reference; /* 0062 or ST02 */
    struct xd_slice type;      /* "DESADV" or "856" */
    struct xd_slice identity;  /* EDIFACT: composite S009 as sent; X12: ST03, mostly empty */
    struct xd_slice
        document; /* 1004 of BGM, BSN02 or W0604: what the partner calls the message's content */
    struct xd_edi_faults faults;
    enum xd_edi_verdict verdict;
    bool answer;        /* an acknowledgement itself: it is neither read nor answered */
    uint32_t segments;  /* UNH/ST and UNT/SE counted */
    uint32_t first_row; /* rows handed on have the numbers first_row .. first_row + rows - 1 */
    uint32_t rows;      /* 0 when rejected */
};

/* UNG..UNE or GS..GE; an EDIFACT interchange without groups has one whose `present` is false. */
struct xd_edi_group {
    struct xd_edi_group *next;
    bool present;
    bool answer;               /* its messages are acknowledgements */
    struct xd_slice function;  /* 0038 or GS01 */
    struct xd_slice sender;    /* S006 or GS02 */
    struct xd_slice recipient; /* S007 or GS03 */
    struct xd_slice reference; /* 0048 or GS06 */
    struct xd_slice version;   /* S008 or GS08 */
    struct xd_slice agency;    /* 0051 or GS07 */
    struct xd_edi_message *first;
    struct xd_edi_message *last;
    struct xd_edi_faults faults; /* of the group itself */
    enum xd_edi_verdict verdict;
    uint32_t messages; /* as counted */
    uint32_t accepted; /* of them */
    uint32_t declared; /* as the trailer says; the counted number when the trailer is missing */
};

struct xd_interchange {
    struct xd_interchange *next; /* in document order, over all documents of the run */
    enum xd_edi_syntax syntax;
    uint16_t document; /* index of the document */
    bool has_una;
    char element; /* separators, as sent */
    char component;
    char release; /* 0: none */
    char repeat;  /* 0: none */
    char segment;
    char decimal;
    struct xd_slice header; /* X12: the bytes of ISA; EDIFACT: of UNB, without terminator */
    struct xd_slice level;  /* S001 as sent */
    struct xd_slice sender; /* S002 as sent; X12: ISA05 and ISA06 with the separator between them */
    struct xd_slice recipient; /* S003 as sent; X12: ISA07 and ISA08 */
    struct xd_slice reference; /* 0020 or ISA13 */
    struct xd_slice date;      /* 0017 or ISA09 */
    struct xd_slice time;      /* 0019 or ISA10 */
    struct xd_slice agreement; /* 0032 */
    bool test;                 /* 0035 is 1, or ISA15 is T */
    bool has_answer;           /* it holds an acknowledgement */
    bool has_other;            /* and something else */
    char repertoire;           /* of text in EDIFACT: A capitals, B small letters too, 'a' all */
    struct xd_edi_group *first;
    struct xd_edi_group *last;
    struct xd_edi_faults faults; /* of the interchange itself */
    enum xd_edi_verdict verdict;
    uint32_t messages;
    uint32_t groups; /* the one without UNG included */
};

/* Adds a fault, which is borrowed, behind those of the same and of earlier segments: what is found
 * wrong with a segment later is told in its place. */
void xd_edi_faults_add(struct xd_edi_faults *faults, struct xd_edi_fault *fault);

/* Refuses what was accepted of a document that is refused as a whole, for the reason that is told
 * the merchant: its partner must not be told that it was taken. The fault lives in the arena. */
void xd_interchanges_refuse(struct xd_interchange *list, uint16_t document,
                            enum xd_finding_code code, struct xd_arena *arena);

#endif
