#include "header_text.h"

#include <string.h>

#include "../unwrap.h"
#include "plain_text.h"
#include "token_text.h"

enum {
    SPNEGO,
    TAB,
    COLON,
    NO_BLANK,
    NO_SCHEME,
    HEADER_NAME,
    UNDER_BASIC,
    BASIC,
    OTHER_WORD,
    OTHER_SCHEME,
    NOT_OFFERED,
    PROXY_HEADER,
    ANSWER_HEADER,
    MISNAMED,
};

const remark_row_t header_text_remarks[] = {
    [SPNEGO] = {.id = "spnego-under-ntlm",
                .kind = REMARK_CAUSE,
                .sentence =
                    "the scheme is NTLM, and the token is one of SPNEGO, as Negotiate has it",
                .source = "RFC 4559 4.1"},
    [TAB] = {.id = "scheme-tab",
             .kind = REMARK_CAUSE,
             .sentence = "a tab stands behind the scheme, where a blank belongs",
             .source = "RFC 9110 11.4"},
    [COLON] = {.id = "scheme-colon",
               .kind = REMARK_CAUSE,
               .sentence =
                   "a colon, or another sign, stands behind the scheme, where a blank belongs",
               .source = "RFC 9110 11.4"},
    [NO_BLANK] = {.id = "scheme-without-blank",
                  .kind = REMARK_CAUSE,
                  .sentence = "no blank stands between the scheme and the token",
                  .source = "RFC 9110 11.4"},
    [NO_SCHEME] = {.id = "scheme-missing",
                   .kind = REMARK_CAUSE,
                   .sentence = "the token stands in the header without a scheme",
                   .source = "RFC 9110 11.4"},
    [HEADER_NAME] = {.id = "header-name-in-value",
                     .kind = REMARK_CAUSE,
                     .sentence = "the value begins with the name of the header",
                     .source = "RFC 9110 11.4"},
    [UNDER_BASIC] = {.id = "ntlm-under-basic",
                     .kind = REMARK_CAUSE,
                     .sentence = "the scheme is Basic, and the token is a message of NTLM",
                     .source = "RFC 4559 4.1"},
    [BASIC] = {.id = "scheme-basic",
               .kind = REMARK_CAUSE,
               .sentence = "a user and a password came by Basic, where NTLM was asked for",
               .source = "RFC 7617 2"},
    [OTHER_WORD] = {.id = "scheme-unknown",
                    .kind = REMARK_CAUSE,
                    .sentence = "a message of NTLM came under a word that is no scheme of it",
                    .source = "RFC 4559 4.1"},
    [OTHER_SCHEME] = {.id = "scheme-other",
                      .kind = REMARK_CAUSE,
                      .sentence = "credentials of another scheme came",
                      .source = "RFC 9110 11.4"},
    [NOT_OFFERED] = {.id = "scheme-not-offered",
                     .kind = REMARK_CAUSE,
                     .sentence = "a message came under a scheme that is not offered there",
                     .source = "RFC 9110 11.4"},
    [PROXY_HEADER] =
        {.id = "proxy-header-at-origin",
         .kind = REMARK_CAUSE,
         .sentence = "Proxy-Authorization came, which is for a proxy: a server reads Authorization",
         .source = "RFC 9110 11.7.2"},
    [ANSWER_HEADER] = {.id = "response-header-sent",
                       .kind = REMARK_CAUSE,
                       .sentence = "the message came in a header that is for answers: a server "
                                   "reads Authorization, a proxy Proxy-Authorization",
                       .source = "RFC 9110 11.6.1, 11.7.1"},
    [MISNAMED] = {.id = "header-misnamed",
                  .kind = REMARK_CAUSE,
                  .sentence = "the message came in a header of another name: a server reads "
                              "Authorization, a proxy Proxy-Authorization",
                  .source = "RFC 9110 11.6.2, 11.7.2"},
    {.id = NULL},
};

static bool is_ours(bytes_t scheme)
{
    return text_is(scheme, "ntlm") || text_is(scheme, "negotiate");
}

static void split(bytes_t header, bytes_t *scheme, bytes_t *text)
{
    size_t end = 0;
    while (end < header.len && header.data[end] != ' ') end++;
    *scheme = text_part(header, 0, end);
    *text = text_trimmed(bytes_from(header, end));
}

/* A token of GSS-API, as Kerberos' are, or of SPNEGO (RFC 2743 3.1, RFC 4178 4.2). */
static bool is_gss(bytes_t token)
{
    enum { OF_MECHANISM = 0x60, NEG_TOKEN_RESP = 0xA1 };
    return token.len > 0 && (token.data[0] == OF_MECHANISM || token.data[0] == NEG_TOKEN_RESP);
}

bytes_t header_message(const subject_t *subject, writer_t *room)
{
    bytes_t scheme, text;
    if (subject->replay) return subject->replay->type3;
    split(text_trimmed(subject->header), &scheme, &text);
    if (!is_ours(scheme)) return bytes_none();
    const bytes_t token = token_bytes(text, room), message = unwrap(token).message;
    const bool is_other = is_gss(token) || token_mistake(text);
    return message.len > 0 || is_other ? message : token;
}

/* ---- the scheme ---- */

static const remark_row_t *row(int which)
{
    return &header_text_remarks[which];
}

/* A scheme of ours with something else than a blank behind it. */
static const remark_row_t *about_sign(bytes_t header)
{
    const size_t len = text_begins(header, "ntlm") ? 4 : text_begins(header, "negotiate") ? 9 : 0;
    if (len == 0 || header.len <= len) return NULL;
    const uint8_t sign = header.data[len];
    const bytes_t behind = text_trimmed(bytes_from(header, len + 1));
    if (token_holds(bytes_from(header, len))) return row(NO_BLANK);
    if (!token_holds(behind) && !token_mistake(behind)) return NULL;
    if (sign == '\t') return row(TAB);
    return text_is_one_of(sign, ":=,;\"'/") ? row(COLON) : NULL;
}

static const remark_row_t *about_scheme(bytes_t header, bytes_t scheme, bytes_t text)
{
    const remark_row_t *sign = about_sign(header);
    if (sign) return sign;
    if (text_begins(header, "authorization:") || text_begins(header, "proxy-authorization:"))
        return row(HEADER_NAME);
    if (token_holds(header)) return row(NO_SCHEME);
    if (text_is(scheme, "basic")) return row(token_holds(text) ? UNDER_BASIC : BASIC);
    if (text_span(scheme, 0, TEXT_NAME) != scheme.len || text.len == 0) return NULL;
    return row(token_holds(text) ? OTHER_WORD : OTHER_SCHEME);
}

/* ---- all of it ---- */

static const remark_row_t *about_header(bytes_t header)
{
    uint8_t memory[TOKEN_ROOM];
    writer_t room = writer_to(memory, sizeof memory);
    bytes_t scheme, text;
    split(header, &scheme, &text);
    if (!is_ours(scheme)) return about_scheme(header, scheme, text);
    if (token_message(text, &room).len == 0) return token_mistake(text);
    return text_is(scheme, "ntlm") && unwrap(written(&room)).wrapping ? row(SPNEGO) : NULL;
}

static bool has_our_scheme(bytes_t header)
{
    bytes_t scheme, text;
    split(text_trimmed(header), &scheme, &text);
    return is_ours(scheme);
}

static bool is_refused_scheme(const subject_t *subject)
{
    return subject->course && subject->course->status == NTLM_SCHEME_REFUSED;
}

static const remark_row_t *about_name(const char *header)
{
    if (strcmp(header, "Proxy-Authorization") == 0) return row(PROXY_HEADER);
    return row(strstr(header, "Authenticate") ? ANSWER_HEADER : MISNAMED);
}

void header_text_causes(diagnosis_t *diagnosis, const subject_t *subject)
{
    const remark_row_t *found = NULL;
    if (subject->let_in) return;
    if (subject->header.len > 0)
        found = about_header(text_trimmed(subject->header));
    else if (subject->misplaced)
        found = about_name(subject->misplaced);
    if (!found && is_refused_scheme(subject) && has_our_scheme(subject->header))
        found = row(NOT_OFFERED);
    if (found) diagnosis_add(diagnosis, found, NULL);
}
