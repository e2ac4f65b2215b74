#include "malformed.h"

/* ---- fields ---- */

enum { TYPE3_HEADER = 64, FIRST_FIELD_AT = 12, FIELD_LEN = 8 };

/* MS-NLMP 2.2.1.3, in their order there. */
static const char *const field_names[] = {"LmChallengeResponse", "NtChallengeResponse",
                                          "DomainName",          "UserName",
                                          "Workstation",         "EncryptedRandomSessionKey"};
enum { FIELDS = sizeof field_names / sizeof field_names[0] };

/* The first field that lies outside of the message, or in its header. */
static bool say_field(phrase_t *out, bytes_t message)
{
    reader_t in = reader_over(message);
    (void)read_bytes(&in, FIRST_FIELD_AT);
    for (int i = 0; i < FIELDS; i++) {
        const size_t len = read_u16(&in);
        (void)read_u16(&in);
        const size_t offset = read_u32(&in);
        if (in.error || len == 0) continue;
        if (offset >= TYPE3_HEADER && offset <= message.len && len <= message.len - offset)
            continue;
        phrase_say(out, ": %s of %zu bytes at %zu, in a message of %zu", field_names[i], len,
                   offset, message.len);
        return true;
    }
    return false;
}

/* ---- names ---- */

void malformed_say_ascii(phrase_t *out, const ntlm_claim_t *claim)
{
    char text[2 * PHRASE_NAME_MAX];
    const bytes_t user = claim->type3.user;
    const size_t len = user.len < sizeof text ? user.len : sizeof text - 1;
    for (size_t i = 0; i < len; i++) text[i] = (char)user.data[i];
    text[len] = '\0';
    phrase_say(out, "these look like ASCII bytes, where the CHALLENGE chose Unicode: user ");
    phrase_quote(out, text);
}

static bool say_lengths(phrase_t *out, const ntlm_claim_t *claim)
{
    const size_t unit = claim->unicode ? 2 : 1;
    const type3_t *type3 = &claim->type3;
    const bool fit = type3->user.len <= unit * NTLM_USER_MAX &&
                     type3->domain.len <= unit * NTLM_DOMAIN_MAX && type3->user.len % unit == 0 &&
                     type3->domain.len % unit == 0 && type3->workstation.len % unit == 0;
    if (fit) return false;
    phrase_say(out, ": UserName of %zu bytes, DomainName of %zu, Workstation of %zu",
               type3->user.len, type3->domain.len, type3->workstation.len);
    return true;
}

/* ---- the response ---- */

static bool say_response(phrase_t *out, const ntlm_claim_t *claim)
{
    enum { SHORTEST = 44 };
    const bytes_t nt = claim->type3.nt;
    reader_t in = reader_over(nt);
    (void)read_bytes(&in, NTLM_PROOF_LEN);
    const unsigned types = read_u16(&in);
    if (nt.len < SHORTEST)
        phrase_say(out, ": NtChallengeResponse of %zu bytes", nt.len);
    else if (types != 0x0101)
        phrase_say(out, ": they are %u and %u", types & 0xFF, types >> 8);
    else
        return false;
    return true;
}

void malformed_say(phrase_t *out, const ntlm_claim_t *claim)
{
    const type3_t *type3 = &claim->type3;
    if (!type3->message.data) return; /* it is no Type 3 */
    if (type3->message.len < TYPE3_HEADER) {
        phrase_say(out, ": it has %zu bytes", type3->message.len);
        return;
    }
    if (say_field(out, type3->message)) return;
    if (claim->mic == NTLM_MIC_UNSEEN && type3->nt.len > 0 && say_response(out, claim)) return;
    if (claim_is_ascii(claim)) {
        phrase_say(out, ": ");
        malformed_say_ascii(out, claim);
        return;
    }
    (void)say_lengths(out, claim);
}
