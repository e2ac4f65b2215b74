#include "ldap_entry.h"

#include <string.h>

#include <apr_cstr.h>
#include <apr_strings.h>

#include "../../ntlm/crypto.h"
#include "../smbpasswd.h"
#include "ldap_filter.h"
#include "ldap_time.h"

#define DOMAIN "sambaDomainName"

static const char *const hashes[] = {"sambaNTPassword", "ipaNTHash", NULL};

/* ---- the state ---- */

/* What an attribute's value says to a question. */
typedef enum verdict_t { NO, YES, BROKEN } verdict_t;

/* [DU         ], blanks behind it. */
static bool read_flags(bytes_t value, smbpasswd_flags_t *flags)
{
    size_t len = value.len;
    while (len > 0 && value.data[len - 1] == ' ') len--;
    return len >= 2 && value.data[0] == '[' && value.data[len - 1] == ']' &&
           smbpasswd_flags((bytes_t){value.data + 1, len - 2}, flags);
}

static verdict_t is_disabled(bytes_t value, int64_t now)
{
    smbpasswd_flags_t flags;
    (void)now;
    if (!read_flags(value, &flags)) return BROKEN;
    return flags.disabled ? YES : NO;
}

static verdict_t is_locked(bytes_t value, int64_t now)
{
    smbpasswd_flags_t flags;
    (void)now;
    if (!read_flags(value, &flags)) return BROKEN;
    return flags.locked ? YES : NO;
}

static verdict_t needs_no_password(bytes_t value, int64_t now)
{
    smbpasswd_flags_t flags;
    (void)now;
    if (!read_flags(value, &flags)) return BROKEN;
    return flags.no_password ? YES : NO;
}

static bool is_word(bytes_t value, const char *word)
{
    return value.len == strlen(word) &&
           apr_cstr_casecmpn((const char *)value.data, word, value.len) == 0;
}

static verdict_t is_true(bytes_t value, int64_t now)
{
    (void)now;
    if (is_word(value, "TRUE")) return YES;
    return is_word(value, "FALSE") ? NO : BROKEN;
}

/* A lock may end by itself, but only the directory knows its policy's duration. */
static verdict_t is_there(bytes_t value, int64_t now)
{
    (void)value;
    (void)now;
    return YES;
}

static verdict_t time_is_over(bytes_t value, int64_t now)
{
    int64_t end;
    if (!ldap_time_parse(value, &end)) return BROKEN;
    return end <= now ? YES : NO;
}

/* Samba takes 0 for never. */
static verdict_t number_is_over(bytes_t value, int64_t now)
{
    int64_t end;
    if (!ldap_time_parse_number(value, &end)) return BROKEN;
    return end != 0 && end <= now ? YES : NO;
}

static verdict_t is_zero(bytes_t value, int64_t now)
{
    int64_t number;
    (void)now;
    if (!ldap_time_parse_number(value, &number)) return BROKEN;
    return number == 0 ? YES : NO;
}

/* The first one that holds is the account's state. */
static const struct {
    const char *attribute;
    verdict_t (*holds)(bytes_t value, int64_t now);
    ntlm_status_t state;
} rules[] = {
    {"sambaAcctFlags", is_disabled, NTLM_ACCOUNT_DISABLED},
    {"nsAccountLock", is_true, NTLM_ACCOUNT_DISABLED},
    {"sambaAcctFlags", is_locked, NTLM_ACCOUNT_LOCKED},
    {"pwdAccountLockedTime", is_there, NTLM_ACCOUNT_LOCKED},
    {"sambaAcctFlags", needs_no_password, NTLM_BLANK_PASSWORD},
    {"sambaKickoffTime", number_is_over, NTLM_ACCOUNT_EXPIRED},
    {"krbPrincipalExpiration", time_is_over, NTLM_ACCOUNT_EXPIRED},
    {"sambaPwdLastSet", is_zero, NTLM_PASSWORD_EXPIRED},
    {"krbPasswordExpiration", time_is_over, NTLM_PASSWORD_EXPIRED},
};
enum { RULES = sizeof rules / sizeof *rules };

/* ---- an entry's attributes ---- */

/* What a login is decided by, with room for two more names. */
static const char **decisive(apr_pool_t *pool, const ldap_spec_t *spec)
{
    enum { OTHERS = 7 }; /* the login name, the hashes, the domain; two of groups; NULL */
    const char **names = apr_pcalloc(pool, (OTHERS + RULES) * sizeof *names), **at = names;
    *at++ = spec->address.attribute;
    if (spec->hash) *at++ = spec->hash;
    for (const char *const *hash = hashes; !spec->hash && *hash; hash++) *at++ = *hash;
    if (!spec->domain) *at++ = DOMAIN;
    for (int i = 0; i < RULES && spec->state; i++) {
        bool again = false;
        for (int k = 0; k < i; k++) again |= strcmp(rules[k].attribute, rules[i].attribute) == 0;
        if (!again) *at++ = rules[i].attribute;
    }
    return names;
}

/* The first attribute that stands there twice, or NULL. Of a login name (asked for first) the
 * descriptions with options, languages of a cn, are no names for us. */
static const char *find_twice(const ldap_entry_t *entry, const char *const *asked)
{
    for (const char *const *name = asked; *name; name++)
        if (ldap_answer_has_twice(entry, *name, name != asked)) return *name;
    return NULL;
}

/* NULL if the value is a name of a user or a domain, *name then: as the password file has them,
 * but that a user's domain never stands in it. Else (static text) why not. */
static const char *read_name(apr_pool_t *pool, bytes_t value, const char **name)
{
    *name = apr_pstrndup(pool, (const char *)value.data, value.len);
    if (strlen(*name) != value.len) return "a name holds a control character";
    const char *why = name_check(*name);
    if (!why && name_of_account(*name).apart)
        why = "a name in a directory holds no '\\'; its domain is sambaDomainName or domain=";
    if (!why && !ldap_filter_takes(*name)) why = "the name is too long";
    return why;
}

/* reason: NULL if the attribute says it all. */
static ntlm_status_t broken(apr_pool_t *pool, const ldap_question_t *question,
                            const char *attribute, const char *reason, const char **why)
{
    *why = apr_psprintf(pool,
                        "the entry of '%s' cannot be understood: look at its %s (in the LDAP "
                        "directory)%s%s",
                        question->user, attribute, reason ? ": " : "", reason ? reason : "");
    return NTLM_BAD_ENTRY;
}

/* ---- its parts ---- */

/* A person may have several login names: the account is the one that was asked for. What the
 * directory takes for the same (blanks, full-width letters) is another name here: else one
 * account could be guessed under any number of names, each with a count of its own. */
static ntlm_status_t login_name(apr_pool_t *pool, const ldap_attribute_t *names, const char *user,
                                const char **name, const char **reason)
{
    bool clean = false;
    *reason = NULL;
    for (size_t i = 0; i < names->count; i++) {
        const char *why_not = read_name(pool, names->values[i], name);
        if (!why_not && unicode_casecmp(*name, user) == 0) return NTLM_OK;
        if (why_not)
            *reason = why_not;
        else
            clean = true;
    }
    return clean ? NTLM_NO_SUCH_USER : NTLM_BAD_ENTRY;
}

static ntlm_status_t read_hash(const ldap_attribute_t *hash, ntlm_key_t *key)
{
    if (hash->count != 1) return NTLM_BAD_ENTRY;
    const bytes_t value = hash->values[0];
    if (value.len == NTLM_KEY_LEN) memcpy(key->nt_hash, value.data, NTLM_KEY_LEN);
    if (value.len == NTLM_KEY_LEN) return NTLM_OK;
    if (hex_read(value, key->nt_hash, NTLM_KEY_LEN)) return NTLM_OK;
    if (!smbpasswd_is_no_hash(value)) return NTLM_BAD_ENTRY;
    smbpasswd_blank(key->nt_hash);
    key->state = NTLM_BLANK_PASSWORD;
    return NTLM_OK;
}

/* Gives the attribute whose value is broken, or NULL. */
static const char *read_state(const ldap_entry_t *entry, apr_time_t now, ntlm_status_t *state)
{
    for (size_t i = 0; i < RULES; i++) {
        const ldap_attribute_t *attribute = ldap_answer_attribute(entry, rules[i].attribute);
        if (attribute->count == 0) continue;
        if (attribute->count > 1) return rules[i].attribute;
        verdict_t verdict = rules[i].holds(attribute->values[0], apr_time_sec(now));
        if (verdict == BROKEN) return rules[i].attribute;
        if (verdict == NO) continue;
        *state = rules[i].state;
        return NULL;
    }
    return NULL;
}

/* The domain that the entry belongs to: NULL, or (static text) why its name is none. */
static const char *read_domain(const ldap_entry_t *entry, const ldap_spec_t *spec, apr_pool_t *pool,
                               const char **domain)
{
    const ldap_attribute_t *own = ldap_answer_attribute(entry, DOMAIN);
    *domain = spec->domain;
    if (spec->domain || own->count == 0) return NULL;
    return own->count == 1 ? read_name(pool, own->values[0], domain) : "it has several values";
}

/* ---- the entry ---- */

static ntlm_status_t read_key(const ldap_entry_t *entry, const ldap_question_t *question,
                              apr_pool_t *pool, ntlm_key_t *key, const char **why)
{
    const char *own[] = {question->spec->hash, NULL};
    const char *const *at = question->spec->hash ? own : hashes;
    while (*at && ldap_answer_attribute(entry, *at)->count == 0) at++;
    if (!*at) return NTLM_HASH_UNREADABLE;
    key->state = NTLM_OK;
    if (read_hash(ldap_answer_attribute(entry, *at), key) != NTLM_OK)
        return broken(pool, question, *at, NULL, why);
    if (!question->spec->state) return NTLM_OK;
    const char *attribute = read_state(entry, question->now, &key->state);
    return attribute ? broken(pool, question, attribute, NULL, why) : NTLM_OK;
}

/* Another domain's account: it is kept beside, with what would have been said of it. */
static void set_aside(apr_pool_t *pool, creds_account_t *account, ntlm_status_t status)
{
    creds_account_t *other = apr_pmemdup(pool, account, sizeof *account);
    if (status != NTLM_OK) other->key.state = status;
    creds_wipe(account);
    *account = (creds_account_t){.others = other};
}

ntlm_status_t ldap_entry_read(const ldap_entry_t *entry, const ldap_question_t *question,
                              apr_pool_t *pool, creds_account_t *account, const char **why)
{
    const ldap_spec_t *spec = question->spec;
    const char *attribute = spec->address.attribute, *reason;
    const char *twice = find_twice(entry, decisive(pool, spec));
    if (twice) return broken(pool, question, twice, "it stands there twice, or with options", why);
    ntlm_status_t named = login_name(pool, ldap_answer_attribute(entry, attribute), question->user,
                                     &account->name, &reason);
    if (named == NTLM_BAD_ENTRY) return broken(pool, question, attribute, reason, why);
    if (named != NTLM_OK) return named;
    reason = read_domain(entry, spec, pool, &account->domain);
    if (reason) return broken(pool, question, DOMAIN, reason, why);
    const char *wrong = NULL;
    ntlm_status_t status = read_key(entry, question, pool, &account->key, &wrong);
    if (status != NTLM_OK) secret_wipe(&account->key, sizeof account->key);
    if (question->domains && account->domain &&
        !name_is_listed(question->domains, account->domain)) {
        set_aside(pool, account, status);
        return NTLM_NO_SUCH_USER;
    }
    if (wrong) *why = wrong;
    return status;
}

/* ---- its groups ---- */

const char *const *ldap_entry_attributes(apr_pool_t *pool, const ldap_spec_t *spec)
{
    const char **names = decisive(pool, spec), **at = names;
    while (*at) at++;
    if (spec->groups) *at++ = spec->groups;
    if (spec->group_base) *at++ = LDAP_ENTRY_GID;
    return names;
}

void ldap_entry_groups(const ldap_entry_t *entry, const ldap_spec_t *spec, creds_groups_t *groups)
{
    if (!spec->groups) return;
    const ldap_attribute_t *values = ldap_answer_attribute(entry, spec->groups);
    for (size_t i = 0; i < values->count; i++) creds_groups_add(groups, values->values[i]);
    groups->cut |= ldap_answer_has_twice(entry, spec->groups, true);
}
