#include "message.h"

#include <string.h>

#include "avpairs.h"

enum { TYPE3_MIN = 64, TYPE2_PAYLOAD = 56 };

static const uint8_t signature_bytes[NTLM_SIGNATURE_LEN] = "NTLMSSP";

static bytes_t signature(void)
{
    return (bytes_t){signature_bytes, NTLM_SIGNATURE_LEN};
}

/* MS-NLMP 2.2.1: every message begins with the signature and its type. */
static uint32_t read_header(reader_t *in)
{
    if (!bytes_equal(read_bytes(in, NTLM_SIGNATURE_LEN), signature()))
        reader_fail(in, "the NTLMSSP signature is missing");
    return read_u32(in);
}

static void expect_type(reader_t *in, uint32_t type)
{
    if (read_header(in) != type) reader_fail(in, "it is another type of message");
}

bool message_is_ntlm(bytes_t message)
{
    reader_t in = reader_over(message);
    return bytes_equal(read_bytes(&in, NTLM_SIGNATURE_LEN), signature());
}

uint32_t message_type(bytes_t message)
{
    reader_t in = reader_over(message);
    uint32_t type = read_header(&in);
    return in.error || type > 3 ? 0 : type;
}

const char *type1_parse(bytes_t message, type1_t *type1)
{
    reader_t in = reader_over(message);
    expect_type(&in, 1);
    type1->flags = read_u32(&in);
    if (in.error) return in.error;
    if (message.len > NTLM_TYPE1_MAX) return "the Type 1 is too long";
    if (!(type1->flags & (NTLMSSP_NEGOTIATE_UNICODE | NTLM_NEGOTIATE_OEM)))
        return "the Type 1 offers neither Unicode nor OEM strings";
    return NULL;
}

static void write_version(writer_t *out, uint32_t flags)
{
    static const uint8_t windows_10[NTLM_VERSION_LEN] = {10, 0, 0, 0, 0, 0, 0, 15};
    static const uint8_t none[NTLM_VERSION_LEN] = {0};
    write_bytes(out,
                (bytes_t){flags & NTLMSSP_NEGOTIATE_VERSION ? windows_10 : none, NTLM_VERSION_LEN});
}

void type2_write(writer_t *out, const type2_t *type2)
{
    write_bytes(out, signature());
    write_u32(out, 2);
    write_field(out, type2->target_name.len, TYPE2_PAYLOAD);
    write_u32(out, type2->flags);
    write_bytes(out, (bytes_t){type2->challenge, NTLM_CHALLENGE_LEN});
    write_u64(out, 0);
    write_field(out, type2->target_info.len, TYPE2_PAYLOAD + type2->target_name.len);
    write_version(out, type2->flags);
    write_bytes(out, type2->target_name);
    write_bytes(out, type2->target_info);
}

const char *type2_parse(bytes_t message, type2_t *type2)
{
    reader_t in = reader_over(message);
    memset(type2, 0, sizeof *type2);
    expect_type(&in, 2);
    type2->target_name = read_field(&in);
    type2->flags = read_u32(&in);
    bytes_t challenge = read_bytes(&in, NTLM_CHALLENGE_LEN);
    (void)read_u64(&in);
    type2->target_info = read_field(&in);
    if (in.error) return in.error;
    memcpy(type2->challenge, challenge.data, NTLM_CHALLENGE_LEN);
    return type2->target_info.len == 0 ? NULL : avpairs_read(type2->target_info, &type2->said);
}

const char *type3_parse(bytes_t message, type3_t *type3)
{
    reader_t in = reader_over(message);
    memset(type3, 0, sizeof *type3);
    type3->message = message;
    expect_type(&in, 3);
    type3->lm = read_field(&in);
    type3->nt = read_field(&in);
    type3->domain = read_field(&in);
    type3->user = read_field(&in);
    type3->workstation = read_field(&in);
    type3->session_key = read_field(&in);
    type3->flags = read_u32(&in);
    type3->payload = in.payload;
    if (!in.error && in.payload < TYPE3_MIN) reader_fail(&in, "a field lies inside the header");
    return in.error;
}

void type3_write(writer_t *out, const type3_t *type3)
{
    const bytes_t fields[] = {type3->lm,   type3->nt,          type3->domain,
                              type3->user, type3->workstation, type3->session_key};
    enum { FIELDS = sizeof fields / sizeof fields[0] };
    size_t at = TYPE3_MIN;
    write_bytes(out, signature());
    write_u32(out, 3);
    for (size_t i = 0; i < FIELDS; at += fields[i++].len) write_field(out, fields[i].len, at);
    write_u32(out, type3->flags);
    for (size_t i = 0; i < FIELDS; i++) write_bytes(out, fields[i]);
}

/* Chromium clears NTLMSSP_NEGOTIATE_VERSION and sends Version and MIC all the
 * same, so only the 64 form asks for that flag. */
size_t type3_mic_offset(const type3_t *type3)
{
    enum { BEHIND_VERSION = 72, BEHIND_FLAGS = 64 };
    if (type3->payload >= BEHIND_VERSION + NTLM_MIC_LEN) return BEHIND_VERSION;
    if (type3->payload >= BEHIND_FLAGS + NTLM_MIC_LEN &&
        !(type3->flags & NTLMSSP_NEGOTIATE_VERSION))
        return BEHIND_FLAGS;
    return 0;
}

const char *ntlmv2_response_parse(bytes_t nt, ntlmv2_response_t *response)
{
    reader_t in = reader_over(nt);
    response->proof = read_bytes(&in, NTLM_PROOF_LEN);
    response->temp = bytes_from(nt, in.at);
    uint16_t resp_types = read_u16(&in);
    (void)read_u16(&in); /* Reserved1 */
    (void)read_u32(&in); /* Reserved2 */
    (void)read_u64(&in); /* TimeStamp: clients' clocks are not trusted */
    (void)read_u64(&in); /* ChallengeFromClient */
    (void)read_u32(&in); /* Reserved3 */
    response->pairs = bytes_from(nt, in.at);
    if (in.error) return "the NTLMv2 response is too short";
    if (resp_types != 0x0101) return "RespType or HiRespType of the NTLMv2 response is not 1";
    return avpairs_read(response->pairs, &response->said);
}
