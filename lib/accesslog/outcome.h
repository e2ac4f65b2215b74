/* outcome.h - what became of the login of a client's request, when its line is written.
 *
 * By then its connection's login may be gone: nothing here reads it.
 */
#ifndef NTLM_ACCESSLOG_OUTCOME_H
#define NTLM_ACCESSLOG_OUTCOME_H

#include "../httpd/attempt.h"

typedef struct outcome_t {
    bool is_ours;         /* false: no place of ours had to do with it, and the rest says nothing */
    bool is_login;        /* r->user is of a login of ours */
    bool made_login;      /* by this request; of Basic, by each */
    ntlm_status_t status; /* the first refusal's, if there was one */
    const char *detail;   /* NULL, or what the status does not say */
    facts_t facts;
} outcome_t;

/* r: any request of the chain. */
outcome_t outcome_of(request_rec *r);

/* The same as an object of JSON, whose members are the fields of the error log's line
 * (docs/statuses.md), or null. */
const char *outcome_json(request_rec *r);

#endif
