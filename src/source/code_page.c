/*
 * The tables of the world's code pages are the C library's; here is only the way from one byte to
 * its code point and back.
 */
#include "source/code_page.h"

#include <iconv.h>

static uint16_t
code_point_of(iconv_t converter, char byte)
{
    unsigned char pair[2] = {0, 0};
    char *in = &byte;
    char *out = (char *)pair;
    size_t in_left = 1;
    size_t out_left = sizeof(pair);

    (void)iconv(converter, NULL, NULL, NULL, NULL);
    if (iconv(converter, &in, &in_left, &out, &out_left) == (size_t)-1 || out_left != 0) {
        return 0;
    }
    return (uint16_t)(pair[0] | pair[1] << 8);
}

bool
xd_code_page_learn(struct xd_code_page *page, struct xd_slice name)
{
    char text[32];
    iconv_t converter;

    if (name.len >= sizeof(text)) {
        return false;
    }
    memcpy(text, name.ptr, name.len);
    text[name.len] = '\0';
    converter = iconv_open("UCS-2LE", text);
    if (converter == (iconv_t)-1) {
        return false;
    }
    for (unsigned i = 0; i < 128; i++) {
        page->high[i] = code_point_of(converter, (char)(0x80 + i));
    }
    (void)iconv_close(converter);
    return true;
}

unsigned char
xd_code_page_byte(const struct xd_code_page *page, uint32_t code_point)
{
    if (code_point >= 0x80 && code_point <= 0xff && page->high[code_point - 0x80] == code_point) {
        return (unsigned char)code_point;
    }
    for (unsigned i = 0; i < 128; i++) {
        if (page->high[i] == code_point && code_point != 0) {
            return (unsigned char)(0x80 + i);
        }
    }
    return 0;
}
