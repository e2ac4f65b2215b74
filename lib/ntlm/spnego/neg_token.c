#include "neg_token.h"

#include "der.h"

/* 1.3.6.1.5.5.2 */
static const uint8_t spnego_oid[] = {0x2B, 6, 1, 5, 5, 2};

static void add_mech(reader_t *in, neg_token_t *out, bytes_t oid)
{
    if (out->mech_count == SPNEGO_MECHS_MAX) reader_fail(in, "it lists more than 32 mechanisms");
    if (in->error) return;
    out->mechs[out->mech_count++] = spnego_mech_of(oid);
}

/* ---- NegTokenInit ---- */

static void read_mech_types(reader_t *init, neg_token_t *out)
{
    reader_t field = der_open(init, DER_CONTEXT_0);
    out->mech_types = field.message;
    reader_t list = der_open(&field, DER_SEQUENCE);
    while (!list.error && list.at < list.message.len)
        add_mech(&list, out, der_read(&list, DER_OID));
    if (out->mech_count == 0) reader_fail(&list, "it lists no mechanism");
    der_close(&field, &list);
    der_close(init, &field);
}

static void read_mic_or_hints(reader_t *init, neg_token_t *out)
{
    reader_t field = der_open(init, DER_CONTEXT_3);
    out->has_hints = der_is_next(&field, DER_SEQUENCE);
    if (out->has_hints)
        (void)der_read(&field, DER_SEQUENCE);
    else
        out->mic = der_read(&field, DER_OCTET_STRING);
    der_close(init, &field);
    if (out->has_hints && der_is_next(init, DER_CONTEXT_4))
        out->mic = der_read_inside(init, DER_CONTEXT_4, DER_OCTET_STRING);
}

/* reqFlags, [1], is to be ignored: RFC 4178 4.2.1. */
static void read_init(reader_t *body, neg_token_t *out)
{
    out->kind = NEG_TOKEN_INIT;
    reader_t choice = der_open(body, DER_CONTEXT_0);
    reader_t init = der_open(&choice, DER_SEQUENCE);
    read_mech_types(&init, out);
    if (der_is_next(&init, DER_CONTEXT_1)) (void)der_read(&init, DER_CONTEXT_1);
    if (der_is_next(&init, DER_CONTEXT_2))
        out->token = der_read_inside(&init, DER_CONTEXT_2, DER_OCTET_STRING);
    if (der_is_next(&init, DER_CONTEXT_3)) read_mic_or_hints(&init, out);
    der_close(&choice, &init);
    der_close(body, &choice);
}

/* RFC 2743 3.1: the mechanism's OID, and behind it what is the mechanism's own. */
static void read_framed(reader_t *in, neg_token_t *out)
{
    reader_t body = der_open(in, DER_APPLICATION_0);
    bytes_t oid = der_read(&body, DER_OID);
    if (bytes_equal(oid, (bytes_t){spnego_oid, sizeof spnego_oid})) {
        read_init(&body, out);
    } else if (!body.error) {
        out->kind = NEG_TOKEN_OF_MECH;
        add_mech(&body, out, oid);
        out->token = read_bytes(&body, body.message.len - body.at);
    }
    der_close(in, &body);
}

/* ---- NegTokenResp ---- */

static neg_state_t read_state(reader_t *resp)
{
    bytes_t value = der_read_inside(resp, DER_CONTEXT_0, DER_ENUMERATED);
    if (value.len == 1 && value.data[0] < NEG_STATE_ABSENT) return (neg_state_t)value.data[0];
    reader_fail(resp, "its negState is none that RFC 4178 has");
    return NEG_STATE_ABSENT;
}

static void read_resp(reader_t *in, neg_token_t *out)
{
    out->kind = NEG_TOKEN_RESP;
    reader_t choice = der_open(in, DER_CONTEXT_1);
    reader_t resp = der_open(&choice, DER_SEQUENCE);
    if (der_is_next(&resp, DER_CONTEXT_0)) out->state = read_state(&resp);
    if (der_is_next(&resp, DER_CONTEXT_1))
        add_mech(&resp, out, der_read_inside(&resp, DER_CONTEXT_1, DER_OID));
    if (der_is_next(&resp, DER_CONTEXT_2))
        out->token = der_read_inside(&resp, DER_CONTEXT_2, DER_OCTET_STRING);
    if (der_is_next(&resp, DER_CONTEXT_3))
        out->mic = der_read_inside(&resp, DER_CONTEXT_3, DER_OCTET_STRING);
    der_close(&choice, &resp);
    der_close(in, &choice);
}

/* ---- any token ---- */

const char *neg_token_parse(bytes_t token, neg_token_t *parsed)
{
    reader_t in = reader_over(token);
    *parsed = (neg_token_t){.mech_types = bytes_none(),
                            .token = bytes_none(),
                            .mic = bytes_none(),
                            .state = NEG_STATE_ABSENT};
    if (der_is_next(&in, DER_APPLICATION_0))
        read_framed(&in, parsed);
    else if (der_is_next(&in, DER_CONTEXT_1))
        read_resp(&in, parsed);
    else
        reader_fail(&in, "it is neither NTLM nor SPNEGO");
    if (!in.error && in.at < token.len) reader_fail(&in, "there are bytes behind the token");
    return in.error;
}

/* ---- writing ---- */

static size_t nested_len(bytes_t content)
{
    return content.len ? der_len(der_len(content.len)) : 0;
}

static void write_nested(writer_t *out, uint8_t outer, uint8_t inner, bytes_t content)
{
    if (content.len == 0) return;
    der_write_head(out, outer, der_len(content.len));
    der_write(out, inner, content);
}

void neg_token_write_resp(writer_t *out, const neg_resp_t *resp)
{
    const uint8_t raw_state = (uint8_t)resp->state;
    const bytes_t state = {&raw_state, 1};
    const bytes_t mech = resp->names_ntlm ? spnego_mech_oid(SPNEGO_NTLM) : bytes_none();
    size_t len =
        nested_len(state) + nested_len(mech) + nested_len(resp->token) + nested_len(resp->mic);
    der_write_head(out, DER_CONTEXT_1, der_len(len));
    der_write_head(out, DER_SEQUENCE, len);
    write_nested(out, DER_CONTEXT_0, DER_ENUMERATED, state);
    write_nested(out, DER_CONTEXT_1, DER_OID, mech);
    write_nested(out, DER_CONTEXT_2, DER_OCTET_STRING, resp->token);
    write_nested(out, DER_CONTEXT_3, DER_OCTET_STRING, resp->mic);
}
