#include "smbpasswd.h"

#include <string.h>

static bool is_only(bytes_t text, uint8_t sign)
{
    size_t len = 0;
    while (len < text.len && text.data[len] == sign) len++;
    return len == text.len;
}

bool smbpasswd_is_no_hash(bytes_t text)
{
    const bytes_t words = bytes_of("NO PASSWORD");
    if (text.len != SMBPASSWD_DIGITS) return false;
    if (bytes_equal((bytes_t){text.data, words.len}, words)) text = bytes_from(text, words.len);
    return is_only(text, 'X') || is_only(text, '*');
}

void smbpasswd_blank(uint8_t nt_hash[NTLM_KEY_LEN])
{
    static const uint8_t blank[NTLM_KEY_LEN] = {0x31, 0xD6, 0xCF, 0xE0, 0xD1, 0x6A, 0xE9, 0x31,
                                                0xB7, 0x3C, 0x59, 0xD7, 0xE0, 0xC0, 0x89, 0xC0};
    memcpy(nt_hash, blank, sizeof blank);
}

bool smbpasswd_flags(bytes_t letters, smbpasswd_flags_t *flags)
{
    *flags = (smbpasswd_flags_t){0};
    for (size_t i = 0; i < letters.len; i++) {
        uint8_t letter = letters.data[i];
        if (letter != ' ' && (letter < 'A' || letter > 'Z')) return false;
        flags->disabled |= letter == 'D';
        flags->locked |= letter == 'L';
        flags->no_password |= letter == 'N';
        flags->is_computer |= letter == 'W' || letter == 'S' || letter == 'I';
    }
    return true;
}
