#include "strings.h"

#include <string.h>

#include "wide_text.h"

enum {
    OEM,
    UTF8,
    BIG_ENDIAN,
    NUL,
    BOM,
    WIDE,
    SURROGATE,
    HALF,
};

const remark_row_t strings_remarks[] = {
    [OEM] = {.id = "oem-under-unicode",
             .kind = REMARK_CAUSE,
             .sentence = "names came one byte a character, where the CHALLENGE has chosen Unicode",
             .source = "MS-NLMP 2.2.2.5"},
    [UTF8] = {.id = "strings-utf8",
              .kind = REMARK_CAUSE,
              .sentence =
                  "names came in UTF-8, where the CHALLENGE has chosen Unicode, which is UTF-16LE",
              .source = "MS-NLMP 2.2.2.5"},
    [BIG_ENDIAN] = {.id = "strings-utf16be",
                    .kind = REMARK_CAUSE,
                    .sentence = "names came in UTF-16BE: it is little endian in every message",
                    .source = "MS-NLMP 2.2.1.3"},
    [NUL] = {.id = "strings-nul",
             .kind = REMARK_CAUSE,
             .sentence = "a NUL ends the names: their lengths do not count one",
             .source = "MS-NLMP 2.2.1.3"},
    [BOM] = {.id = "user-bom",
             .kind = REMARK_CAUSE,
             .sentence = "a byte order mark stands in front of a name",
             .source = "MS-NLMP 2.2.1.3"},
    [WIDE] = {.id = "unicode-under-oem",
              .kind = REMARK_CAUSE,
              .sentence = "names came in UTF-16, where the CHALLENGE has chosen OEM strings",
              .source = "MS-NLMP 2.2.2.5"},
    [SURROGATE] = {.id = "user-half-surrogate",
                   .kind = REMARK_CAUSE,
                   .sentence =
                       "a name holds half of a surrogate pair: it was cut, or made of wrong units",
                   .source = "MS-NLMP 2.2.1.3"},
    [HALF] = {.id = "strings-half-unit",
              .kind = REMARK_CAUSE,
              .sentence =
                  "a name has an odd number of bytes, where the CHALLENGE has chosen Unicode",
              .source = "MS-NLMP 2.2.2.5"},
    {.id = NULL},
};

enum { NAMES = 3 };

/* ---- of all names that are not empty ---- */

static bool all(const bytes_t names[NAMES], bool (*is)(bytes_t))
{
    size_t count = 0;
    for (int i = 0; i < NAMES; i++) {
        if (names[i].len == 0) continue;
        if (!is(names[i])) return false;
        count++;
    }
    return count > 0;
}

static bool any(const bytes_t names[NAMES], bool (*is)(bytes_t))
{
    for (int i = 0; i < NAMES; i++)
        if (is(names[i])) return true;
    return false;
}

static bool has_mark(bytes_t name)
{
    const uint16_t first = wide_unit(name, 0);
    return first == 0xFEFF || first == 0xFFFE;
}

static bool has_half_unit(bytes_t name)
{
    return name.len % 2 != 0;
}

static bool has_half_pair(bytes_t name)
{
    bool high = false;
    for (size_t i = 0; i < name.len / 2; i++) {
        const uint16_t kind = wide_unit(name, i) & 0xFC00;
        if (high != (kind == 0xDC00)) return true;
        high = kind == 0xD800;
    }
    return high;
}

static bool is_wide_latin(bytes_t name)
{
    size_t latin = 0;
    for (size_t i = 0; i + 1 < name.len; i += 2) latin += name.data[i] != 0 && !name.data[i + 1];
    return name.len % 2 == 0 && 4 * latin >= name.len && name.len > 0;
}

/* One name alone, of which the others are right. */
static bool is_surely_bytes(bytes_t name)
{
    enum { SURE = 8 };
    return name.len >= SURE && wide_is_bytes(name);
}

static bool is_surely_big_endian(bytes_t name)
{
    enum { SURE = 8 };
    return name.len >= SURE && wide_is_big_endian(name);
}

/* Two or three characters of a script of Asia may look like ASCII. */
static bool are_sure(const bytes_t names[NAMES])
{
    enum { SURE = 7 };
    return any(names, has_half_unit) || names[0].len + names[1].len + names[2].len >= SURE;
}

/* ---- what is wrong ---- */

static int about_unicode(const bytes_t names[NAMES])
{
    if (any(names, has_mark)) return BOM;
    if (any(names, is_surely_bytes) || (all(names, wide_is_bytes) && are_sure(names)))
        return any(names, wide_is_utf8) ? UTF8 : OEM;
    if (all(names, wide_is_big_endian) || any(names, is_surely_big_endian)) return BIG_ENDIAN;
    if (any(names, wide_ends_in_nul)) return NUL;
    return any(names, has_half_unit) ? HALF : any(names, has_half_pair) ? SURROGATE : -1;
}

static int about_names(const ntlm_claim_t *claim)
{
    const type3_t *type3 = &claim->type3;
    const bytes_t names[NAMES] = {type3->user, type3->domain, type3->workstation};
    if (claim->unicode) return about_unicode(names);
    return all(names, is_wide_latin) ? WIDE : -1;
}

/* The names were looked at, and are none, or nobody's. */
static bool names_are_refused(const replay_t *replay)
{
    if (replay->status == NTLM_NO_SUCH_USER) return true;
    return replay->status == NTLM_MALFORMED && replay_passed(replay, "response") &&
           !replay_passed(replay, "names");
}

void strings_causes(diagnosis_t *diagnosis, const subject_t *subject)
{
    const replay_t *replay = subject->replay;
    if (!replay || !names_are_refused(replay) || diagnosis->causes.count > 0) return;
    const int row = about_names(&replay->claim);
    if (row < 0) return;
    const bool says_so = row == OEM && !(replay->claim.type3.flags & NTLMSSP_NEGOTIATE_UNICODE);
    diagnosis_add(diagnosis, &strings_remarks[row], says_so ? "%s" : NULL,
                  "the flags of the Type 3 choose OEM, too");
}
