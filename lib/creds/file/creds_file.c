#include "creds_file.h"

#include <string.h>

#include <apr_atomic.h>
#include <apr_strings.h>

#include "../../ntlm/crypto.h"
#include "creds_live.h"

/* ---- asking ---- */

static void copy_names(apr_pool_t *pool, creds_account_t *account)
{
    name_parts_t parts = name_of_account(account->name);
    account->name = apr_pstrdup(pool, account->name);
    account->domain = parts.apart ? apr_pstrndup(pool, account->name, parts.domain.len) : NULL;
}

SECRET_IN_NO_REGISTER
bool creds_file_find(creds_file_t *file, apr_pool_t *pool, const char *name,
                     creds_account_t *account)
{
    bool found = creds_table_find(creds_live_borrow(file), name, account);
    if (found) copy_names(pool, account);
    creds_live_give_back(file);
    return found;
}

/* All entries of that user in a domain, before those that are there already. */
static void find_in_domains(creds_file_t *file, apr_pool_t *pool, const char *user,
                            creds_account_t **others)
{
    creds_account_t account = {0};
    creds_account_t *rest = *others, **end = others;
    apr_uint32_t where = 0;
    const creds_table_t *table = creds_live_borrow(file);
    while (creds_table_find_in_domain(table, user, &where, &account)) {
        copy_names(pool, &account);
        *end = apr_pmemdup(pool, &account, sizeof account);
        end = &(*end)->others;
    }
    creds_live_give_back(file);
    *end = rest;
    secret_wipe(&account, sizeof account);
}

/* ---- the backend ---- */

static const creds_option_t options[] = {
    {.name = "worldreadable",
     .kind = CREDS_SWITCH,
     .fallback = "off",
     .help = "worldreadable takes on or off"},
    {0},
};

static const char *file_open(apr_pool_t *pool, struct server_rec *server, const char *path,
                             const apr_table_t *given, void **opened)
{
    creds_file_t *file = NULL;
    (void)server;
    const char *why = creds_options_check(pool, creds_file_backend.name, options, given);
    if (!why)
        why =
            creds_live_open(pool, path, creds_option_is_on(options, given, "worldreadable"), &file);
    *opened = file;
    return why;
}

/* Looks whether or not something was found before, so that it costs the same. */
SECRET_IN_NO_REGISTER
static void look_for(creds_file_t *file, apr_pool_t *pool, const char *name,
                     creds_account_t *account, ntlm_status_t *status)
{
    creds_account_t found = {0};
    if (creds_file_find(file, pool, name, &found) && *status == NTLM_NO_SUCH_USER) {
        *account = found;
        *status = NTLM_OK;
    }
    secret_wipe(&found, sizeof found);
}

static ntlm_status_t file_find(void *opened, apr_pool_t *pool, const creds_login_t *login,
                               creds_account_t *account, const char **why)
{
    creds_file_t *file = opened;
    ntlm_status_t status = NTLM_NO_SUCH_USER;
    creds_account_t *others = NULL;
    creds_live_follow(file, pool, why);
    for (size_t i = 0; i < login->name_count; i++)
        look_for(file, pool, login->names[i].text, account, &status);
    for (size_t i = login->name_count; i-- > 0;)
        if (!login->names[i].domain) find_in_domains(file, pool, login->names[i].user, &others);
    if (status == NTLM_NO_SUCH_USER)
        account->others = others;
    else
        creds_wipe(others);
    return status;
}

static apr_uint64_t file_generation(void *opened, apr_pool_t *pool, const char **why)
{
    creds_file_t *file = opened;
    creds_live_follow(file, pool, why);
    return apr_atomic_read32(&file->generation);
}

static void file_stock(void *opened, creds_stock_t *stock)
{
    creds_file_t *file = opened;
    creds_live_take(file);
    stock->accounts = creds_table_count(creds_live_borrow(file));
    stock->written = file->served.modified;
    creds_live_give_back(file);
}

static void file_each(void *opened, void (*visit)(void *baton, const char *name), void *baton)
{
    creds_file_t *file = opened;
    creds_table_each(creds_live_borrow(file), visit, baton);
    creds_live_give_back(file);
}

const creds_backend_t creds_file_backend = {
    .name = "file",
    .source_word = CREDS_SOURCE_PATH,
    .options = options,
    .open = file_open,
    .find = file_find,
    .generation = file_generation,
    .stock = file_stock,
    .each = file_each,
};
