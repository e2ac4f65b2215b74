/* creds_digest.h - numbers that stand for a login, and for what is known of an account.
 *
 * They are made with a key that nobody knows, so nobody can look for two that are equal, and
 * who reads one learns nothing.
 */
#ifndef NTLM_CREDS_DIGEST_H
#define NTLM_CREDS_DIGEST_H

#include "creds_account.h"

enum { CREDS_DIGEST_LEN = 16 };

/* Of the names that a login means: in another case it is the same, since directories take no
 * notice of case. False if OpenSSL fails. */
bool creds_digest_of_login(const uint8_t key[NTLM_KEY_LEN], apr_pool_t *pool,
                           const creds_login_t *login, uint8_t digest[CREDS_DIGEST_LEN]);

/* account->generation of a source that does not count: the same key, state, name, domain and
 * groups are the same number. False if OpenSSL fails. */
bool creds_digest_number(const uint8_t key[NTLM_KEY_LEN], apr_pool_t *pool,
                         creds_account_t *account);

#endif
