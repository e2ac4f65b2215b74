/* winbind_logon.h - a login, as winbindd is asked about it.
 *
 * winbindd passes it on to a controller of the account's domain (NetrLogonSamLogonEx, MS-NRPC
 * 3.5.4.5.1), and waits for him for minutes: all of this may block for as long.
 */
#ifndef NTLM_WINBIND_LOGON_H
#define NTLM_WINBIND_LOGON_H

#include "../creds/creds_backend.h"

struct wbcContext;

/* As creds_backend_t has it. context: of the calling thread alone; libwbclient hangs where two
 * share one. NULL: there is no memory for one. */
void winbind_logon(struct wbcContext *context, apr_pool_t *pool, const creds_logon_t *logon,
                   creds_verdict_t *verdict);

#endif
