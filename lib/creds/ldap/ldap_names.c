#include "ldap_names.h"

#include <string.h>

#include "../../ntlm/crypto.h"

/* What a search for one user has found, whatever spellings it is for. */
typedef struct found_t {
    const char *user;
    ntlm_status_t status;
    creds_account_t account;
} found_t;

/* An entry without a domain is nobody's in a domain, and the other way round. What is no entry to
 * look at (too many, or a broken one) might be anybody's. */
static bool is_of_name(const found_t *found, const creds_name_t *name)
{
    bool is_entry = found->status == NTLM_OK || found->status == NTLM_HASH_UNREADABLE;
    if (strcmp(found->user, name->user) != 0) return false;
    if (found->status == NTLM_NO_SUCH_USER || found->status == NTLM_BACKEND_DOWN) return false;
    if (name->any_domain || !is_entry) return true;
    const char *own = found->account.domain;
    return name->domain && own ? unicode_casecmp(name->domain, own) == 0 : !name->domain == !own;
}

/* Whether nobody can say who stands in this spelling, and so whether a later one decides. */
static bool is_unanswered(const found_t *found, const creds_name_t *name)
{
    return found->status == NTLM_BACKEND_DOWN && strcmp(found->user, name->user) == 0;
}

static const found_t *first_of_names(const creds_login_t *login, const found_t *all, size_t count)
{
    for (size_t i = 0; i < login->name_count; i++)
        for (size_t k = 0; k < count; k++) {
            if (is_unanswered(&all[k], &login->names[i])) return NULL;
            if (is_of_name(&all[k], &login->names[i])) return &all[k];
        }
    return NULL;
}

static bool is_searched(const found_t *all, size_t count, const char *user)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(all[i].user, user) == 0) return true;
    return false;
}

/* The domains in which the login means that user. NULL: any. */
static const char *const *domains_of(const creds_login_t *login, const char *user,
                                     const char *domains[CREDS_NAMES_MAX + 1])
{
    size_t count = 0;
    for (size_t i = 0; i < login->name_count; i++) {
        const creds_name_t *name = &login->names[i];
        if (strcmp(name->user, user) != 0) continue;
        if (name->any_domain) return NULL;
        if (name->domain) domains[count++] = name->domain;
    }
    domains[count] = NULL;
    return domains;
}

/* One search a user, in whatever spellings he stands; each of them in any case, or the number of
 * searches would tell who is there. Only servers that do not answer end it: the next search would
 * wait for them again. Gives how many were made. */
static size_t search_users(const creds_login_t *login, ldap_names_search_t *search, void *baton,
                           found_t *all)
{
    size_t count = 0;
    for (size_t i = 0; i < login->name_count; i++) {
        const creds_name_t *name = &login->names[i];
        if (is_searched(all, count, name->user)) continue;
        found_t *found = &all[count++];
        found->user = name->user;
        const char *domains[CREDS_NAMES_MAX + 1];
        found->status =
            search(baton, name->user, domains_of(login, name->user, domains), &found->account);
        if (found->status == NTLM_BACKEND_DOWN) break;
    }
    return count;
}

/* What goes into the answer is moved there; nothing else stays. */
static void take(const found_t *taken, found_t *all, size_t count, creds_account_t *account)
{
    for (size_t i = 0; i < count; i++) {
        if (&all[i] == taken) {
            *account = taken->account;
            secret_wipe(&all[i].account.key, sizeof all[i].account.key);
        } else
            creds_wipe(&all[i].account);
    }
}

ntlm_status_t ldap_names_find(const creds_login_t *login, ldap_names_search_t *search, void *baton,
                              creds_account_t *account)
{
    found_t all[CREDS_NAMES_MAX] = {0};
    size_t count = search_users(login, search, baton, all);
    const found_t *first = first_of_names(login, all, count);
    const bool is_down = all[count - 1].status == NTLM_BACKEND_DOWN;
    ntlm_status_t status = is_down ? NTLM_BACKEND_DOWN : NTLM_NO_SUCH_USER;
    if (first) status = first->status;
    for (size_t i = 0; !first && i < count; i++)
        if (all[i].account.others) first = &all[i]; /* somebody of another domain */
    take(first, all, count, account);
    account->outage = is_down;
    return status;
}
