/* foreign.h - directives of other modules for NTLM, which who comes from them still has.
 *
 * They are recognised only to say what to write instead, and only while no module is loaded
 * that they are of: so that httpd can run both while a server moves.
 */
#ifndef NTLM_CONFIG_FOREIGN_H
#define NTLM_CONFIG_FOREIGN_H

#include <httpd.h>
#include <http_config.h>

/* What httpd calls for a directive of one of these modules or, by the last ones, of several. The
 * help of its row says what to write instead, from "write " or "leave " on. */
const char *foreign_winbind(cmd_parms *cmd, void *dir, const char *words);
const char *foreign_mod_ntlm(cmd_parms *cmd, void *dir, const char *words);
const char *foreign_authn_ntlm(cmd_parms *cmd, void *dir, const char *words);
const char *foreign_sspi(cmd_parms *cmd, void *dir, const char *words);
const char *foreign_winbind_or_ntlm(cmd_parms *cmd, void *dir, const char *words);
const char *foreign_ntlm_or_authn(cmd_parms *cmd, void *dir, const char *words);
const char *foreign_any_ntlm(cmd_parms *cmd, void *dir, const char *words);

#endif
