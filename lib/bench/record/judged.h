/* judged.h - a record, judged again: what the checks and the diagnosis say of it.
 */
#ifndef NTLM_BENCH_JUDGED_H
#define NTLM_BENCH_JUDGED_H

#include "../../explain/causes/diagnose.h"
#include "record.h"

typedef struct judged_t {
    const char *status, *detail; /* the record's, or what became of it later */
    const ntlm_status_row_t
        *row; /* of that status; NULL: it is the bench's own, or there is none */
    course_t course;
    bool has_replay; /* there is a Type 3 with its Type 2 */
    replay_t replay;
    diagnosis_t diagnosis;
} judged_t;

/* What is demanded at a place, on a site. It borrows from both and from pool. */
ntlm_policy_t judged_policy(apr_pool_t *pool, const site_t *site, const settings_t *settings);

/* It takes a second of CPU at the most; it is big: not for the stack of a thread. */
judged_t *judge_record(apr_pool_t *pool, const site_t *site, const record_t *record);

/* The check of a Type 3 (ntlm/checks.h) that decided the record's refusal, or NULL. */
const char *judged_failed_check(const judged_t *judged);

#endif
