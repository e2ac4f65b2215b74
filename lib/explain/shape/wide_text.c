#include "wide_text.h"

#include <string.h>

#include "../../ntlm/name.h"
#include "../../ntlm/unicode.h"
#include "plain_text.h"

enum { NAME_ROOM = 2 * NTLM_DOMAIN_MAX + 2, UTF8_ROOM = 3 * NTLM_DOMAIN_MAX + 1 };

uint16_t wide_unit(bytes_t text, size_t index)
{
    reader_t in = reader_over(bytes_from(text, 2 * index));
    return read_u16(&in);
}

static bool is_name(bytes_t utf16)
{
    char utf8[UTF8_ROOM];
    return utf16.len > 0 && !unicode_name(utf16, utf8, sizeof utf8);
}

bool wide_is_bytes(bytes_t text)
{
    size_t ascii = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text_is_one_of(text.data[i], TEXT_NAME "./\\@:$ "))
            ascii++;
        else if (text.data[i] < 0x80)
            return false;
    }
    return text.len > 1 && 2 * ascii >= text.len;
}

bool wide_is_utf8(bytes_t text)
{
    char copy[NAME_ROOM];
    const char *at = copy;
    bool beyond_ascii = false;
    if (text.len >= sizeof copy || !wide_is_bytes(text)) return false;
    memcpy(copy, text.data, text.len);
    copy[text.len] = '\0';
    while (*at) {
        const uint32_t point = unicode_next(&at);
        if (point == UNICODE_NO_CHARACTER) return false;
        beyond_ascii |= point > 0x7F;
    }
    return beyond_ascii;
}

/* Most units are Latin letters then, and none is one as it stands. */
bool wide_is_big_endian(bytes_t text)
{
    uint8_t swapped[NAME_ROOM];
    size_t latin = 0;
    if (text.len % 2 != 0 || text.len > sizeof swapped) return false;
    for (size_t i = 0; i < text.len; i += 2) {
        swapped[i] = text.data[i + 1];
        swapped[i + 1] = text.data[i];
        latin += text.data[i] == 0;
        if (text.data[i + 1] == 0) return false;
    }
    return 4 * latin >= text.len && is_name((bytes_t){swapped, text.len});
}

bool wide_ends_in_nul(bytes_t text)
{
    return text.len > 2 && text.len % 2 == 0 && wide_unit(text, text.len / 2 - 1) == 0 &&
           is_name(text_part(text, 0, text.len - 2));
}
