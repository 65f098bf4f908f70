/*
 * Spreadsheet columns count in letters without a zero: after Z comes AA, as after 9 would come 11
 * if there were no 0.
 */
#include "model/place.h"

#include <stddef.h>

#define LETTERS     26
#define LAST_COLUMN (LETTERS + LETTERS * LETTERS + LETTERS * LETTERS * LETTERS)

void
xd_column_letters(unsigned column, char letters[XD_LETTERS_MAX])
{
    char reversed[XD_LETTERS_MAX];
    size_t len = 0;

    for (; column > 0 && column <= LAST_COLUMN; column = (column - 1) / LETTERS) {
        reversed[len++] = (char)('A' + (column - 1) % LETTERS);
    }
    for (size_t i = 0; i < len; i++) {
        letters[i] = reversed[len - 1 - i];
    }
    letters[len] = '\0';
}
