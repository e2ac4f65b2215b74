/* group.h - Require ntlm-group "NAME" ...: accounts that are in one of these groups.
 *
 * Names are compared whole, as the source spells them, in any case. Of an account whose groups are
 * not known in whole it refuses, in Require not, too: with AUTHZ_GENERAL_ERROR, since httpd would
 * turn a denial around, and 403 (authz.h).
 */
#ifndef NTLM_REQUIRE_GROUP_H
#define NTLM_REQUIRE_GROUP_H

#include <httpd.h>

#include <mod_auth.h>

extern const authz_provider require_group;

#endif
