#include "hashed_password.h"

#include <string.h>

#include "../../ntlm/crypto.h"
#include "../../ntlm/unicode.h"
#include "digests.h"
#include "password_text.h"

enum { PASSWORD_ROOM = 8192 };

/* ---- other bytes of the right text ---- */

/* UTF-16LE becomes what is hashed. */
static bool as_utf16be(writer_t *out, bytes_t utf16)
{
    for (reader_t in = reader_over(utf16); in.at < utf16.len;) {
        const uint16_t unit = read_u16(&in);
        write_u16(out, (uint16_t)(unit << 8 | unit >> 8));
    }
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

/* ---- the table ---- */

/* Those of password_text.h, then: */
enum {
    UTF8 = PASSWORD_TEXTS,
    UTF16BE,
    BOM,
    NUL_BEHIND,
    LATIN1,
    UTF32,
    HASH_MD5,
    HASH_TWICE,
    HASH_HEX,
    MISTAKES
};

const remark_row_t hashed_password_remarks[] = {
    [PASSWORD_UPPER] = {.id = "password-upper-cased",
                        .kind = REMARK_CAUSE,
                        .sentence = "the password was upper-cased, as for LM hashes",
                        .source = "MS-NLMP 3.3.1"},
    [PASSWORD_LOWER] = {.id = "password-lower-cased",
                        .kind = REMARK_CAUSE,
                        .sentence = "the password was lower-cased",
                        .source = "MS-NLMP 3.3.1"},
    [PASSWORD_NEWLINE] = {.id = "password-newline",
                          .kind = REMARK_CAUSE,
                          .sentence = "the password was hashed with a newline behind it",
                          .source = "MS-NLMP 3.3.1"},
    [PASSWORD_CRLF] = {.id = "password-crlf",
                       .kind = REMARK_CAUSE,
                       .sentence = "the password was hashed with CR LF behind it",
                       .source = "MS-NLMP 3.3.1"},
    [PASSWORD_BLANK] = {.id = "password-blank",
                        .kind = REMARK_CAUSE,
                        .sentence = "the password was hashed with a blank behind it",
                        .source = "MS-NLMP 3.3.1"},
    [PASSWORD_TRIMMED] = {.id = "password-trimmed",
                          .kind = REMARK_CAUSE,
                          .sentence = "blanks at the ends of the password were left out",
                          .source = "MS-NLMP 3.3.1"},
    [PASSWORD_EMPTY] = {.id = "password-empty",
                        .kind = REMARK_CAUSE,
                        .sentence = "the empty password was hashed",
                        .source = "MS-NLMP 3.3.1"},
    [PASSWORD_URL_ENCODED] = {.id = "password-url-encoded",
                              .kind = REMARK_CAUSE,
                              .sentence = "the password was hashed %-encoded",
                              .source = "MS-NLMP 3.3.1"},
    [PASSWORD_URL_DECODED] = {.id = "password-url-decoded",
                              .kind = REMARK_CAUSE,
                              .sentence = "the password was %-decoded, or its + made a blank",
                              .source = "MS-NLMP 3.3.1"},
    [PASSWORD_NFD] = {.id = "password-nfd",
                      .kind = REMARK_CAUSE,
                      .sentence = "the password was hashed in Unicode's normal form D",
                      .source = "MS-NLMP 3.3.1"},
    [PASSWORD_CUT] = {.id = "password-cut",
                      .kind = REMARK_CAUSE,
                      .sentence = "the password was cut to 14 characters, as for LM hashes",
                      .source = "MS-NLMP 3.3.1"},
    [PASSWORD_QUOTED] = {.id = "password-quoted",
                         .kind = REMARK_CAUSE,
                         .sentence = "the password was hashed with quotes around it",
                         .source = "MS-NLMP 3.3.1"},
    [PASSWORD_CUT_AT_COLON] = {.id = "password-cut-at-colon",
                               .kind = REMARK_CAUSE,
                               .sentence = "the password was cut at its colon",
                               .source = "MS-NLMP 3.3.1"},
    [PASSWORD_CUT_AT_BLANK] = {.id = "password-cut-at-blank",
                               .kind = REMARK_CAUSE,
                               .sentence = "the password was cut at its blank",
                               .source = "MS-NLMP 3.3.1"},
    [PASSWORD_ESCAPED] = {.id = "password-escaped",
                          .kind = REMARK_CAUSE,
                          .sentence = "backslashes were put before signs of the password",
                          .source = "MS-NLMP 3.3.1"},
    [PASSWORD_UNESCAPED] = {.id = "password-unescaped",
                            .kind = REMARK_CAUSE,
                            .sentence = "backslashes of the password were taken for escapes",
                            .source = "MS-NLMP 3.3.1"},
    [PASSWORD_UTF8_AS_LATIN1] = {.id = "password-utf8-as-latin1",
                                 .kind = REMARK_CAUSE,
                                 .sentence =
                                     "each byte of the password's UTF-8 was taken for a character",
                                 .source = "MS-NLMP 3.3.1"},
    [PASSWORD_ASCII] = {.id = "password-ascii",
                        .kind = REMARK_CAUSE,
                        .sentence = "question marks stand for what is not ASCII in the password",
                        .source = "MS-NLMP 3.3.1"},
    [PASSWORD_ASCII_LEFT_OVER] = {.id = "password-ascii-only",
                                  .kind = REMARK_CAUSE,
                                  .sentence = "what is not ASCII in the password was left out",
                                  .source = "MS-NLMP 3.3.1"},
    [PASSWORD_BASE64] = {.id = "password-base64",
                         .kind = REMARK_CAUSE,
                         .sentence = "the password was hashed in base64",
                         .source = "MS-NLMP 3.3.1"},
    [UTF8] = {.id = "password-utf8",
              .kind = REMARK_CAUSE,
              .sentence = "the password was hashed as UTF-8 or ASCII, not as UTF-16LE",
              .source = "MS-NLMP 3.3.1"},
    [UTF16BE] = {.id = "password-utf16be",
                 .kind = REMARK_CAUSE,
                 .sentence = "the password was hashed as UTF-16 big endian",
                 .source = "MS-NLMP 3.3.1"},
    [BOM] = {.id = "password-bom",
             .kind = REMARK_CAUSE,
             .sentence = "the password was hashed with a byte order mark before it",
             .source = "MS-NLMP 3.3.1"},
    [NUL_BEHIND] = {.id = "password-nul",
                    .kind = REMARK_CAUSE,
                    .sentence = "the password was hashed with a NUL behind it",
                    .source = "MS-NLMP 3.3.1"},
    [LATIN1] = {.id = "password-latin1",
                .kind = REMARK_CAUSE,
                .sentence = "the password was hashed as ISO 8859-1",
                .source = "MS-NLMP 3.3.1"},
    [UTF32] = {.id = "password-utf32",
               .kind = REMARK_CAUSE,
               .sentence = "the password was hashed as UTF-32",
               .source = "MS-NLMP 3.3.1"},
    [HASH_MD5] = {.id = "nt-hash-md5",
                  .kind = REMARK_CAUSE,
                  .sentence = "the password was hashed with MD5, not with MD4",
                  .source = "MS-NLMP 3.3.1"},
    [HASH_TWICE] = {.id = "nt-hash-twice",
                    .kind = REMARK_CAUSE,
                    .sentence = "the NT hash was hashed again",
                    .source = "MS-NLMP 3.3.1"},
    [HASH_HEX] = {.id = "nt-hash-hex",
                  .kind = REMARK_CAUSE,
                  .sentence = "the NT hash was used in hex digits, not as 16 bytes",
                  .source = "MS-NLMP 3.3.1"},
    {.id = NULL},
};

/* UTF-16LE becomes what is hashed; false: it does not apply. */
static bool (*const of_bytes[MISTAKES])(writer_t *out, bytes_t utf16) = {
    [UTF16BE] = as_utf16be, [BOM] = with_bom,   [NUL_BEHIND] = with_nul,
    [LATIN1] = as_latin1,   [UTF32] = as_utf32,
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

/* The key that a mistake comes to; utf16: the right text. */
static bool make(hashed_password_t *made, int mistake, bytes_t utf8, bytes_t utf16,
                 const uint8_t nt_hash[NTLM_KEY_LEN])
{
    const bytes_t right = {nt_hash, NTLM_KEY_LEN};
    made->mistake = &hashed_password_remarks[mistake];
    made->len = NTLM_KEY_LEN;
    if (mistake < PASSWORD_TEXTS) return hash_text(mistake, utf8, made->key);
    if (of_bytes[mistake]) return hash_bytes(mistake, utf16, made->key);
    if (mistake == UTF8) return md4(utf8, made->key);
    if (mistake == HASH_MD5) return md5(utf16, made->key);
    if (mistake == HASH_TWICE) return md4(right, made->key);
    made->len = HASHED_KEY_MAX;
    hex_write((char *)made->key, right);
    return true;
}

/* A password of ASCII alone is the same in ISO 8859-1 as in UTF-8: one mistake. */
static bool is_another(const hashed_password_t *list, size_t count, const hashed_password_t *made,
                       const uint8_t nt_hash[NTLM_KEY_LEN])
{
    const remark_row_t *utf8 = &hashed_password_remarks[UTF8];
    if (made->len == NTLM_KEY_LEN && secret_equal(made->key, nt_hash, NTLM_KEY_LEN)) return false;
    if (made->mistake != &hashed_password_remarks[LATIN1]) return true;
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
    for (int mistake = 0; mistake < MISTAKES; mistake++)
        if (make(&list[count], mistake, utf8, written(&utf16), nt_hash) &&
            is_another(list, count, &list[count], nt_hash))
            count++;
    secret_wipe(room, sizeof room);
    return count;
}
