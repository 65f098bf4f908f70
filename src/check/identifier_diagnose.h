/*
 * Why a number is wrong. Only wrong numbers come here, so that care may cost more than the check
 * itself. Inside check/ only.
 */
#ifndef XD_CHECK_IDENTIFIER_DIAGNOSE_H
#define XD_CHECK_IDENTIFIER_DIAGNOSE_H

#include "check/identifier_match.h"
#include "model/finding.h"

/* Damage that shows in the value alone: scientific notation, digits replaced by zeros, an empty
 * value. */
bool xd_diagnose_damage(const struct xd_clean *clean, struct xd_diagnosis *out);

/* A right number that a spreadsheet made all the same: so many zeros at its end that only few
 * honest numbers have them. The text is not empty. */
bool xd_diagnose_rounded(const struct xd_clean *clean, struct xd_diagnosis *out);

/* The shortest text of which xd_diagnose_rounded can be true, told by two characters: asked of
 * every right number. */
#define XD_ROUNDED_LENGTH 20

static inline bool
xd_may_be_rounded(struct xd_slice text)
{
    return text.len >= XD_ROUNDED_LENGTH && text.ptr[text.len - 1] == '0' &&
           text.ptr[text.len - 5] == '0';
}

/* The text fits the shape, but its check character is wrong. */
void xd_diagnose_check(const struct xd_identifiers *ids, const struct xd_shape *shape,
                       const struct xd_clean *clean, struct xd_diagnosis *out);

/* A letter for a digit or the other way round: true when putting it right makes the number right.
 */
bool xd_diagnose_look_alike(const struct xd_identifiers *ids, const struct xd_shape *shape,
                            const struct xd_clean *clean, struct xd_diagnosis *out);

/* What is wrong with a number of `scheme` that none of its shapes takes, the most telling reason
 * first. */
void xd_diagnose_scheme(const struct xd_identifiers *ids, const struct xd_scheme *scheme,
                        const struct xd_clean *clean, struct xd_diagnosis *out);

/* How far a diagnosis is from a guess: 3 a certain repair, 2 a wrong check character, 1 shape only.
 */
int xd_diagnosis_weight(const struct xd_diagnosis *diagnosis);

#endif
