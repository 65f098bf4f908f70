/*
 * Columns as a spreadsheet names them: a person looks for column AC, not for the 29th.
 */
#ifndef XD_MODEL_PLACE_H
#define XD_MODEL_PLACE_H

#define XD_LETTERS_MAX 4 /* three letters and a NUL */

/* "A" for column 1, "Z" for 26, "AA" for 27; empty for 0 and for columns beyond ZZZ, the 18278th.
 */
void xd_column_letters(unsigned column, char letters[XD_LETTERS_MAX]);

#endif
