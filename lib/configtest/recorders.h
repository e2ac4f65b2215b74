/* recorders.h - what would write the headers of logins into a log.
 *
 * An answer of NTLM can be guessed at offline, and what Basic sends is the password itself.
 */
#ifndef NTLM_CONFIGTEST_RECORDERS_H
#define NTLM_CONFIGTEST_RECORDERS_H

#include <httpd.h>

/* Warns of each; to be called where anything asks for accounts of ours. */
void recorders_warn(apr_pool_t *pool, server_rec *main_server);

#endif
