#include "claim.h"

#include <stddef.h>
#include <string.h>

static bytes_t shortened(bytes_t text, size_t max)
{
    return (bytes_t){text.data, text.len > max ? max : text.len};
}

/* A name as the client hashed it, in UTF-16LE: an OEM string is zero-extended,
 * each byte to a unit, into room. */
static bytes_t hashed_form(bytes_t text, bool unicode, writer_t *room, size_t max)
{
    if (unicode) return text;
    size_t start = room->len;
    unicode_write_oem(room, shortened(text, max));
    return bytes_from(written(room), start);
}

/* What is behind the keys is text up to its end: most of it is never touched. */
void claim_clear(ntlm_claim_t *claim)
{
    memset(claim, 0, offsetof(ntlm_claim_t, user));
    claim->user[0] = claim->domain[0] = claim->workstation[0] = '\0';
}

static void show(bytes_t utf16, char *out, size_t cap, size_t max)
{
    unicode_show(shortened(utf16, 2 * max), out, cap);
}

static const char too_long[] = "the user or domain name is too long";

/* A name as it is or, if it is refused for a reason, as it can be shown. */
static const char *read_name(bytes_t utf16, char *out, size_t cap, size_t max)
{
    const char *why = utf16.len > 2 * max ? too_long : unicode_name(utf16, out, cap);
    if (why) show(utf16, out, cap, max);
    return why;
}

ntlm_status_t claim_open(ntlm_claim_t *claim, bytes_t message, uint32_t flags)
{
    uint8_t wide[2 * NTLM_DOMAIN_MAX];
    writer_t names = writer_to(claim->oem, sizeof claim->oem);
    writer_t workstation = writer_to(wide, sizeof wide);
    claim_clear(claim);
    claim->detail = type3_parse(message, &claim->type3);
    if (claim->detail) return NTLM_MALFORMED;
    const type3_t *type3 = &claim->type3;
    bool unicode = claim->unicode = (flags & NTLMSSP_NEGOTIATE_UNICODE) != 0;
    claim->flags = flags & type3->flags;
    claim->user_utf16 = hashed_form(type3->user, unicode, &names, NTLM_USER_MAX);
    claim->domain_utf16 = hashed_form(type3->domain, unicode, &names, NTLM_DOMAIN_MAX);
    claim->bad_user = read_name(claim->user_utf16, claim->user, sizeof claim->user, NTLM_USER_MAX);
    claim->bad_domain =
        read_name(claim->domain_utf16, claim->domain, sizeof claim->domain, NTLM_DOMAIN_MAX);
    show(hashed_form(type3->workstation, unicode, &workstation, NTLM_DOMAIN_MAX),
         claim->workstation, sizeof claim->workstation, NTLM_DOMAIN_MAX);
    return NTLM_OK;
}

/* ---- what is shown of a claim that is refused ---- */

static bool is_ascii(bytes_t text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] < 0x20 || text.data[i] > 0x7E) return false;
    return true;
}

bool claim_is_ascii(const ntlm_claim_t *claim)
{
    const type3_t *type3 = &claim->type3;
    return claim->unicode && type3->user.len > 0 && is_ascii(type3->user) &&
           is_ascii(type3->domain) && is_ascii(type3->workstation);
}

static void show_ascii(bytes_t text, char *out, size_t cap)
{
    if (text.len > cap - 1) text.len = cap - 1;
    memcpy(out, text.data, text.len);
    out[text.len] = '\0';
}

void claim_show_ascii(ntlm_claim_t *claim)
{
    if (!claim_is_ascii(claim)) return;
    show_ascii(claim->type3.user, claim->user, sizeof claim->user);
    show_ascii(claim->type3.domain, claim->domain, sizeof claim->domain);
    show_ascii(claim->type3.workstation, claim->workstation, sizeof claim->workstation);
}

const char *claim_names(const ntlm_claim_t *claim)
{
    size_t unit = claim->unicode ? 2 : 1;
    const type3_t *type3 = &claim->type3;
    if (type3->user.len == 0) return "the user name is empty";
    if (type3->user.len > unit * NTLM_USER_MAX || type3->domain.len > unit * NTLM_DOMAIN_MAX)
        return too_long;
    if (type3->workstation.len % unit != 0) return "the workstation name has half a UTF-16 unit";
    return claim->bad_user ? claim->bad_user : claim->bad_domain;
}

/* ---- what the proof is about ---- */

static void compose(const ntlm_claim_t *claim, ntlm_candidate_t *candidate)
{
    writer_t out = writer_to(candidate->bytes, sizeof candidate->bytes);
    unicode_write_upper(&out, claim->user_utf16, candidate->rule);
    candidate->user_len = out.len;
    if (candidate->form == NTLM_DOMAIN_AS_SENT) write_bytes(&out, claim->domain_utf16);
    if (candidate->form == NTLM_DOMAIN_UPPER)
        unicode_write_upper(&out, claim->domain_utf16, candidate->rule);
    candidate->len = out.len;
}

static bool is_new(const ntlm_candidate_t *tried, size_t count)
{
    bytes_t name = {tried[count].bytes, tried[count].len};
    for (size_t i = 0; i < count; i++)
        if (bytes_equal((bytes_t){tried[i].bytes, tried[i].len}, name)) return false;
    return true;
}

bool claim_candidate(const ntlm_claim_t *claim, ntlm_candidate_t tried[NTLM_CANDIDATES_MAX],
                     size_t count)
{
    ntlm_candidate_t *candidate = &tried[count];
    int at =
        count ? (int)tried[count - 1].form * UNICODE_RULE_COUNT + (int)tried[count - 1].rule : -1;
    while (++at < NTLM_CANDIDATES_MAX) {
        candidate->form = (ntlm_domain_form_t)(at / UNICODE_RULE_COUNT);
        candidate->rule = (unicode_rule_t)(at % UNICODE_RULE_COUNT);
        compose(claim, candidate);
        if (is_new(tried, count)) return true;
    }
    return false;
}

/* ---- words ---- */

const char *ntlm_mic_word(ntlm_mic_t mic)
{
    static const char *const words[] = {
        [NTLM_MIC_ABSENT] = "absent",
        [NTLM_MIC_UNCHECKED] = "unchecked",
        [NTLM_MIC_OK] = "ok",
        [NTLM_MIC_WRONG] = "wrong",
    };
    return words[mic];
}

const char *ntlm_binding_word(ntlm_binding_t binding)
{
    static const char *const words[] = {
        [NTLM_BINDING_ABSENT] = "absent",       [NTLM_BINDING_ZERO] = "zero",
        [NTLM_BINDING_UNCHECKED] = "unchecked", [NTLM_BINDING_OK] = "ok",
        [NTLM_BINDING_WRONG] = "wrong",
    };
    return words[binding];
}

const char *ntlm_service_word(ntlm_service_t service)
{
    static const char *const words[] = {
        [NTLM_SERVICE_ABSENT] = "absent",       [NTLM_SERVICE_UNCHECKED] = "unchecked",
        [NTLM_SERVICE_UNTRUSTED] = "untrusted", [NTLM_SERVICE_OK] = "ok",
        [NTLM_SERVICE_WRONG] = "wrong",
    };
    return words[service];
}

const char *ntlm_domain_form_word(ntlm_domain_form_t form)
{
    static const char *const words[] = {
        [NTLM_DOMAIN_AS_SENT] = "as-sent",
        [NTLM_DOMAIN_UPPER] = "upper",
        [NTLM_DOMAIN_EMPTY] = "empty",
    };
    return words[form];
}

const char *ntlm_upper_rule_word(unicode_rule_t rule)
{
    static const char *const words[] = {
        [UNICODE_UPPER_WINDOWS7] = "windows7",
        [UNICODE_UPPER_NT4] = "nt4",
        [UNICODE_UPPER_ASCII] = "ascii",
    };
    return words[rule];
}
