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
                                    "sambaNTPassword;x-old"};
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static apr_pool_t *pool;
    ldap_spec_t spec = {.address = {.attribute = "uid"}, .state = true};
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
    apr_pool_clear(pool);
    return 0;
}
