/*
 * The words that inputs use for terms and channels, in one place for every reader.
 */
#include "duty/quote.h"

struct word {
    const char *text;
    int value;
};

static bool
find_word(struct xd_slice text, const struct word *words, size_t count, int *out)
{
    text = xd_slice_trim(text);
    for (size_t i = 0; i < count; i++) {
        if (xd_slice_ieq(text, xd_slice_str(words[i].text))) {
            *out = words[i].value;
            return true;
        }
    }
    return false;
}

bool
xd_incoterm_parse(struct xd_slice text, enum xd_incoterm *out)
{
    static const struct word WORDS[] = {
        {"DDP", XD_INCOTERM_DDP},
        {"DDU", XD_INCOTERM_DDU},
        {"DAP", XD_INCOTERM_DDU},
        {"hidden-ddp", XD_INCOTERM_HIDDEN_DDP},
        {"hidden forced DDP", XD_INCOTERM_HIDDEN_DDP},
        {"partial-ddp-duty", XD_INCOTERM_PARTIAL_DUTY},
        {"partial-ddp-tax", XD_INCOTERM_PARTIAL_TAX},
        {"partial forced DDP", XD_INCOTERM_PARTIAL_TAX},
        {"", XD_INCOTERM_DDU},
    };
    int value;

    if (!find_word(text, WORDS, sizeof(WORDS) / sizeof(WORDS[0]), &value)) {
        return false;
    }
    *out = (enum xd_incoterm)value;
    return true;
}

bool
xd_channel_parse(struct xd_slice text, enum xd_channel *out, bool *by_air)
{
    enum { AIR = 16 };
    static const struct word WORDS[] = {
        {"", XD_CHANNEL_UNKNOWN},
        {"post", XD_CHANNEL_POST},
        {"postal", XD_CHANNEL_POST},
        {"courier", XD_CHANNEL_COURIER},
        {"express", XD_CHANNEL_COURIER},
        {"freight", XD_CHANNEL_FREIGHT},
        {"air", XD_CHANNEL_FREIGHT + AIR},
        {"air-freight", XD_CHANNEL_FREIGHT + AIR},
        {"air-courier", XD_CHANNEL_COURIER + AIR},
    };
    int value;

    if (!find_word(text, WORDS, sizeof(WORDS) / sizeof(WORDS[0]), &value)) {
        return false;
    }
    *out = (enum xd_channel)(value % AIR);
    *by_air = value >= AIR;
    return true;
}
