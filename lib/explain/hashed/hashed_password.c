#include "hashed_password.h"

#include <string.h>

#include "../../ntlm/crypto.h"
#include "../../ntlm/unicode.h"
#include "digests.h"
#include "password_mistakes.h"

enum { PASSWORD_ROOM = 8192 };

/* ---- other bytes of the right text ---- */

/* UTF-16LE becomes what is hashed. */
static bool as_utf16be(writer_t *out, bytes_t utf16)
{
    digest_write_utf16be(out, utf16);
    return true;
}

static bool with_bom(writer_t *out, bytes_t utf16)
{
    write_u16(out, 0xFEFF);
    write_bytes(out, utf16);
    return true;
}

static bool with_nul(writer_t *out, bytes_t utf16)
{
    write_bytes(out, utf16);
    write_u16(out, 0);
    return true;
}

/* One byte a character, as long as it has one. */
static bool as_latin1(writer_t *out, bytes_t utf16)
{
    for (reader_t in = reader_over(utf16); in.at < utf16.len;) {
        const uint16_t unit = read_u16(&in);
        if (unit > 0xFF) return false;
        const uint8_t byte = (uint8_t)unit;
        write_bytes(out, (bytes_t){&byte, 1});
    }
    return true;
}

static bool as_utf32(writer_t *out, bytes_t utf16)
{
    for (reader_t in = reader_over(utf16); in.at < utf16.len;) write_u32(out, read_u16(&in));
    return true;
}

/* As Java's "UTF-16" does it. */
static bool as_utf16be_with_bom(writer_t *out, bytes_t utf16)
{
    write_u16(out, 0xFFFE);
    return as_utf16be(out, utf16);
}

/* What stands there at 0x80 to 0x9F; 0: nothing. */
static uint8_t in_cp1252(uint16_t unit)
{
    static const uint16_t units[32] = {
        0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
        0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
        0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};
    for (uint8_t i = 0; i < 32; i++)
        if (units[i] == unit && unit != 0) return (uint8_t)(0x80 + i);
    return 0;
}

/* Only where it is not ISO 8859-1. */
static bool as_cp1252(writer_t *out, bytes_t utf16)
{
    bool differs = false;
    for (reader_t in = reader_over(utf16); in.at < utf16.len;) {
        const uint16_t unit = read_u16(&in);
        const uint8_t own = in_cp1252(unit), byte = own ? own : (uint8_t)unit;
        if (!own && unit > 0xFF) return false;
        differs |= own != 0;
        write_bytes(out, (bytes_t){&byte, 1});
    }
    return differs;
}

/* UTF-16LE becomes what is hashed; false: it does not apply. */
static bool (*const of_bytes[PASSWORD_MISTAKES])(writer_t *out, bytes_t utf16) = {
    [PASSWORD_UTF16BE] = as_utf16be,  [PASSWORD_BOM] = with_bom,
    [PASSWORD_NUL_BEHIND] = with_nul, [PASSWORD_LATIN1] = as_latin1,
    [PASSWORD_UTF32] = as_utf32,      [PASSWORD_UTF16BE_BOM] = as_utf16be_with_bom,
    [PASSWORD_CP1252] = as_cp1252,
};

/* ---- all of them ---- */

static bool to_utf16(writer_t *out, bytes_t utf8)
{
    char text[PASSWORD_ROOM / 2];
    if (utf8.len >= sizeof text) return false;
    memcpy(text, utf8.data, utf8.len);
    text[utf8.len] = '\0';
    const bool ok = unicode_write_utf8(out, text);
    secret_wipe(text, sizeof text);
    return ok;
}

static bool hash_text(int mistake, bytes_t utf8, uint8_t key[NTLM_KEY_LEN])
{
    uint8_t changed[PASSWORD_ROOM / 2], room[PASSWORD_ROOM];
    writer_t text = writer_to(changed, sizeof changed), utf16 = writer_to(room, sizeof room);
    const bool ok = password_text(&text, mistake, utf8) && !text.overflow &&
                    to_utf16(&utf16, written(&text)) && md4(written(&utf16), key);
    secret_wipe(changed, sizeof changed);
    secret_wipe(room, sizeof room);
    return ok;
}

static bool hash_bytes(int mistake, bytes_t utf16, uint8_t key[NTLM_KEY_LEN])
{
    uint8_t room[2 * PASSWORD_ROOM];
    writer_t out = writer_to(room, sizeof room);
    const bool ok = of_bytes[mistake](&out, utf16) && !out.overflow && md4(written(&out), key);
    secret_wipe(room, sizeof room);
    return ok;
}

static bool hash_with_nul(bytes_t utf8, uint8_t key[NTLM_KEY_LEN])
{
    uint8_t room[PASSWORD_ROOM];
    if (utf8.len >= sizeof room) return false;
    memcpy(room, utf8.data, utf8.len);
    room[utf8.len] = 0;
    const bool ok = md4((bytes_t){room, utf8.len + 1}, key);
    secret_wipe(room, sizeof room);
    return ok;
}

/* The key that a mistake comes to; utf16: the right text. */
static bool make(hashed_password_t *made, int mistake, bytes_t utf8, bytes_t utf16,
                 const uint8_t nt_hash[NTLM_KEY_LEN])
{
    const bytes_t right = {nt_hash, NTLM_KEY_LEN};
    made->mistake = &hashed_password_remarks[mistake];
    made->len = NTLM_KEY_LEN;
    if (mistake < PASSWORD_TEXTS) return hash_text(mistake, utf8, made->key);
    if (of_bytes[mistake]) return hash_bytes(mistake, utf16, made->key);
    if (mistake == PASSWORD_UTF8) return md4(utf8, made->key);
    if (mistake == PASSWORD_UTF8_NUL) return hash_with_nul(utf8, made->key);
    if (mistake == PASSWORD_HASH_MD5) return md5(utf16, made->key);
    if (mistake == PASSWORD_HASH_MD5_UTF8) return md5(utf8, made->key);
    if (mistake == PASSWORD_HASH_TWICE) return md4(right, made->key);
    made->len = HASHED_KEY_MAX;
    hex_write((char *)made->key, right);
    for (size_t i = 0; mistake == PASSWORD_HASH_HEX_UPPER && i < made->len; i++)
        if (made->key[i] >= 'a') made->key[i] ^= 'a' ^ 'A';
    return true;
}

/* A password of ASCII alone is the same in ISO 8859-1 as in UTF-8: one mistake. */
static bool is_another(const hashed_password_t *list, size_t count, const hashed_password_t *made,
                       const uint8_t nt_hash[NTLM_KEY_LEN])
{
    const remark_row_t *utf8 = &hashed_password_remarks[PASSWORD_UTF8];
    if (made->len == NTLM_KEY_LEN && secret_equal(made->key, nt_hash, NTLM_KEY_LEN)) return false;
    if (made->mistake != &hashed_password_remarks[PASSWORD_LATIN1]) return true;
    for (size_t i = 0; i < count; i++)
        if (list[i].mistake == utf8 && secret_equal(list[i].key, made->key, NTLM_KEY_LEN))
            return false;
    return true;
}

size_t hashed_passwords(hashed_password_t list[HASHED_PASSWORDS_MAX], bytes_t utf8,
                        const uint8_t nt_hash[NTLM_KEY_LEN])
{
    uint8_t room[PASSWORD_ROOM];
    writer_t utf16 = writer_to(room, sizeof room);
    size_t count = 0;
    if (!to_utf16(&utf16, utf8)) return 0;
    for (int mistake = 0; mistake < PASSWORD_MISTAKES; mistake++)
        if (make(&list[count], mistake, utf8, written(&utf16), nt_hash) &&
            is_another(list, count, &list[count], nt_hash))
            count++;
    secret_wipe(room, sizeof room);
    return count;
}
