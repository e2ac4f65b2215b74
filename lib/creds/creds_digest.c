#include "creds_digest.h"

#include <string.h>

#include "../ntlm/crypto.h"
#include "creds_groups.h"

static bytes_t with_end(const char *text)
{
    return text ? (bytes_t){(const uint8_t *)text, strlen(text) + 1} : bytes_none();
}

static bytes_t folded(apr_pool_t *pool, const char *text)
{
    size_t room = 2 * strlen(text) + 2;
    writer_t out = writer_to(apr_palloc(pool, room), room);
    if (!unicode_write_folded(&out, text)) return with_end(text);
    write_u16(&out, 0);
    return written(&out);
}

bool creds_digest_of_login(const uint8_t key[NTLM_KEY_LEN], apr_pool_t *pool,
                           const creds_login_t *login, uint8_t digest[CREDS_DIGEST_LEN])
{
    static const char any[] = "any domain";
    bytes_t parts[1 + 2 * CREDS_NAMES_MAX] = {with_end("login")};
    size_t count = 1;
    for (size_t i = 0; i < login->name_count; i++) {
        parts[count++] = folded(pool, login->names[i].text);
        parts[count++] = with_end(login->names[i].any_domain ? any : "");
    }
    return hmac_md5(key, parts, count, digest);
}

bool creds_digest_number(const uint8_t key[NTLM_KEY_LEN], apr_pool_t *pool,
                         creds_account_t *account)
{
    const char *groups = creds_groups_text(pool, account->groups);
    const uint8_t states[] = {(uint8_t)account->key.state, account->groups_cut || !groups};
    const bytes_t parts[] = {with_end("account"),       {account->key.nt_hash, NTLM_KEY_LEN},
                             {states, sizeof states},   with_end(account->name),
                             with_end(account->domain), with_end(groups)};
    uint8_t digest[CREDS_DIGEST_LEN];
    bool ok = hmac_md5(key, parts, sizeof parts / sizeof *parts, digest);
    memcpy(&account->generation, digest, sizeof account->generation);
    return ok;
}
