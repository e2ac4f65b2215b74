#include "service.h"

#include <string.h>

#include "../../finding/phrase.h"
#include "../../ntlm/unicode.h"
#include "plain_text.h"
#include "wide_text.h"

enum {
    ABSENT,
    UNTRUSTED,
    UTF8,
    BIG_ENDIAN,
    NUL,
    URL,
    GSS,
    BACKSLASH,
    NO_CLASS,
    NO_HOST,
    OTHER_CLASS,
    OTHER_HOST,
    UNREADABLE,
};

const remark_row_t service_remarks[] = {
    [ABSENT] = {.id = "service-absent",
                .kind = REMARK_CAUSE,
                .sentence = "no MsvAvTargetName came, where a service is demanded",
                .source = "MS-NLMP 2.2.2.1"},
    [UNTRUSTED] =
        {.id = "service-untrusted",
         .kind = REMARK_CAUSE,
         .sentence =
             "MsvAvFlags says that the name of the service is from a source that is not trusted",
         .source = "MS-NLMP 2.2.2.1"},
    [UTF8] =
        {.id = "service-utf8",
         .kind = REMARK_CAUSE,
         .sentence =
             "MsvAvTargetName came one byte a character: it is UTF-16LE, whatever the flags say",
         .source = "MS-NLMP 2.2.2.1"},
    [BIG_ENDIAN] = {.id = "service-utf16be",
                    .kind = REMARK_CAUSE,
                    .sentence = "MsvAvTargetName came in UTF-16BE",
                    .source = "MS-NLMP 2.2.2.1"},
    [NUL] = {.id = "service-nul",
             .kind = REMARK_CAUSE,
             .sentence = "a NUL ends MsvAvTargetName",
             .source = "MS-NLMP 2.2.2.1"},
    [URL] = {.id = "service-url",
             .kind = REMARK_CAUSE,
             .sentence = "MsvAvTargetName is a URL: HTTP/HOST belongs there",
             .source = "MS-NLMP 2.2.2.1"},
    [GSS] = {.id = "service-gss-form",
             .kind = REMARK_CAUSE,
             .sentence =
                 "MsvAvTargetName is written as GSS-API does, HTTP@HOST: HTTP/HOST belongs there",
             .source = "MS-NLMP 2.2.2.1"},
    [BACKSLASH] = {.id = "service-backslash",
                   .kind = REMARK_CAUSE,
                   .sentence = "a backslash stands in MsvAvTargetName, where a slash does",
                   .source = "MS-NLMP 2.2.2.1"},
    [NO_CLASS] = {.id = "service-without-class",
                  .kind = REMARK_CAUSE,
                  .sentence = "MsvAvTargetName is a host alone: HTTP/HOST belongs there",
                  .source = "MS-NLMP 2.2.2.1"},
    [NO_HOST] = {.id = "service-without-host",
                 .kind = REMARK_CAUSE,
                 .sentence = "MsvAvTargetName names no host",
                 .source = "MS-NLMP 2.2.2.1"},
    [OTHER_CLASS] = {.id = "service-other-class",
                     .kind = REMARK_CAUSE,
                     .sentence = "MsvAvTargetName names another service than HTTP or HOST",
                     .source = "MS-NLMP 2.2.2.1"},
    [OTHER_HOST] = {.id = "service-other-host",
                    .kind = REMARK_CAUSE,
                    .sentence = "MsvAvTargetName names another host",
                    .source = "MS-NLMP 2.2.2.1"},
    [UNREADABLE] = {.id = "service-unreadable",
                    .kind = REMARK_WARNING,
                    .sentence = "MsvAvTargetName is no UTF-16LE: one byte a character, big endian, "
                                "or with a NUL behind it",
                    .source = "MS-NLMP 2.2.2.1"},
    {.id = NULL},
};

/* ---- the name ---- */

static int about_encoding(bytes_t name)
{
    if (wide_is_bytes(name)) return UTF8;
    if (wide_is_big_endian(name)) return BIG_ENDIAN;
    return wide_ends_in_nul(name) ? NUL : -1;
}

static int about_text(bytes_t text)
{
    const size_t class = text_span(text, 0, TEXT_NAME);
    const uint8_t sign = class < text.len ? text.data[class] : 0;
    const bool is_web =
        text_is(text_part(text, 0, class), "http") || text_is(text_part(text, 0, class), "host");
    if (text_begins(text, "http://") || text_begins(text, "https://")) return URL;
    if (sign == '@') return GSS;
    if (sign == '\\') return BACKSLASH;
    if (sign != '/') return NO_CLASS;
    if (class + 1 == text.len || text.data[class + 1] == '/') return NO_HOST;
    return is_web ? OTHER_HOST : OTHER_CLASS;
}

static int about_name(bytes_t name)
{
    char text[3 * NTLM_DOMAIN_MAX + 1];
    const int encoding = about_encoding(name);
    if (encoding >= 0) return encoding;
    return unicode_name(name, text, sizeof text) ? -1 : about_text(bytes_of(text));
}

/* ---- what is said of it ---- */

static int about_demand(const replay_t *replay)
{
    const av_values_t *said = &replay->claim.response.said;
    if (replay->status == NTLM_SERVICE_MISMATCH) return about_name(said->target_name);
    if (replay->status != NTLM_SERVICE_REQUIRED) return -1;
    return said->target_name.len == 0 ? ABSENT : UNTRUSTED;
}

static void quote(diagnosis_t *diagnosis, int row, bytes_t name)
{
    char text[4 * PHRASE_NAME_MAX];
    phrase_t quoted = phrase_to(text, sizeof text);
    phrase_quote_utf16(&quoted, name);
    diagnosis_add(diagnosis, &service_remarks[row], "%s", text);
}

void service_causes(diagnosis_t *diagnosis, const subject_t *subject)
{
    const replay_t *replay = subject->replay;
    if (!replay) return;
    const int row = about_demand(replay);
    const bytes_t name = replay->claim.response.said.target_name;
    if (row >= URL)
        quote(diagnosis, row, name);
    else if (row >= 0)
        diagnosis_add(diagnosis, &service_remarks[row], NULL);
    if (replay->status == NTLM_OK && about_encoding(name) >= 0)
        diagnosis_add(diagnosis, &service_remarks[UNREADABLE], NULL);
}
