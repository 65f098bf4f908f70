/*
 * What a layout's owner demands of the name of a file. Global-e matches a manifest to its merchant
 * and day by the name alone, so a wrong one is worth a word before the file is sent on.
 */
#ifndef XD_READER_FILE_NAME_H
#define XD_READER_FILE_NAME_H

#include "model/finding.h"

/*
 * Holds `name` (folders before it do not count) against `pattern`: letters as they stand,
 * {merchant} for one or more characters, {ddmmyyyyhhmm} for twelve digits that are a real point in
 * time; an extension may follow. Gives XD_F_NONE, XD_F_CSV_FILE_NAME when the shape differs, or
 * XD_F_CSV_FILE_NAME_DATE with *span on the digits.
 */
enum xd_finding_code xd_file_name_check(struct xd_slice pattern, struct xd_slice name,
                                        struct xd_span *span);

#endif
