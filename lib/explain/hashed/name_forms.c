#include "name_forms.h"

#include <string.h>

#include "../../ntlm/avpairs.h"
#include "../../ntlm/unicode.h"
#include "digests.h"

const remark_row_t name_form_remarks[] = {
    [USER_AS_SENT] = {.id = "user-as-sent",
                      .kind = REMARK_CAUSE,
                      .sentence = "NTOWFv2 has the user as it was sent, not in upper case",
                      .source = "MS-NLMP 3.3.2"},
    [USER_LOWER] = {.id = "user-lower-cased",
                    .kind = REMARK_CAUSE,
                    .sentence = "NTOWFv2 has the user in lower case, not in upper case",
                    .source = "MS-NLMP 3.3.2"},
    [USER_UPPER_OTHERWISE] =
        {.id = "user-upper-cased-otherwise",
         .kind = REMARK_CAUSE,
         .sentence = "NTOWFv2 has the user upper-cased by Unicode's full rules, where a letter may "
                     "become two, not letter by letter as Windows does",
         .source = "MS-NLMP 3.3.2"},
    [USER_WITH_DOMAIN] = {.id = "user-with-domain",
                          .kind = REMARK_CAUSE,
                          .sentence = "NTOWFv2 has the user with a domain in it",
                          .source = "MS-NLMP 3.3.2"},
    [USER_LEFT_OUT] = {.id = "user-left-out",
                       .kind = REMARK_CAUSE,
                       .sentence = "NTOWFv2 has no user",
                       .source = "MS-NLMP 3.3.2"},
    [USER_TAKEN_APART] =
        {.id = "user-taken-apart",
         .kind = REMARK_CAUSE,
         .sentence = "NTOWFv2 has a part of the user's name, which was sent whole with its domain",
         .source = "MS-NLMP 3.3.2"},
    [DOMAIN_LOWER] = {.id = "domain-lower-cased",
                      .kind = REMARK_CAUSE,
                      .sentence = "NTOWFv2 has the domain in lower case",
                      .source = "MS-NLMP 3.3.2"},
    [DOMAIN_IS_DNS] = {.id = "domain-is-dns-domain",
                       .kind = REMARK_CAUSE,
                       .sentence = "NTOWFv2 has MsvAvDnsDomainName, not the domain that was sent",
                       .source = "MS-NLMP 3.3.2"},
    [DOMAIN_IS_NETBIOS] = {.id = "domain-is-nb-domain",
                           .kind = REMARK_CAUSE,
                           .sentence =
                               "NTOWFv2 has MsvAvNbDomainName, not the domain that was sent",
                           .source = "MS-NLMP 3.3.2"},
    [DOMAIN_IS_TARGET] =
        {.id = "domain-is-target-name",
         .kind = REMARK_CAUSE,
         .sentence = "NTOWFv2 has the challenge's TargetName, not the domain that was sent",
         .source = "MS-NLMP 3.3.2"},
    [DOMAIN_IS_COMPUTER] = {.id = "domain-is-nb-computer",
                            .kind = REMARK_CAUSE,
                            .sentence =
                                "NTOWFv2 has MsvAvNbComputerName, not the domain that was sent",
                            .source = "MS-NLMP 3.3.2"},
    [DOMAIN_IS_DNS_COMPUTER] =
        {.id = "domain-is-dns-computer",
         .kind = REMARK_CAUSE,
         .sentence = "NTOWFv2 has MsvAvDnsComputerName, not the domain that was sent",
         .source = "MS-NLMP 3.3.2"},
    [DOMAIN_IS_TREE] = {.id = "domain-is-dns-tree",
                        .kind = REMARK_CAUSE,
                        .sentence = "NTOWFv2 has MsvAvDnsTreeName, not the domain that was sent",
                        .source = "MS-NLMP 3.3.2"},
    [DOMAIN_IS_WORKSTATION] = {.id = "domain-is-workstation",
                               .kind = REMARK_CAUSE,
                               .sentence = "NTOWFv2 has the workstation, not the domain",
                               .source = "MS-NLMP 3.3.2"},
    [DOMAIN_WITH_DOT] = {.id = "domain-with-dot",
                         .kind = REMARK_CAUSE,
                         .sentence = "NTOWFv2 has the domain with a dot behind it",
                         .source = "MS-NLMP 3.3.2"},
    [DOMAIN_IS_DOT] = {.id = "domain-is-dot",
                       .kind = REMARK_CAUSE,
                       .sentence = "NTOWFv2 has a dot, not the domain that was sent",
                       .source = "MS-NLMP 3.3.2"},
    [DOMAIN_IS_WORKGROUP] = {.id = "domain-is-workgroup",
                             .kind = REMARK_CAUSE,
                             .sentence = "NTOWFv2 has WORKGROUP, not the domain that was sent",
                             .source = "MS-NLMP 3.3.2"},
    [DOMAIN_IS_HOST] = {.id = "domain-is-host",
                        .kind = REMARK_CAUSE,
                        .sentence =
                            "NTOWFv2 has the host of the address, not the domain that was sent",
                        .source = "MS-NLMP 3.3.2"},
    [DOMAIN_IS_LABEL] =
        {.id = "domain-is-first-label",
         .kind = REMARK_CAUSE,
         .sentence =
             "NTOWFv2 has the first label of MsvAvDnsDomainName, not the domain that was sent",
         .source = "MS-NLMP 3.3.2"},
    [DOMAIN_BEFORE_USER] = {.id = "domain-before-user",
                            .kind = REMARK_CAUSE,
                            .sentence = "NTOWFv2 has the domain before the user",
                            .source = "MS-NLMP 3.3.2"},
    [NAMES_UTF8] = {.id = "names-utf8",
                    .kind = REMARK_CAUSE,
                    .sentence = "NTOWFv2 has its names in UTF-8 or ASCII, not in UTF-16LE",
                    .source = "MS-NLMP 3.3.2"},
    [NAMES_UTF16BE] = {.id = "names-utf16be",
                       .kind = REMARK_CAUSE,
                       .sentence = "NTOWFv2 has its names in UTF-16 big endian",
                       .source = "MS-NLMP 3.3.2"},
    [NAMES_NUL] = {.id = "names-nul",
                   .kind = REMARK_CAUSE,
                   .sentence = "NTOWFv2 has a NUL behind its names",
                   .source = "MS-NLMP 3.3.2"},
    [NAMES_NUL_EACH] = {.id = "names-nul-each",
                        .kind = REMARK_CAUSE,
                        .sentence = "NTOWFv2 has a NUL behind each of its names",
                        .source = "MS-NLMP 3.3.2"},
    [NAMES_BOM] = {.id = "names-bom",
                   .kind = REMARK_CAUSE,
                   .sentence = "NTOWFv2 has a byte order mark before its names",
                   .source = "MS-NLMP 3.3.2"},
    [NAMES_BOM_EACH] = {.id = "names-bom-each",
                        .kind = REMARK_CAUSE,
                        .sentence = "NTOWFv2 has a byte order mark before each of its names",
                        .source = "MS-NLMP 3.3.2"},
    [NAMES_UTF16BE_BOM] = {.id = "names-utf16be-bom",
                           .kind = REMARK_CAUSE,
                           .sentence = "NTOWFv2 has its names in UTF-16 big endian, with a byte "
                                       "order mark before them",
                           .source = "MS-NLMP 3.3.2"},
    {.id = NULL},
};

/* ---- one name ---- */

bytes_t form_bytes(const form_t *form)
{
    return form->len ? (bytes_t){form->bytes, form->len} : bytes_none();
}

/* Unless it is there. Nothing that is right is a mistake, too. */
static void add_form(forms_t *forms, const remark_row_t *mistake, bytes_t utf16)
{
    if (forms->count == FORMS_MAX || utf16.len > NAME_FORM_ROOM) return;
    for (size_t i = 0; i < forms->count; i++)
        if (bytes_equal(form_bytes(&forms->list[i]), utf16) &&
            (i < forms->right || forms->list[i].mistake == mistake || !mistake))
            return;
    form_t *form = &forms->list[forms->count++];
    form->mistake = mistake;
    form->len = utf16.len;
    memcpy(form->bytes, utf16.data, utf16.len);
    if (!mistake) forms->right = forms->count;
}

static void add_upper(forms_t *forms, int mistake, bytes_t utf16)
{
    uint8_t room[NAME_FORM_ROOM];
    writer_t upper = writer_to(room, sizeof room);
    unicode_write_upper(&upper, utf16, UNICODE_UPPER_WINDOWS7);
    add_form(forms, &name_form_remarks[mistake], written(&upper));
}

static void add_lower(forms_t *forms, int mistake, bytes_t utf16)
{
    uint8_t room[NAME_FORM_ROOM];
    writer_t lower = writer_to(room, sizeof room);
    digest_write_lower_utf16(&lower, utf16);
    add_form(forms, &name_form_remarks[mistake], written(&lower));
}

/* As it is, and in upper case. */
static void add_both(forms_t *forms, int mistake, bytes_t utf16)
{
    if (utf16.len == 0) return;
    add_form(forms, &name_form_remarks[mistake], utf16);
    add_upper(forms, mistake, utf16);
}

/* As languages do it that know all of Unicode: of one sharp s they make two letters. */
static void add_full_upper(forms_t *forms, bytes_t utf16)
{
    char shown[NAME_FORM_ROOM], upper[NAME_FORM_ROOM];
    uint8_t room[NAME_FORM_ROOM];
    writer_t text = writer_to((uint8_t *)upper, sizeof upper - 1);
    writer_t out = writer_to(room, sizeof room);
    unicode_show(utf16, shown, sizeof shown);
    if (!digest_write_upper(&text, bytes_of(shown))) return;
    upper[text.len] = '\0';
    if (unicode_write_utf8(&out, upper))
        add_form(forms, &name_form_remarks[USER_UPPER_OTHERWISE], written(&out));
}

static bool has_bytes(const forms_t *forms, bytes_t utf16)
{
    for (size_t i = 0; i < forms->count; i++)
        if (bytes_equal(form_bytes(&forms->list[i]), utf16)) return true;
    return false;
}

/* Unless it is another form by another name. */
static void add_text(forms_t *forms, int mistake, const char *text)
{
    uint8_t room[NAME_FORM_ROOM];
    writer_t utf16 = writer_to(room, sizeof room);
    if (!unicode_write_utf8(&utf16, text) || has_bytes(forms, written(&utf16))) return;
    add_both(forms, mistake, written(&utf16));
}

static bytes_t first_label(bytes_t utf16)
{
    size_t len = 0;
    while (len + 1 < utf16.len && (utf16.data[len] != '.' || utf16.data[len + 1] != 0)) len += 2;
    return (bytes_t){utf16.data, len};
}

bytes_t names_join(uint8_t room[NAME_FORM_ROOM], bytes_t first, const char *sign, bytes_t second)
{
    writer_t out = writer_to(room, NAME_FORM_ROOM);
    write_bytes(&out, first);
    unicode_write_utf8(&out, sign);
    write_bytes(&out, second);
    return written(&out);
}

void forms_of_user(forms_t *users, const ntlm_claim_t *claim)
{
    uint8_t room[NAME_FORM_ROOM];
    const bytes_t user = claim->user_utf16, domain = claim->domain_utf16;
    for (unicode_rule_t rule = 0; rule < UNICODE_RULE_COUNT; rule++) {
        writer_t upper = writer_to(room, sizeof room);
        unicode_write_upper(&upper, user, rule);
        add_form(users, NULL, written(&upper));
    }
    add_form(users, &name_form_remarks[USER_AS_SENT], user);
    add_lower(users, USER_LOWER, user);
    add_full_upper(users, user);
    if (domain.len > 0) {
        add_both(users, USER_WITH_DOMAIN, names_join(room, domain, "\\", user));
        add_both(users, USER_WITH_DOMAIN, names_join(room, user, "@", domain));
    }
    add_form(users, &name_form_remarks[USER_LEFT_OUT], bytes_none());
}

void forms_of_domain(forms_t *domains, const replay_t *replay)
{
    static const struct {
        int mistake;
        uint16_t av_id;
    } pairs[] = {{DOMAIN_IS_DNS, MsvAvDnsDomainName},
                 {DOMAIN_IS_NETBIOS, MsvAvNbDomainName},
                 {DOMAIN_IS_COMPUTER, MsvAvNbComputerName},
                 {DOMAIN_IS_DNS_COMPUTER, MsvAvDnsComputerName},
                 {DOMAIN_IS_TREE, MsvAvDnsTreeName}};
    uint8_t room[NAME_FORM_ROOM];
    const bytes_t domain = replay->claim.domain_utf16;
    writer_t upper = writer_to(room, sizeof room);
    bytes_t value;
    unicode_write_upper(&upper, domain, UNICODE_UPPER_WINDOWS7);
    add_form(domains, NULL, domain);
    add_form(domains, NULL, written(&upper));
    add_form(domains, NULL, bytes_none());
    add_lower(domains, DOMAIN_LOWER, domain);
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        if (avpairs_find(replay->challenge.target_info, pairs[i].av_id, &value))
            add_both(domains, pairs[i].mistake, value);
    add_both(domains, DOMAIN_IS_TARGET, replay->challenge.target_name);
    add_both(domains, DOMAIN_IS_WORKSTATION, replay->claim.type3.workstation);
    add_text(domains, DOMAIN_IS_DOT, ".");
    add_text(domains, DOMAIN_IS_WORKGROUP, "WORKGROUP");
    for (const char *const *host = replay->policy.service_hosts; host && *host; host++)
        add_text(domains, DOMAIN_IS_HOST, *host);
    if (avpairs_find(replay->challenge.target_info, MsvAvDnsDomainName, &value))
        add_both(domains, DOMAIN_IS_LABEL, first_label(value));
    if (domain.len > 0)
        add_both(domains, DOMAIN_WITH_DOT, names_join(room, domain, ".", bytes_none()));
}
