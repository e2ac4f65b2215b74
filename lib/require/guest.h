/* guest.h - Require ntlm-or-guest, which lets everybody in.
 *
 * Somebody logs in first if his request carries a token, or his connection a login that is good
 * there: who is greeted is known, and a wrong password is refused. All others are guests, and are
 * not asked.
 */
#ifndef NTLM_REQUIRE_GUEST_H
#define NTLM_REQUIRE_GUEST_H

#include <httpd.h>

#include <mod_auth.h>

extern const authz_provider require_guest;

#endif
