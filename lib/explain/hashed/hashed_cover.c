#include "hashed_cover.h"

#include <string.h>

#include "digests.h"

/* ---- the Type 3 ---- */

enum { CUT_OUT = 1, ALL_ONES, AT_64, APPENDED, NO_PAYLOAD, VERSION_LATER, FLAGS_LATER, KEY_LATER };

const remark_row_t mic_field_remarks[] = {
    [CUT_OUT -
     1] = {.id = "mic-field-cut-out",
           .kind = REMARK_CAUSE,
           .sentence =
               "the MIC was computed over a Type 3 from which its field was cut out, not zeroed",
           .source = "MS-NLMP 3.1.5.1.2"},
    [ALL_ONES - 1] = {.id = "mic-field-not-zeroed",
                      .kind = REMARK_CAUSE,
                      .sentence = "the MIC was computed while its field was 0xFF, not zeros",
                      .source = "MS-NLMP 3.1.5.1.2"},
    [AT_64 - 1] = {.id = "mic-before-version",
                   .kind = REMARK_CAUSE,
                   .sentence =
                       "the MIC stands at 64, where the Version belongs: the Type 3 has both",
                   .source = "MS-NLMP 3.1.5.1.2"},
    [APPENDED - 1] = {.id = "bytes-after-mic",
                      .kind = REMARK_CAUSE,
                      .sentence =
                          "bytes were appended behind the Type 3 after the MIC was computed",
                      .source = "MS-NLMP 3.1.5.1.2"},
    [NO_PAYLOAD - 1] = {.id = "mic-over-header",
                        .kind = REMARK_CAUSE,
                        .sentence = "the MIC was computed over the header of the Type 3 alone",
                        .source = "MS-NLMP 3.1.5.1.2"},
    [VERSION_LATER - 1] = {.id = "version-after-mic",
                           .kind = REMARK_CAUSE,
                           .sentence = "the Version was filled in after the MIC was computed",
                           .source = "MS-NLMP 3.1.5.1.2"},
    [FLAGS_LATER - 1] = {.id = "flags-after-mic",
                         .kind = REMARK_CAUSE,
                         .sentence = "NegotiateFlags were changed after the MIC was computed",
                         .source = "MS-NLMP 3.1.5.1.2"},
    [KEY_LATER - 1] = {.id = "session-key-after-mic",
                       .kind = REMARK_CAUSE,
                       .sentence = "EncryptedRandomSessionKey was zeros while the MIC was "
                                   "computed, and was filled in later",
                       .source = "MS-NLMP 3.1.5.1.2"},
    {.id = NULL},
};

enum { AT_FLAGS = 60, AT_VERSION = 64, VERSION_LEN = 8 };

static bytes_t first(bytes_t bytes, size_t len)
{
    return (bytes_t){bytes.data, len < bytes.len ? len : bytes.len};
}

static void append(covered_parts_t *parts, bytes_t bytes)
{
    parts->part[parts->count++] = bytes;
}

/* Where the last of the fields ends. */
static size_t payload_end(const type3_t *type3)
{
    const bytes_t fields[] = {type3->lm,   type3->nt,          type3->domain,
                              type3->user, type3->workstation, type3->session_key};
    size_t end = type3->payload;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (fields[i].len == 0) continue;
        const size_t at = (size_t)(fields[i].data - type3->message.data) + fields[i].len;
        if (at > end) end = at;
    }
    return end;
}

/* Puts others for bytes of the message before the MIC. */
static void append_changed(covered_parts_t *parts, bytes_t message, size_t at, bytes_t others)
{
    append(parts, first(message, at));
    append(parts, others);
    append(parts, bytes_from(message, at + others.len));
}

/* Behind the MIC, where it stands; a claim with a MIC has it there. */
static size_t session_key_at(const covered_t *covered)
{
    const type3_t *type3 = covered->type3;
    return (size_t)(type3->session_key.data - type3->message.data) - covered->mic_at - NTLM_MIC_LEN;
}

static void append_type3(covered_parts_t *parts, const covered_t *covered)
{
    static const uint8_t zeros[NTLM_MIC_LEN];
    static const uint8_t ones[NTLM_MIC_LEN] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                               0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    const bytes_t message = covered->type3->message, none = {zeros, NTLM_MIC_LEN};
    const bytes_t before = first(message, covered->mic_at);
    bytes_t field = none, behind = bytes_from(message, covered->mic_at + NTLM_MIC_LEN);
    switch (covered->field_way) {
    case AT_64: append_changed(parts, message, AT_VERSION, none); return;
    case VERSION_LATER: append_changed(parts, before, AT_VERSION, first(none, VERSION_LEN)); break;
    case FLAGS_LATER:
        append_changed(parts, before, AT_FLAGS, (bytes_t){covered->flags, sizeof covered->flags});
        break;
    default: append(parts, before); break;
    }
    if (covered->field_way == ALL_ONES) field = (bytes_t){ones, NTLM_MIC_LEN};
    if (covered->field_way != CUT_OUT) append(parts, field);
    if (covered->field_way == NO_PAYLOAD) return;
    if (covered->field_way == APPENDED)
        behind = first(behind, payload_end(covered->type3) - covered->mic_at - NTLM_MIC_LEN);
    if (covered->field_way == KEY_LATER)
        append_changed(parts, behind, session_key_at(covered), none);
    else
        append(parts, behind);
}

/* ---- the messages ---- */

enum { NO_TYPE1 = 1, NO_TYPE2, TYPE3_ONLY, NO_TYPE3, TURNED, BASE64, SHORT_TYPE1, OTHER_TYPE1 };

const remark_row_t mic_cover_remarks[] = {
    [NO_TYPE1 - 1] = {.id = "mic-without-type1",
                      .kind = REMARK_CAUSE,
                      .sentence = "the MIC does not cover the Type 1",
                      .source = "MS-NLMP 3.1.5.1.2"},
    [NO_TYPE2 - 1] = {.id = "mic-without-type2",
                      .kind = REMARK_CAUSE,
                      .sentence = "the MIC does not cover the Type 2",
                      .source = "MS-NLMP 3.1.5.1.2"},
    [TYPE3_ONLY - 1] = {.id = "mic-over-type3-only",
                        .kind = REMARK_CAUSE,
                        .sentence = "the MIC covers the Type 3 alone",
                        .source = "MS-NLMP 3.1.5.1.2"},
    [NO_TYPE3 - 1] = {.id = "mic-without-type3",
                      .kind = REMARK_CAUSE,
                      .sentence = "the MIC does not cover the Type 3",
                      .source = "MS-NLMP 3.1.5.1.2"},
    [TURNED - 1] = {.id = "mic-type2-first",
                    .kind = REMARK_CAUSE,
                    .sentence = "the MIC covers the Type 2 first, and then the Type 1",
                    .source = "MS-NLMP 3.1.5.1.2"},
    [BASE64 - 1] = {.id = "mic-over-base64",
                    .kind = REMARK_CAUSE,
                    .sentence = "the MIC covers the base64 of the messages, not their bytes",
                    .source = "MS-NLMP 3.1.5.1.2"},
    [SHORT_TYPE1 - 1] = {.id = "mic-over-type1-without-version",
                         .kind = REMARK_CAUSE,
                         .sentence = "the MIC covers a Type 1 without the Version that was sent",
                         .source = "MS-NLMP 3.1.5.1.2"},
    [OTHER_TYPE1 - 1] = {.id = "mic-over-other-type1",
                         .kind = REMARK_CAUSE,
                         .sentence =
                             "the MIC covers a Type 1 with other NegotiateFlags than were sent",
                         .source = "MS-NLMP 3.1.5.1.2"},
    {.id = NULL},
};

enum { TYPE1_FLAGS = 12, TYPE1_SHORT = 32 };

static void append_type1(covered_parts_t *parts, const covered_t *covered)
{
    const bytes_t type1 = covered->type1;
    if (covered->cover_way == OTHER_TYPE1)
        append_changed(parts, type1, TYPE1_FLAGS, (bytes_t){covered->flags, sizeof covered->flags});
    else
        append(parts, covered->cover_way == SHORT_TYPE1 ? first(type1, TYPE1_SHORT) : type1);
}

static void append_messages(covered_parts_t *parts, const covered_t *covered)
{
    const unsigned way = covered->cover_way;
    if (way == TURNED) append(parts, covered->type2);
    if (way != NO_TYPE1 && way != TYPE3_ONLY) append_type1(parts, covered);
    if (way != NO_TYPE2 && way != TYPE3_ONLY && way != TURNED) append(parts, covered->type2);
    if (way != NO_TYPE3) append_type3(parts, covered);
}

static void encode_part(writer_t *out, const covered_parts_t *parts, size_t from, size_t to)
{
    uint8_t room[COVERED_MAX];
    writer_t whole = writer_to(room, sizeof room);
    for (size_t i = from; i < to; i++) write_bytes(&whole, parts->part[i]);
    digest_write_base64(out, written(&whole), 0);
    if (whole.overflow) out->overflow = true;
}

/* Each message by itself. */
static bool encode(covered_parts_t *parts, writer_t *out)
{
    encode_part(out, parts, 0, 1);
    encode_part(out, parts, 1, 2);
    encode_part(out, parts, 2, parts->count);
    *parts = (covered_parts_t){.part = {written(out)}, .count = 1};
    return !out->overflow;
}

bool covered_parts(const covered_t *covered, writer_t *room, covered_parts_t *parts)
{
    const type3_t *type3 = covered->type3;
    if (covered->field_way == APPENDED && payload_end(type3) == type3->message.len) return false;
    if (covered->field_way == KEY_LATER && type3->session_key.len != NTLM_KEY_LEN) return false;
    parts->count = 0;
    append_messages(parts, covered);
    return covered->cover_way != BASE64 || encode(parts, room);
}

covered_flags_t covered_flags(const covered_t *covered)
{
    covered_flags_t flags = {.wanted = false};
    if (covered->cover_way == OTHER_TYPE1)
        flags = (covered_flags_t){true, covered->type1, TYPE1_FLAGS};
    if (covered->field_way == FLAGS_LATER)
        flags = (covered_flags_t){true, covered->type3->message, AT_FLAGS};
    return flags;
}

size_t covered_mic_at(const covered_t *covered)
{
    return covered->field_way == AT_64 ? (size_t)AT_VERSION : covered->mic_at;
}
