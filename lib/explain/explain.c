#include "explain.h"

#include "../ntlm/avpairs.h"
#include "../ntlm/message.h"
#include "show.h"

enum { HEADER_LEN = 12, NTLMV1_LEN = 24, TEXT_HEX = 2 * NTLM_MIC_LEN + 1 };

const char *message_name(bytes_t message)
{
    static const char *const names[] = {"no NTLM message", "NEGOTIATE_MESSAGE", "CHALLENGE_MESSAGE",
                                        "AUTHENTICATE_MESSAGE"};
    return names[message_type(message)];
}

static reader_t behind_header(bytes_t message)
{
    reader_t in = reader_over(message);
    (void)read_bytes(&in, HEADER_LEN);
    return in;
}

static void show_u32_flags(outline_t *out, reader_t *in, uint32_t *flags)
{
    *flags = read_u32(in);
    if (!in->error) show_flags(out, *flags);
}

/* ---- NEGOTIATE_MESSAGE ---- */

static const char *explain_type1(outline_t *out, bytes_t message)
{
    enum { FLAGS_END = 16, FIELDS_END = 32, VERSION_END = 40 };
    reader_t in = behind_header(message);
    type1_t type1;
    uint32_t flags;
    show_u32_flags(out, &in, &flags);
    if (message.len > FLAGS_END) {
        show_field(out, "DomainName", &in, FIELD_OEM);
        show_field(out, "Workstation", &in, FIELD_OEM);
    }
    if (flags & NTLMSSP_NEGOTIATE_VERSION && message.len >= VERSION_END)
        show_version(out, bytes_from(message, FIELDS_END));
    return type1_parse(message, &type1);
}

/* ---- CHALLENGE_MESSAGE ---- */

static const char *explain_type2(outline_t *out, conversation_t *conversation, bytes_t message)
{
    enum { FLAGS_AT = 20, VERSION_AT = 48 };
    reader_t in = behind_header(message), ahead = reader_over(message);
    type2_t type2;
    uint32_t flags;
    const char *why = type2_parse(message, &type2);
    (void)read_bytes(&ahead, FLAGS_AT);
    flags = read_u32(&ahead);
    show_field(out, "TargetName", &in,
               flags & NTLMSSP_NEGOTIATE_UNICODE ? FIELD_UNICODE : FIELD_OEM);
    show_u32_flags(out, &in, &flags);
    outline_hex(out, "ServerChallenge", read_bytes(&in, NTLM_CHALLENGE_LEN));
    outline_hex(out, "Reserved", read_bytes(&in, 8));
    bytes_t info = show_field(out, "TargetInfo", &in, FIELD_BYTES);
    if (flags & NTLMSSP_NEGOTIATE_VERSION) show_version(out, bytes_from(message, VERSION_AT));
    if (info.len > 0) show_av_pairs(out, "AvPairs", info);
    if (!why) *conversation = (conversation_t){true, flags};
    return why;
}

/* ---- AUTHENTICATE_MESSAGE ---- */

/* NTLMv2_RESPONSE and NTLMv2_CLIENT_CHALLENGE, MS-NLMP 2.2.2.7 and 2.2.2.8. */
static const char *explain_ntlmv2(outline_t *out, bytes_t nt)
{
    reader_t in = reader_over(nt);
    ntlmv2_response_t response;
    outline_open(out, "NTLMv2_RESPONSE", "%zu bytes", nt.len);
    outline_hex(out, "NTProofStr", read_bytes(&in, NTLM_PROOF_LEN));
    outline_hex(out, "RespType", read_bytes(&in, 1));
    outline_hex(out, "HiRespType", read_bytes(&in, 1));
    (void)read_bytes(&in, 6);
    uint64_t time = read_u64(&in);
    if (!in.error) show_time(out, "TimeStamp", time);
    outline_hex(out, "ChallengeFromClient", read_bytes(&in, 8));
    (void)read_bytes(&in, 4);
    if (!in.error) show_av_pairs(out, "AvPairs", bytes_from(nt, in.at));
    outline_close(out);
    return ntlmv2_response_parse(nt, &response);
}

/* The kinds of responses that have no name in their bytes. */
static const char *explain_response(outline_t *out, const type3_t *type3)
{
    if (type3->nt.len > NTLMV1_LEN) return explain_ntlmv2(out, type3->nt);
    if (type3->nt.len == NTLMV1_LEN)
        outline_text(out, "response", "NTLMv1 or NTLM2 session: NtChallengeResponse has 24 bytes");
    else if (type3->nt.len > 0)
        outline_text(out, "response", "unknown: NtChallengeResponse is too short");
    else
        outline_text(out, "response",
                     type3->user.len ? "LM or LMv2 only: there is no NtChallengeResponse"
                                     : "anonymous: there are neither UserName nor response");
    return NULL;
}

/* Nothing but MsvAvFlags says that there is a MIC; the layout says where. */
static void explain_mic(outline_t *out, const type3_t *type3)
{
    char digits[TEXT_HEX];
    ntlmv2_response_t response;
    size_t offset = type3_mic_offset(type3);
    bool readable = ntlmv2_response_parse(type3->nt, &response) == NULL;
    bool announced = readable && avpairs_flags(response.pairs) & MSV_AV_FLAG_MIC_PRESENT;
    bytes_t mic = {type3->message.data + offset, offset ? NTLM_MIC_LEN : 0};
    hex_words(mic, digits, sizeof digits);
    if (announced && !offset)
        outline_open(out, "MIC", "announced, but the payload begins at %zu: no room for it",
                     type3->payload);
    else if (announced)
        outline_open(out, "MIC", "%d bytes at %zu: %s", NTLM_MIC_LEN, offset, digits);
    else if (offset)
        outline_open(out, "MIC", "not announced by MsvAvFlags (bytes at %zu: %s)", offset, digits);
    else
        outline_open(out, "MIC", "none");
    detail_bool(out, "announced", announced);
    if (offset) detail_number(out, "offset", offset);
    if (offset) detail_hex(out, "value", mic);
    detail_number(out, "payload_offset", type3->payload);
    outline_close(out);
}

static void show_type3_fields(outline_t *out, reader_t *in, field_kind_t text)
{
    show_field(out, "LmChallengeResponse", in, FIELD_BYTES);
    show_field(out, "NtChallengeResponse", in, FIELD_BYTES);
    show_field(out, "DomainName", in, text);
    show_field(out, "UserName", in, text);
    show_field(out, "Workstation", in, text);
    show_field(out, "EncryptedRandomSessionKey", in, FIELD_BYTES);
}

static const char *explain_type3(outline_t *out, const conversation_t *conversation,
                                 bytes_t message)
{
    enum { FLAGS_AT = 60, VERSION_AT = 64, VERSION_END = 72 };
    reader_t in = behind_header(message), ahead = reader_over(message);
    type3_t type3;
    const char *why = type3_parse(message, &type3);
    (void)read_bytes(&ahead, FLAGS_AT);
    uint32_t flags = read_u32(&ahead);
    uint32_t decisive = conversation->challenged ? conversation->flags : flags;
    bool unicode = decisive & NTLMSSP_NEGOTIATE_UNICODE || ahead.error;
    show_type3_fields(out, &in, unicode ? FIELD_UNICODE : FIELD_OEM);
    show_u32_flags(out, &in, &flags);
    if (why) return why;
    if (flags & NTLMSSP_NEGOTIATE_VERSION && type3.payload >= VERSION_END)
        show_version(out, bytes_from(message, VERSION_AT));
    explain_mic(out, &type3);
    return explain_response(out, &type3);
}

/* ---- any ---- */

const char *explain_message(outline_t *out, conversation_t *conversation, bytes_t message)
{
    const char *why = "it is no NTLM message: the signature or the type is wrong";
    uint32_t type = message_type(message);
    if (type == 1) why = explain_type1(out, message);
    if (type == 2) why = explain_type2(out, conversation, message);
    if (type == 3) why = explain_type3(out, conversation, message);
    if (why || out->as_json) outline_text(out, "error", why);
    return why;
}
