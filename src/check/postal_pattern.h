/* What postal.c must give back of the patterns that postal_pattern.c keeps: no one else sees them.
 */
#ifndef XD_CHECK_POSTAL_PATTERN_H
#define XD_CHECK_POSTAL_PATTERN_H

struct xd_postal_patterns;

/* NULL is fine. */
void xd_postal_patterns_free(struct xd_postal_patterns *patterns);

#endif
