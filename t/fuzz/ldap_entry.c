/* An entry of a directory: records of an attribute's number, a length and a value. */
#include "fuzz.h"

#include <apr_general.h>

#include "../../lib/creds/ldap/ldap_entry.h"
#include "../../lib/creds/ldap/ldap_filter.h"

enum { ATTRIBUTES_MAX = 64 };

static const char *const names[] = {"uid",
                                    "sambaNTPassword",
                                    "ipaNTHash",
                                    "sambaDomainName",
                                    "sambaAcctFlags",
                                    "nsAccountLock",
                                    "pwdAccountLockedTime",
                                    "sambaKickoffTime",
                                    "krbPrincipalExpiration",
                                    "sambaPwdLastSet",
                                    "krbPasswordExpiration",
                                    "UID",
                                    "other",
                                    "uid;lang-de",
                                    "sambaAcctFlags;x-old",
                                    "sambaNTPassword;x-old",
                                    "memberOf",
                                    "memberOf;range=0-1499"};
enum { NAMES = sizeof names / sizeof *names };

static ldap_attribute_t attributes[ATTRIBUTES_MAX];
static bytes_t values[ATTRIBUTES_MAX];

/* A number with its highest bit is one more value of the attribute before. */
static ldap_entry_t entry_from(const uint8_t *data, size_t size)
{
    ldap_entry_t entry = {attributes, 0};
    reader_t in = reader_over((bytes_t){data, size});
    for (size_t i = 0; i < ATTRIBUTES_MAX && in.at < size; i++) {
        bytes_t head = read_bytes(&in, 2);
        if (in.error) break;
        values[i] = read_bytes(&in, head.data[1]);
        if (in.error) break;
        if (entry.count > 0 && head.data[0] & 0x80)
            attributes[entry.count - 1].count++;
        else
            attributes[entry.count++] =
                (ldap_attribute_t){names[head.data[0] % NAMES], &values[i], 1};
    }
    return entry;
}

static bool is_plain(const char *name)
{
    return name_check(name) == NULL && strchr(name, '\\') == NULL;
}

static void read_as(const ldap_entry_t *entry, const ldap_spec_t *spec, const char *domain,
                    apr_pool_t *pool)
{
    const char *const domains[] = {domain, NULL};
    const ldap_question_t question = {spec, "alice", *domain ? domains : NULL,
                                      apr_time_from_sec(1798761600)};
    creds_account_t account = {0};
    const char *why = NULL;
    ntlm_status_t status = ldap_entry_read(entry, &question, pool, &account, &why);
    REQUIRE((status == NTLM_BAD_ENTRY) == (why != NULL));
    REQUIRE(status == NTLM_OK || status == NTLM_NO_SUCH_USER || status == NTLM_BAD_ENTRY ||
            status == NTLM_HASH_UNREADABLE);
    REQUIRE(!account.others || (status == NTLM_NO_SUCH_USER && account.others->domain &&
                                ldap_filter_takes(account.others->name)));
    if (status != NTLM_OK) return;
    REQUIRE(ldap_filter_takes(account.name) && is_plain(account.name));
    REQUIRE(!account.domain || (ldap_filter_takes(account.domain) && is_plain(account.domain)));
}

/* What is told of groups is whole and can be taken apart again. */
static void read_groups(const ldap_entry_t *entry, const ldap_spec_t *spec, apr_pool_t *pool)
{
    creds_groups_t groups = creds_groups_none(pool);
    creds_account_t account = {0};
    ldap_entry_groups(entry, spec, &groups);
    creds_groups_give(&groups, &account);
    const char *text = creds_groups_text(pool, account.groups);
    REQUIRE(!account.groups_cut || !account.groups);
    REQUIRE(text && strlen(text) <= CREDS_GROUPS_MAX);
    size_t count = *text ? 1 : 0, given = 0;
    for (const char *at = text; *at; at++) count += *at == ',';
    for (; account.groups && account.groups[given]; given++) {
        const char *const one[] = {account.groups[given], NULL};
        REQUIRE(given == 0 || strcmp(account.groups[given - 1], one[0]) < 0);
        const char *const wanted[] = {creds_groups_text(pool, one), NULL};
        REQUIRE(creds_groups_name_one(pool, text, wanted));
    }
    REQUIRE(given == count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static apr_pool_t *pool;
    ldap_spec_t spec = {.address = {.attribute = "uid"}, .state = true, .groups = "memberOf"};
    if (!pool) {
        apr_initialize();
        apr_pool_create(&pool, NULL);
    }
    const ldap_entry_t entry = entry_from(data, size);
    read_as(&entry, &spec, "", pool);
    read_as(&entry, &spec, "CORP", pool);
    spec.hash = "ipaNTHash";
    spec.domain = "CORP";
    read_as(&entry, &spec, "", pool);
    read_groups(&entry, &spec, pool);
    apr_pool_clear(pool);
    return 0;
}
