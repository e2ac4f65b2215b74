#include "show.h"

#include <inttypes.h>

#include "../finding/phrase.h"
#include "../ntlm/avpairs.h"
#include "../ntlm/unicode.h"

enum { WORDS_HEX = 2 * 64 + 1 };

/* ---- names ---- */

/* MS-NLMP names them r1 to r10 where they are reserved, and J has no name. */
static const char *const flag_names[32] = {"NTLMSSP_NEGOTIATE_UNICODE",
                                           "NTLM_NEGOTIATE_OEM",
                                           "NTLMSSP_REQUEST_TARGET",
                                           "r10",
                                           "NTLMSSP_NEGOTIATE_SIGN",
                                           "NTLMSSP_NEGOTIATE_SEAL",
                                           "NTLMSSP_NEGOTIATE_DATAGRAM",
                                           "NTLMSSP_NEGOTIATE_LM_KEY",
                                           "r9",
                                           "NTLMSSP_NEGOTIATE_NTLM",
                                           "r8",
                                           "NTLMSSP_NEGOTIATE_ANONYMOUS",
                                           "NTLMSSP_NEGOTIATE_OEM_DOMAIN_SUPPLIED",
                                           "NTLMSSP_NEGOTIATE_OEM_WORKSTATION_SUPPLIED",
                                           "r7",
                                           "NTLMSSP_NEGOTIATE_ALWAYS_SIGN",
                                           "NTLMSSP_TARGET_TYPE_DOMAIN",
                                           "NTLMSSP_TARGET_TYPE_SERVER",
                                           "r6",
                                           "NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY",
                                           "NTLMSSP_NEGOTIATE_IDENTIFY",
                                           "r5",
                                           "NTLMSSP_REQUEST_NON_NT_SESSION_KEY",
                                           "NTLMSSP_NEGOTIATE_TARGET_INFO",
                                           "r4",
                                           "NTLMSSP_NEGOTIATE_VERSION",
                                           "r3",
                                           "r2",
                                           "r1",
                                           "NTLMSSP_NEGOTIATE_128",
                                           "NTLMSSP_NEGOTIATE_KEY_EXCH",
                                           "NTLMSSP_NEGOTIATE_56"};

static const char *const av_flag_names[32] = {"ACCOUNT_AUTHENTICATION_CONSTRAINED", "MIC_PRESENT",
                                              "UNTRUSTED_SPN_SOURCE"};

/* ---- single values ---- */

static void show_bits(outline_t *out, const char *name, uint32_t flags, const char *const names[32])
{
    char number[11];
    snprintf(number, sizeof number, "0x%08" PRIx32, flags);
    outline_open(out, name, "%s", number);
    detail_text(out, "value", number);
    outline_open_list(out, "names");
    for (unsigned i = 0; i < 32; i++) {
        if (!(flags >> i & 1)) continue;
        outline_words(out, "", "%08" PRIx32 "  %s", UINT32_C(1) << i,
                      names[i] ? names[i] : "reserved");
        detail_text(out, NULL, names[i] ? names[i] : "reserved");
    }
    outline_close_list(out);
    outline_close(out);
}

void show_flags(outline_t *out, uint32_t flags)
{
    show_bits(out, "NegotiateFlags", flags, flag_names);
}

void show_version(outline_t *out, bytes_t version)
{
    reader_t in = reader_over(version);
    unsigned product = read_u16(&in), build = read_u16(&in);
    bytes_t rest = read_bytes(&in, 4);
    if (rest.len == 0) return;
    unsigned major = product & 0xFF, minor = product >> 8, revision = rest.data[3];
    outline_open(out, "Version", "%u.%u build %u, NTLMRevisionCurrent %u", major, minor, build,
                 revision);
    detail_number(out, "ProductMajorVersion", major);
    detail_number(out, "ProductMinorVersion", minor);
    detail_number(out, "ProductBuild", build);
    detail_number(out, "NTLMRevisionCurrent", revision);
    outline_close(out);
}

/* The FILETIME is a string of JSON: its numbers are good for 53 bits only. */
void show_time(outline_t *out, const char *name, uint64_t filetime)
{
    char words[PHRASE_TIME_ROOM], number[24];
    const char *utc = phrase_time(filetime, words);
    snprintf(number, sizeof number, "%" PRIu64, filetime);
    outline_open(out, name, "%s (%s)", utc, number);
    detail_text(out, "utc", utc);
    detail_text(out, "filetime", number);
    outline_close(out);
}

const char *show_words(bytes_t text, bool unicode, char room[TEXT_ROOM])
{
    uint8_t wide[2 * TEXT_SHOWN_MAX];
    writer_t out = writer_to(wide, sizeof wide);
    size_t max = unicode ? sizeof wide : sizeof wide / 2;
    if (text.len > max) text.len = max;
    if (!unicode) unicode_write_oem(&out, text);
    unicode_show(unicode ? text : written(&out), room, TEXT_ROOM);
    return room;
}

/* ---- AV pairs ---- */

static void show_value(outline_t *out, const av_pair_t *pair)
{
    char text[TEXT_ROOM], digits[WORDS_HEX];
    reader_t in = reader_over(pair->value);
    bool is_name = (pair->av_id >= MsvAvNbComputerName && pair->av_id <= MsvAvDnsTreeName) ||
                   pair->av_id == MsvAvTargetName;
    if (is_name) detail_text(out, "text", show_words(pair->value, true, text));
    if (is_name)
        outline_words(out, phrase_av_name(pair->av_id), "\"%s\"", text);
    else if (pair->av_id == MsvAvFlags && pair->value.len == 4)
        show_bits(out, "MsvAvFlags", read_u32(&in), av_flag_names);
    else if (pair->av_id == MsvAvTimestamp && pair->value.len == 8)
        show_time(out, "MsvAvTimestamp", read_u64(&in));
    else
        outline_words(out, phrase_av_name(pair->av_id), "%zu bytes: %s", pair->value.len,
                      hex_words(pair->value, digits, sizeof digits));
}

static void show_pair(outline_t *out, const av_pair_t *pair)
{
    detail_open(out, NULL);
    detail_number(out, "AvId", pair->av_id);
    detail_text(out, "name", phrase_av_name(pair->av_id));
    detail_number(out, "AvLen", pair->value.len);
    detail_hex(out, "value", pair->value);
    show_value(out, pair);
    detail_close(out);
}

void show_av_pairs(outline_t *out, const char *name, bytes_t pairs)
{
    reader_t in = reader_over(pairs);
    av_pair_t pair;
    const char *why = avpairs_check(pairs);
    outline_open(out, name, "%zu bytes", pairs.len);
    outline_open_list(out, "pairs");
    while (avpairs_next(&in, &pair)) show_pair(out, &pair);
    if (!in.error) outline_words(out, "MsvAvEOL", "%zu bytes follow it", pairs.len - in.at);
    outline_close_list(out);
    if (!in.error) detail_hex(out, "after_MsvAvEOL", bytes_from(pairs, in.at));
    if (why) outline_text(out, "error", why);
    outline_close(out);
}

/* ---- fields ---- */

static void show_content(outline_t *out, const char *name, bytes_t value, size_t offset,
                         field_kind_t kind)
{
    char text[TEXT_ROOM], digits[WORDS_HEX];
    if (kind != FIELD_BYTES) {
        show_words(value, kind == FIELD_UNICODE, text);
        outline_open(out, name, "\"%s\" (%zu bytes at %zu)", text, value.len, offset);
        detail_text(out, "text", text);
    } else {
        outline_open(out, name, "%zu bytes at %zu: %s", value.len, offset,
                     hex_words(value, digits, sizeof digits));
    }
    detail_hex(out, "value", value);
}

bytes_t show_field(outline_t *out, const char *name, reader_t *in, field_kind_t kind)
{
    reader_t inside = *in;
    bytes_t value = read_field(&inside);
    size_t len = read_u16(in), max_len = read_u16(in), offset = read_u32(in);
    if (in->error)
        outline_open(out, name, "the message ends before it");
    else if (inside.error)
        outline_open(out, name, "%zu bytes at %zu: outside of the message", len, offset);
    else if (len == 0)
        outline_open(out, name, "empty");
    else
        show_content(out, name, value, offset, kind);
    if (!in->error) {
        detail_number(out, "length", len);
        detail_number(out, "max_length", max_len);
        detail_number(out, "offset", offset);
    }
    if (inside.error) detail_text(out, "error", inside.error);
    outline_close(out);
    return value;
}
