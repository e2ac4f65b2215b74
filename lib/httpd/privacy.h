/* privacy.h - telling caches which answers are one user's.
 *
 * An open page may include a protected part, and its header leaves before that part is
 * authenticated. So whether an answer is private is decided when its request has been read:
 * it is if the request carries a token of ours, or if its connection is logged in. What is
 * fetched for a proxy's client may be for everybody, and is never private.
 *
 * A guest's answer (Require ntlm-or-guest) is for all guests: "Vary: Authorization", and
 * "Cache-Control: no-cache" unless something else is said of caches.
 */
#ifndef NTLM_HTTPD_PRIVACY_H
#define NTLM_HTTPD_PRIVACY_H

#include <httpd.h>

/* Registers the hooks that decide, and the filter that has the last word. */
void privacy_register(void);

/* Learns whether httpd has a cache itself; from check_config, that is before any request. */
void privacy_learn(void);

/* Makes this request's answer private. That of a subrequest is only part of another one. */
void privacy_demand(request_rec *r);

#endif
