/* verify.h - sources that let somebody else decide about a login: a domain controller.
 *
 * He counts what he is asked, he may be slow or hang, and his word is as good as what he was asked:
 * so the same is done for all such backends, before and after.
 *
 * Before: a login that would be refused whatever its password is, or that names a domain which
 * is not accepted, is not put to him. Questions about one account are put one after the other, and
 * not at all after some wrong ones (tries.h). They are put in threads of their own (helpers.h), so
 * that one that hangs delays nobody beyond timeout=. After: what he says is judged (verdict.h), and
 * the account has to be of his own domain, or of one that is accepted.
 */
#ifndef NTLM_CREDS_VERIFY_H
#define NTLM_CREDS_VERIFY_H

#include "../creds.h"
#include "group_sids.h"

/* creds_open() for a backend that verifies, with the options of verify_options.h beside its own. */
const char *verify_open(apr_pool_t *pool, const creds_open_t *what, const creds_source_t **source);

/* Asks its controller what our challenges must say (creds_names_t), unless that is known. In the
 * parent, at configuration time, what is learnt is inherited by the children; a child that knows
 * nothing asks when it has a login. NULL, or (from pool) why it is not known. */
const char *verify_learn(const creds_source_t *source, apr_pool_t *pool);

/* NULL: nobody has said, or nobody says such. It lives as long as the source. */
const creds_names_t *verify_names(const creds_source_t *source);

/* The names of the controller's own domain, NULL at the end; NULL if they are not known. */
const char *const *verify_domains(const creds_source_t *source);

/* Whether wrong passwords are put to him without a limit: lockout=off. */
bool verify_may_lock_out(const creds_source_t *source);

/* The threads that ask it. */
helpers_t *verify_helpers(const creds_source_t *source);

/* Whether it tells groups by their SIDs. */
bool verify_has_sids(const creds_source_t *source);

/* When all of the configuration is read: asks for the SIDs of groups that it wants
 * (group_sids.h). NULL, or (from pool) why some are not known. */
const char *verify_learn_groups(const creds_source_t *source, apr_pool_t *pconf, apr_pool_t *pool);

/* What is known of a group that is named so; has it asked for, without waiting, when it is time. */
group_known_t verify_group_sid(const creds_source_t *source, const char *name,
                               char sid[GROUP_SID_ROOM]);

#endif
