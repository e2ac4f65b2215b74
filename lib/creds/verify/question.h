/* question.h - one question to a controller, which may outlive the request that it is put for. */
#ifndef NTLM_CREDS_QUESTION_H
#define NTLM_CREDS_QUESTION_H

#include "../../helpers/helpers.h"
#include "../creds_backend.h"
#include "tries.h"

/* Of one source; lives as long as the configuration. */
typedef struct question_to_t {
    const creds_backend_t *backend;
    void *opened;
    const char *controller; /* which one it is, for the count */
    helpers_t *helpers;
    tries_t *tries; /* of logons */
} question_to_t;

/* How long a login waits for its turn when there are many: a slow controller is no outage. */
enum { QUESTION_QUEUE_SECONDS = 30 };

/* The turn of an account (tries_begin()), which nobody waits for while nothing is answered. */
tries_answer_t question_turn(const question_to_t *to, const tries_who_t *who, tries_turn_t *turn,
                             int *retry_after);

/* Puts a logon, in its turn, to the backend, and waits. The verdict lives as long as pool. The
 * turn is ended by who has the verdict: the caller, or, when *is_late, the thread that it comes to
 * after this has given it up; the verdict is silent then, and says why. */
void question_put(const question_to_t *to, apr_pool_t *pool, const creds_logon_t *logon,
                  const tries_turn_t *turn, creds_verdict_t *verdict, bool *is_late);

/* The same for the names of a challenge: NULL, or (from pool) why they are not known. */
const char *question_names(const question_to_t *to, apr_pool_t *pool, creds_names_t *names);

/* The same for what the account of a user is called, as creds_backend_t has it. */
const char *question_account(const question_to_t *to, apr_pool_t *pool, const char *user,
                             const char **name);

/* The same for a group's SID; and without waiting: kept() has it when it comes, in another thread,
 * unless nobody says. */
const char *question_sid(const question_to_t *to, apr_pool_t *pool, const char *group,
                         const char **sid);
void question_send_sid(const question_to_t *to, const char *group,
                       void (*kept)(void *baton, const char *sid), void *baton);

#endif
