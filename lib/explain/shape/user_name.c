#include "user_name.h"

#include <string.h>

#include "../../ntlm/unicode.h"
#include "plain_text.h"
#include "wide_text.h"

enum {
    ANONYMOUS,
    EMPTY,
    TOO_LONG,
    CONTROL,
    INVISIBLE,
    SWAPPED,
    TWO_BACKSLASHES,
    DOT,
    DOMAIN_BACKSLASH,
    SLASH,
    DOMAIN_TWICE,
    NO_DOMAIN,
    OTHER_DOMAIN,
    QUOTED,
    URL,
    PASSWORD,
    BLANK,
    LATIN1,
    LOST,
    NFD,
};

const remark_row_t user_name_remarks[] = {
    [ANONYMOUS] = {.id = "anonymous",
                   .kind = REMARK_CAUSE,
                   .sentence = "neither a user nor a response came: an anonymous login",
                   .source = "MS-NLMP 3.2.5.1.2"},
    [EMPTY] = {.id = "user-empty",
               .kind = REMARK_CAUSE,
               .sentence = "UserName is empty, though a response came",
               .source = "MS-NLMP 2.2.1.3"},
    [TOO_LONG] = {.id = "user-too-long",
                  .kind = REMARK_CAUSE,
                  .sentence =
                      "the user name is longer than 104 characters, or the domain than 255"},
    [CONTROL] = {.id = "user-control-character",
                 .kind = REMARK_CAUSE,
                 .sentence = "a name holds a control character"},
    [INVISIBLE] = {.id = "user-invisible-character",
                   .kind = REMARK_CAUSE,
                   .sentence = "a name holds a character that is not seen, zero-width or the like"},
    [SWAPPED] = {.id = "user-domain-swapped",
                 .kind = REMARK_CAUSE,
                 .sentence = "the domain came as UserName, and the user as DomainName",
                 .source = "MS-NLMP 2.2.1.3"},
    [TWO_BACKSLASHES] =
        {.id = "user-two-backslashes",
         .kind = REMARK_CAUSE,
         .sentence = "two backslashes stand between domain and user, as a string literal has them",
         .source = "MS-NLMP 2.2.1.3"},
    [DOT] = {.id = "user-dot",
             .kind = REMARK_CAUSE,
             .sentence = "the domain is a dot, which means this computer to a login dialog alone",
             .source = "MS-NLMP 2.2.1.3"},
    [DOMAIN_BACKSLASH] = {.id = "domain-backslash",
                          .kind = REMARK_CAUSE,
                          .sentence = "a backslash stands in DomainName",
                          .source = "MS-NLMP 2.2.1.3"},
    [SLASH] = {.id = "user-slash",
               .kind = REMARK_CAUSE,
               .sentence =
                   "a slash stands between domain and user, where a backslash does, or in the name",
               .source = "MS-NLMP 2.2.1.3"},
    [DOMAIN_TWICE] = {.id = "user-domain-twice",
                      .kind = REMARK_CAUSE,
                      .sentence = "UserName holds a domain, beside the one in DomainName",
                      .source = "MS-NLMP 2.2.1.3"},
    [NO_DOMAIN] = {.id = "domain-not-sent",
                   .kind = REMARK_CAUSE,
                   .sentence = "DomainName is empty, and the account is one of a domain",
                   .source = "MS-NLMP 2.2.1.3"},
    [OTHER_DOMAIN] = {.id = "domain-other",
                      .kind = REMARK_CAUSE,
                      .sentence = "the user is known in another domain than DomainName says",
                      .source = "MS-NLMP 2.2.1.3"},
    [QUOTED] = {.id = "user-quoted",
                .kind = REMARK_CAUSE,
                .sentence = "the user name stands in quotes",
                .source = "MS-NLMP 2.2.1.3"},
    [URL] = {.id = "user-url-encoded",
             .kind = REMARK_CAUSE,
             .sentence = "the user name is URL-encoded",
             .source = "MS-NLMP 2.2.1.3"},
    [PASSWORD] = {.id = "user-with-password",
                  .kind = REMARK_CAUSE,
                  .sentence =
                      "a colon stands in the user name: the password may have been left behind it",
                  .source = "MS-NLMP 2.2.1.3"},
    [BLANK] = {.id = "user-blank",
               .kind = REMARK_CAUSE,
               .sentence = "a blank stands at the beginning or the end of a name",
               .source = "MS-NLMP 2.2.1.3"},
    [LATIN1] = {.id = "user-utf8-as-latin1",
                .kind = REMARK_CAUSE,
                .sentence = "bytes of UTF-8 were taken for characters, one each, before the name "
                            "was written in UTF-16",
                .source = "MS-NLMP 2.2.1.3"},
    [LOST] =
        {.id = "user-question-marks",
         .kind = REMARK_CAUSE,
         .sentence =
             "the user name has question marks, or replacement characters, where letters were lost",
         .source = "MS-NLMP 2.2.1.3"},
    [NFD] =
        {.id = "user-nfd",
         .kind = REMARK_CAUSE,
         .sentence =
             "the user name has combining characters (NFD), where keyboards write one letter (NFC)",
         .source = "UAX 15"},
    {.id = NULL},
};

/* ---- a name that nobody knows ---- */

/* Any of the names that the CHALLENGE has for itself. */
static bool is_of_challenge(const type2_t *challenge, const char *name)
{
    char text[3 * NTLM_DOMAIN_MAX + 1];
    reader_t in = reader_over(challenge->target_info);
    av_pair_t pair;
    while (avpairs_next(&in, &pair)) {
        if (pair.av_id > MsvAvDnsTreeName || unicode_name(pair.value, text, sizeof text)) continue;
        if (unicode_casecmp(text, name) == 0) return true;
    }
    return false;
}

static bool is_swapped(const replay_t *replay)
{
    const ntlm_claim_t *claim = &replay->claim;
    return claim->domain[0] && is_of_challenge(&replay->challenge, claim->user) &&
           !is_of_challenge(&replay->challenge, claim->domain);
}

static bool has_blank_at_end(const char *name)
{
    const size_t len = strlen(name);
    return len > 0 && (name[0] == ' ' || name[len - 1] == ' ');
}

static bool is_quoted(const char *name)
{
    const size_t len = strlen(name);
    return len > 1 && (name[0] == '"' || name[0] == '\'') && name[len - 1] == name[0];
}

static bool has_percent(const char *name)
{
    uint8_t byte;
    for (const char *at = name; *at; at++)
        if (*at == '%' && hex_read(text_part(bytes_of(at), 1, 3), &byte, 1)) return true;
    return false;
}

/* Units of the name in UTF-16, as it came: a first one within a range, and one behind it. */
static bool has_units(bytes_t name, uint16_t from, uint16_t to, uint16_t next_from,
                      uint16_t next_to)
{
    for (size_t i = 0; i < name.len / 2; i++) {
        const uint16_t unit = wide_unit(name, i), next = wide_unit(name, i + 1);
        if (unit >= from && unit <= to && next >= next_from && next <= next_to) return true;
    }
    return false;
}

static bool has_utf8_units(bytes_t name)
{
    return has_units(name, 0xC2, 0xF4, 0x80, 0xBF);
}

static bool has_combining_units(bytes_t name)
{
    return has_units(name, 0x41, 0xFFFF, 0x300, 0x36F);
}

static int about_letters(const ntlm_claim_t *claim)
{
    const char *user = claim->user;
    if (is_quoted(user)) return QUOTED;
    if (has_percent(user)) return URL;
    if (strchr(user, ':')) return PASSWORD;
    if (has_blank_at_end(user) || has_blank_at_end(claim->domain)) return BLANK;
    if (has_utf8_units(claim->user_utf16)) return LATIN1;
    if (strchr(user, '?') || strstr(user, "\xEF\xBF\xBD")) return LOST;
    return has_combining_units(claim->user_utf16) ? NFD : -1;
}

static int about_unknown(const subject_t *subject)
{
    const replay_t *replay = subject->replay;
    const ntlm_claim_t *claim = &replay->claim;
    const char *user = claim->user;
    if (subject->knows_swapped || is_swapped(replay)) return SWAPPED;
    if (strstr(user, "\\\\")) return TWO_BACKSLASHES;
    if (strncmp(user, ".\\", 2) == 0 || strcmp(claim->domain, ".") == 0) return DOT;
    if (strchr(claim->domain, '\\')) return DOMAIN_BACKSLASH;
    if (strchr(user, '/') || strchr(claim->domain, '/')) return SLASH;
    const int letters = about_letters(claim);
    if (letters >= 0) return letters;
    if (claim->domain[0] && name_of_client(user).apart) return DOMAIN_TWICE;
    return subject->knows_elsewhere ? OTHER_DOMAIN : -1;
}

/* ---- a name that is none ---- */

static bool has_control(bytes_t name)
{
    for (size_t i = 0; i < name.len / 2; i++) {
        const uint16_t unit = wide_unit(name, i);
        if (unit < 0x20 || (unit >= 0x7F && unit < 0xA0)) return true;
    }
    return false;
}

static int about_none(const ntlm_claim_t *claim)
{
    const bytes_t user = claim->user_utf16, domain = claim->domain_utf16;
    if (claim->type3.user.len == 0) return EMPTY;
    if (user.len % 2 || domain.len % 2 || claim->type3.workstation.len % 2) return -1;
    if (user.len > 2 * NTLM_USER_MAX || domain.len > 2 * NTLM_DOMAIN_MAX) return TOO_LONG;
    if (has_control(user) || has_control(domain)) return CONTROL;
    return INVISIBLE;
}

static int about_user(const subject_t *subject)
{
    const replay_t *replay = subject->replay;
    if (replay->status == NTLM_ANONYMOUS) return ANONYMOUS;
    if (replay->status == NTLM_NO_SUCH_USER) return about_unknown(subject);
    if (subject->course && subject->course->status == NTLM_NO_SUCH_USER &&
        !replay->claim.domain[0] && replay_passed(replay, "proof"))
        return NO_DOMAIN;
    const bool at_names = replay_passed(replay, "response") && !replay_passed(replay, "names");
    return replay->status == NTLM_MALFORMED && at_names ? about_none(&replay->claim) : -1;
}

void user_name_causes(diagnosis_t *diagnosis, const subject_t *subject)
{
    if (!subject->replay || diagnosis->causes.count > 0) return;
    const int row = about_user(subject);
    if (row >= 0) diagnosis_add(diagnosis, &user_name_remarks[row], NULL);
}
