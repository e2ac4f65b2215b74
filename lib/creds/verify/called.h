/* called.h - what a controller calls itself, its domain, and this server in it.
 *
 * A challenge that says something else makes every login fail there, so what he says goes into it.
 * It is asked for once, in the parent, and lies in memory that all children share; where he did not
 * answer then, the first child that makes a challenge asks again.
 */
#ifndef NTLM_CREDS_CALLED_H
#define NTLM_CREDS_CALLED_H

#include "question.h"

typedef struct called_t called_t;

/* At configuration time; to lives as long as pool. NULL, or what the system refuses. */
const char *called_open(apr_pool_t *pool, const question_to_t *to, called_t **called);

/* Asks, unless it is known, or the backend never says. NULL, or (from pool) why it is not known. */
const char *called_learn(called_t *called, apr_pool_t *pool);

/* When it was learnt, in ticks; 0: it is not known. */
apr_time_t called_since(const called_t *called);

/* Both NULL while it is not known. The domain's names, NULL at the end. */
const creds_names_t *called_names(const called_t *called);
const char *const *called_domains(const called_t *called);

#endif
