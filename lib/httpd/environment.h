/* environment.h - NTLM_STATUS and its companions, for CGI and LogFormat (docs/directives.md).
 *
 * Every request of a place with a login gets them, since nothing tells who will read them.
 */
#ifndef NTLM_HTTPD_ENVIRONMENT_H
#define NTLM_HTTPD_ENVIRONMENT_H

#include "attempt.h"

/* Sets them in the request's environment, which is another table then. What was there under
 * these names is gone. May give attempt->user, whose text stands beside those of the variables. */
void environment_say(request_rec *r, attempt_t *attempt);

/* What it has said in that request's environment; NULL: nothing of it. */
facts_t environment_facts(const request_rec *r);

/* Whether it has said something there. */
bool environment_is_said(const request_rec *r);

/* Makes ready what the requests of a connection's login will get, once. */
void environment_keep(ntlm_login_t *login);

#endif
