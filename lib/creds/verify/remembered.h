/* remembered.h - what a controller has said about a password that came in clear text (Basic).
 *
 * Such a password comes with each request: without this a page and its forty pictures were forty
 * logons, and a wrong one forty wrong ones, which lock the account. So what he says is remembered
 * for a while, whatever it is, in memory that all children share. Neither names nor passwords
 * are compared: a number stands for both (creds_logon_t).
 *
 * It has a fixed size. What is oldest goes first, and what goes is wiped.
 */
#ifndef NTLM_CREDS_REMEMBERED_H
#define NTLM_CREDS_REMEMBERED_H

#include "../creds_account.h"

typedef struct remembered_t remembered_t;

/* REMEMBERED_BYTES are for all that is remembered; one that is longer than REMEMBERED_MAX (of
 * somebody who is in very many groups) never is. */
enum { REMEMBERED_BYTES = 4 * 1024 * 1024, REMEMBERED_MAX = 64 * 1024 };

/* At configuration time. NULL, or (from pool) what the system refuses. */
const char *remembered_open(apr_pool_t *pool, apr_interval_time_t lifetime,
                            remembered_t **remembered);

/* The status that was stored less than lifetime ago, with the account's name, domain, detail,
 * groups, SIDs and end, from pool; nothing else of the account is touched. NTLM_NEED_KEY: there is
 * none, or its account's end has come. now: in ticks (clock.h). */
ntlm_status_t remembered_find(remembered_t *remembered, const uint8_t number[CREDS_REMEMBER_LEN],
                              apr_time_t now, apr_pool_t *pool, creds_account_t *account);

/* Remembers that, if it is a verdict on the account or the password: not when nobody has decided,
 * nor when our own names were refused, which are not the same everywhere. No key is kept. */
void remembered_store(remembered_t *remembered, const uint8_t number[CREDS_REMEMBER_LEN],
                      apr_time_t now, ntlm_status_t status, const creds_account_t *account);

#endif
