#include "unwrap.h"

#include <string.h>

#include "../ntlm/flags.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Tags of RFC 4178 4.2, and of DER. */
enum {
    TAG_OCTETS = 0x04,
    TAG_OID = 0x06,
    TAG_SEQUENCE = 0x30,
    TAG_APPLICATION_0 = 0x60,
    TAG_0 = 0xA0,
    TAG_1 = 0xA1,
    TAG_2 = 0xA2
};

/* ---- DER ---- */

static uint8_t read_byte(reader_t *in)
{
    bytes_t byte = read_bytes(in, 1);
    return byte.len ? byte.data[0] : 0;
}

static size_t read_length(reader_t *in)
{
    enum { LONG_FORM = 0x80, OCTETS_MAX = 3 };
    size_t len = read_byte(in);
    if (len < LONG_FORM) return len;
    size_t octets = len - LONG_FORM;
    if (octets == 0 || octets > OCTETS_MAX) reader_fail(in, "its DER has a length of no use here");
    for (len = 0; octets > 0 && !in->error; octets--) len = len << 8 | read_byte(in);
    return len;
}

static bool is_next(const reader_t *in, uint8_t tag)
{
    return !in->error && in->at < in->message.len && in->message.data[in->at] == tag;
}

/* The content of the next element, which must have that tag. */
static bytes_t read_element(reader_t *in, uint8_t tag)
{
    if (!is_next(in, tag)) reader_fail(in, "its DER is not what RFC 4178 says");
    (void)read_byte(in);
    return read_bytes(in, read_length(in));
}

/* The content of an element that is the only one inside of another. */
static bytes_t read_nested(reader_t *in, uint8_t outer, uint8_t inner)
{
    reader_t content = reader_over(read_element(in, outer));
    bytes_t value = read_element(&content, inner);
    if (content.error) reader_fail(in, content.error);
    return value;
}

/* ---- mechanisms ---- */

static const struct {
    const char *name;
    uint8_t len, oid[10];
} mechs[] = {
    {"NTLMSSP", 10, {0x2B, 6, 1, 4, 1, 0x82, 0x37, 2, 2, 10}},
    {"Kerberos", 9, {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x12, 1, 2, 2}},
    {"Kerberos", 9, {0x2A, 0x86, 0x48, 0x82, 0xF7, 0x12, 1, 2, 2}}, /* Microsoft's mistyped one */
    {"NEGOEX", 10, {0x2B, 6, 1, 4, 1, 0x82, 0x37, 2, 2, 30}},
    {"SPNEGO", 6, {0x2B, 6, 1, 5, 5, 2}},
};

static const char *mech_name(bytes_t oid)
{
    for (size_t i = 0; i < COUNT(mechs); i++)
        if (bytes_equal(oid, (bytes_t){mechs[i].oid, mechs[i].len})) return mechs[i].name;
    return "another mechanism";
}

/* ---- SPNEGO ---- */

static void read_init(reader_t *in, unwrapped_t *out, bytes_t *token)
{
    reader_t body = reader_over(read_element(in, TAG_APPLICATION_0));
    bytes_t oid = read_element(&body, TAG_OID);
    out->mech = mech_name(oid);
    if (body.error) reader_fail(in, body.error);
    if (strcmp(out->mech, "SPNEGO") != 0) return;
    out->mech = NULL;
    out->wrapping = "NegTokenInit";
    reader_t init = reader_over(read_nested(&body, TAG_0, TAG_SEQUENCE));
    if (is_next(&init, TAG_0)) {
        reader_t list = reader_over(read_nested(&init, TAG_0, TAG_SEQUENCE));
        out->mech = mech_name(read_element(&list, TAG_OID));
        if (list.error) reader_fail(in, list.error);
    }
    if (is_next(&init, TAG_1)) (void)read_element(&init, TAG_1);
    if (is_next(&init, TAG_2)) *token = read_nested(&init, TAG_2, TAG_OCTETS);
    if (body.error || init.error) reader_fail(in, body.error ? body.error : init.error);
}

static void read_response(reader_t *in, unwrapped_t *out, bytes_t *token)
{
    out->wrapping = "NegTokenResp";
    reader_t response = reader_over(read_nested(in, TAG_1, TAG_SEQUENCE));
    if (is_next(&response, TAG_0)) (void)read_element(&response, TAG_0);
    if (is_next(&response, TAG_1)) out->mech = mech_name(read_nested(&response, TAG_1, TAG_OID));
    if (is_next(&response, TAG_2)) *token = read_nested(&response, TAG_2, TAG_OCTETS);
    if (response.error) reader_fail(in, response.error);
}

static bool is_ntlm(bytes_t token)
{
    static const uint8_t signature[NTLM_SIGNATURE_LEN] = "NTLMSSP";
    if (token.len < sizeof signature) return false;
    return bytes_equal((bytes_t){token.data, sizeof signature},
                       (bytes_t){signature, sizeof signature});
}

static const char *why_none(const unwrapped_t *out, bytes_t token)
{
    bool kerberos = out->mech && strcmp(out->mech, "Kerberos") == 0;
    if (!out->wrapping)
        return kerberos ? "it is a Kerberos token"
                        : "it is a GSS-API token, neither NTLM nor SPNEGO";
    if (token.len == 0) return "it is SPNEGO without a message of a mechanism in it";
    return kerberos ? "it is SPNEGO with a Kerberos token"
                    : "it is SPNEGO with a token that is not NTLM";
}

unwrapped_t unwrap(bytes_t token)
{
    unwrapped_t out = {.why = NULL};
    reader_t in = reader_over(token);
    bytes_t inner = bytes_none();
    if (is_ntlm(token))
        inner = token;
    else if (is_next(&in, TAG_APPLICATION_0))
        read_init(&in, &out, &inner);
    else if (is_next(&in, TAG_1))
        read_response(&in, &out, &inner);
    else
        reader_fail(&in, "it is neither NTLM nor SPNEGO");
    if (in.error)
        out.why = in.error;
    else if (is_ntlm(inner))
        out.message = inner;
    else
        out.why = why_none(&out, inner);
    return out;
}
