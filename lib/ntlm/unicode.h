/* unicode.h - UTF-16LE of the wire, UTF-8 of everything else.
 *
 * Upper-casing is never the C library's (which follows the process's locale):
 * NTLM hashes a user name upper-cased by a fixed 1:1 table of UTF-16 units.
 * There is more than one such table among clients, hence the rules below.
 */
#ifndef NTLM_UNICODE_H
#define NTLM_UNICODE_H

#include "wire.h"

/* How a client may have upper-cased the user name before hashing it. */
typedef enum unicode_rule_t {
    UNICODE_UPPER_WINDOWS7, /* Windows 7 and later; keeps the final sigma as it is */
    UNICODE_UPPER_NT4,      /* Windows XP and earlier, Samba: fewer letters, maps final sigma */
    UNICODE_UPPER_ASCII,    /* a to z only: curl and others */
    UNICODE_RULE_COUNT
} unicode_rule_t;

/* One UTF-16 unit upper-cased. Surrogates and unknown units come back as they are. */
uint16_t unicode_upper(uint16_t unit, unicode_rule_t rule);

/* Appends text (UTF-16LE, even length) to out, upper-cased. */
void unicode_write_upper(writer_t *out, bytes_t text, unicode_rule_t rule);

/* Appends OEM bytes to out as UTF-16LE, each byte zero-extended: the code page
 * of an OEM client is unknown, and ASCII is what they agree on. */
void unicode_write_oem(writer_t *out, bytes_t oem);

/* The code point that *utf8 points to, in text that ends with a NUL; *utf8 moves on behind it. What
 * RFC 3629 does not allow is UNICODE_NO_CHARACTER, and one byte. */
enum { UNICODE_NO_CHARACTER = 0xFFFFFFF };
uint32_t unicode_next(const char **utf8);

/* Appends UTF-8 text to out as UTF-16LE. Gives false, and may have written a
 * part, when the text is not valid UTF-8 (RFC 3629) or does not fit. */
bool unicode_write_utf8(writer_t *out, const char *utf8);

/* UTF-16LE to a NUL-terminated UTF-8 string in out[cap], for names that decide
 * something: gives NULL, or (static text) why the name is refused: an odd
 * length, a lone surrogate, no room, or a character that no name holds: control
 * characters (NUL too), and those that are not seen, so that two names may look the
 * same (zero-width, bidirectional, byte order marks, separators of lines). */
const char *unicode_name(bytes_t utf16, char *out, size_t cap);

/* The same for text that is only shown: what unicode_name() refuses becomes
 * U+FFFD, and what does not fit is left out. */
void unicode_show(bytes_t utf16, char *out, size_t cap);

/* Compares two UTF-8 names without regard to case, units folded by the tables
 * above (both, so that names equal under either are equal here). Gives <0, 0,
 * >0 like strcmp, an order fit for sorting. Bytes that are not UTF-8 compare
 * as themselves. */
int unicode_casecmp(const char *a, const char *b);

/* Appends a UTF-8 name to out as UTF-16LE, folded: names that are equal for unicode_casecmp(),
 * and no others, become the same bytes. Gives false as unicode_write_utf8() does. */
bool unicode_write_folded(writer_t *out, const char *utf8);

/* The rule of unicode_name() for UTF-8: NULL, or (static text) why it is no name. */
const char *unicode_check_name(const char *utf8);
bool unicode_is_name(const char *utf8);

#endif
