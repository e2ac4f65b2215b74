#include "envelope.h"

#include "header_text.h"
#include "layout.h"
#include "plain_text.h"
#include "token_text.h"

enum {
    SIGNATURE,
    TYPE_SWAPPED,
    TYPE_2,
    TYPE_WRONG,
    TYPE_UNKNOWN,
    FLAGS_SWAPPED,
    NO_CHARSET,
    TOO_SHORT,
    TOO_LONG,
};

const remark_row_t envelope_remarks[] = {
    [SIGNATURE] = {.id = "signature",
                   .kind = REMARK_CAUSE,
                   .sentence = "the message does not begin with NTLMSSP and a zero byte",
                   .source = "MS-NLMP 2.2.1"},
    [TYPE_SWAPPED] = {.id = "type-big-endian",
                      .kind = REMARK_CAUSE,
                      .sentence = "MessageType is big endian",
                      .source = "MS-NLMP 2.2.1"},
    [TYPE_2] = {.id = "type2-sent",
                .kind = REMARK_CAUSE,
                .sentence =
                    "a CHALLENGE_MESSAGE (Type 2) came from the client: only servers send it",
                .source = "MS-NLMP 2.2.1.2"},
    [TYPE_WRONG] = {.id = "type-wrong",
                    .kind = REMARK_CAUSE,
                    .sentence =
                        "MessageType says 1, and the rest is an AUTHENTICATE_MESSAGE (Type 3)",
                    .source = "MS-NLMP 2.2.1.3"},
    [TYPE_UNKNOWN] = {.id = "type-unknown",
                      .kind = REMARK_CAUSE,
                      .sentence = "MessageType is neither 1 nor 3",
                      .source = "MS-NLMP 2.2.1"},
    [FLAGS_SWAPPED] = {.id = "type1-flags-big-endian",
                       .kind = REMARK_CAUSE,
                       .sentence = "NegotiateFlags of the Type 1 are big endian",
                       .source = "MS-NLMP 2.2.2.5"},
    [NO_CHARSET] = {.id = "type1-without-charset",
                    .kind = REMARK_CAUSE,
                    .sentence = "the Type 1 offers neither Unicode nor OEM strings",
                    .source = "MS-NLMP 2.2.2.5"},
    [TOO_SHORT] = {.id = "type1-too-short",
                   .kind = REMARK_CAUSE,
                   .sentence = "the Type 1 ends before its NegotiateFlags do",
                   .source = "MS-NLMP 2.2.1.1"},
    [TOO_LONG] = {.id = "type1-too-long",
                  .kind = REMARK_CAUSE,
                  .sentence = "the Type 1 is longer than 2048 bytes",
                  .source = "MS-NLMP 2.2.1.1"},
    {.id = NULL},
};

static uint32_t swapped(uint32_t value)
{
    return value << 24 | (value & 0xFF00) << 8 | (value >> 8 & 0xFF00) | value >> 24;
}

enum { TYPE_AT = 8 };

/* A Type 3 whose type is another: mended, it is whole. */
static bool is_type3_else(bytes_t message)
{
    uint8_t memory[LAYOUT_MAX];
    writer_t out = writer_to(memory, sizeof memory);
    write_bytes(&out, text_part(message, 0, TYPE_AT));
    write_u32(&out, 3);
    write_bytes(&out, bytes_from(message, TYPE_AT + 4));
    return !out.overflow && layout_fits(written(&out), NTLMSSP_NEGOTIATE_UNICODE);
}

static int about_type1(bytes_t message)
{
    const uint32_t charsets = NTLMSSP_NEGOTIATE_UNICODE | NTLM_NEGOTIATE_OEM;
    const uint32_t sure = NTLMSSP_NEGOTIATE_NTLM;
    reader_t in = reader_over(bytes_from(message, TYPE_AT + 4));
    const uint32_t flags = read_u32(&in);
    if (in.error) return TOO_SHORT;
    if (message.len > NTLM_TYPE1_MAX) return TOO_LONG;
    if (is_type3_else(message)) return TYPE_WRONG;
    if (flags & charsets) return -1;
    return swapped(flags) & charsets && swapped(flags) & sure ? FLAGS_SWAPPED : NO_CHARSET;
}

static int about_message(bytes_t message)
{
    reader_t in = reader_over(bytes_from(message, TYPE_AT));
    if (!message_is_ntlm(message)) return SIGNATURE;
    const uint32_t type = read_u32(&in);
    if (swapped(type) >= 1 && swapped(type) <= 3) return TYPE_SWAPPED;
    if (type == 1) return about_type1(message);
    if (type == 2) return TYPE_2;
    return type == 3 ? -1 : TYPE_UNKNOWN;
}

void envelope_causes(diagnosis_t *diagnosis, const subject_t *subject)
{
    uint8_t memory[TOKEN_ROOM];
    writer_t room = writer_to(memory, sizeof memory);
    if (subject->let_in) return;
    const bytes_t message = header_message(subject, &room);
    const int row = message.len > 0 ? about_message(message) : -1;
    if (row >= 0) diagnosis_add(diagnosis, &envelope_remarks[row], NULL);
}
