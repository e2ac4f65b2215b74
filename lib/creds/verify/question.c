#include "question.h"

#include <stddef.h>
#include <stdlib.h>

#include <apr_strings.h>

#include "../../ntlm/crypto.h"
#include "../../system/clock.h"
#include "verdict.h"

/* A text for a text: creds_backend_t's sid and account. */
typedef const char *look_up_t(void *opened, void *own, apr_pool_t *pool, const char *text,
                              const char **found);

typedef struct question_t {
    helpers_job_t job; /* the first: a job is a question */
    const creds_backend_t *backend;
    void *opened;
    tries_t *tries;
    tries_turn_t turn;
    apr_pool_t *pool; /* its own: no other thread has anything in it */
    creds_logon_t logon;
    creds_verdict_t verdict;
    creds_names_t names;
    const char *why; /* there are no names, or no text */
    look_up_t *look_up;
    const char *text, *found; /* what is looked up, and what it comes to */
    void (*kept)(void *baton, const char *found);
    void *baton;
} question_t;

static question_t *question_of(helpers_job_t *job)
{
    return (question_t *)(void *)job;
}

/* ---- in the thread ---- */

static void ask_logon(helpers_job_t *job, void *own)
{
    question_t *question = question_of(job);
    question->backend->verify(question->opened, own, question->pool, &question->logon,
                              &question->verdict);
}

static void ask_names(helpers_job_t *job, void *own)
{
    question_t *question = question_of(job);
    question->why =
        question->backend->names(question->opened, own, question->pool, &question->names);
}

static void ask_text(helpers_job_t *job, void *own)
{
    question_t *question = question_of(job);
    question->why =
        question->look_up(question->opened, own, question->pool, question->text, &question->found);
}

static void keep_text(helpers_job_t *job)
{
    const question_t *question = question_of(job);
    if (!question->why && question->found && question->kept)
        question->kept(question->baton, question->found);
}

/* Nobody has waited for it: what it says still counts. What was put and has no answer may come to
 * him yet, when he goes on, and then he counts it. */
static void end_turn(helpers_job_t *job)
{
    question_t *question = question_of(job);
    tries_outcome_t outcome;
    const char *why;
    const ntlm_status_t status = verdict_status(question->pool, &question->verdict,
                                                question->logon.computers, &outcome, &why);
    if (status == NTLM_BACKEND_DOWN) outcome = TRIES_WRONG;
    tries_end(question->tries, &question->turn, outcome);
}

static void release(helpers_job_t *job)
{
    question_t *question = question_of(job);
    apr_pool_t *pool = question->pool;
    secret_wipe(&question->verdict, sizeof question->verdict);
    apr_pool_destroy(pool);
    free(question);
}

/* ---- who asks ---- */

/* Memory that is nobody else's, in which everything is a copy. */
static question_t *make_question(const question_to_t *to)
{
    question_t *question = calloc(1, sizeof *question);
    if (!question) return NULL;
    if (apr_pool_create_unmanaged_ex(&question->pool, NULL, NULL) != APR_SUCCESS) {
        free(question);
        return NULL;
    }
    question->backend = to->backend;
    question->opened = to->opened;
    question->tries = to->tries;
    question->job.release = release;
    return question;
}

static bytes_t copy_bytes(apr_pool_t *pool, bytes_t bytes)
{
    return (bytes_t){apr_pmemdup(pool, bytes.data, bytes.len), bytes.len};
}

static void copy_logon(question_t *question, const creds_logon_t *logon)
{
    apr_pool_t *pool = question->pool;
    question->logon = (creds_logon_t){
        .user = apr_pstrdup(pool, logon->user),
        .domain = apr_pstrdup(pool, logon->domain),
        .workstation = apr_pstrdup(pool, logon->workstation),
        .challenge = apr_pmemdup(pool, logon->challenge, NTLM_CHALLENGE_LEN),
        .nt_response = copy_bytes(pool, logon->nt_response),
        .computers = logon->computers,
        .address = bytes_none(),
    };
}

static const char *const sentences[] = {
    [HELPERS_DONE] = NULL,
    [HELPERS_HANGS] = "nothing that it is asked is answered",
    [HELPERS_QUEUED] = "too many others wait for its answers",
    [HELPERS_FAILED] = "there is no memory, or no thread, to ask it",
};

static apr_status_t give_back(void *data)
{
    helpers_release(data);
    return APR_SUCCESS;
}

/* What is answered lives as long as pool. */
static helpers_outcome_t ask(const question_to_t *to, apr_pool_t *pool, question_t *question,
                             bool *begun)
{
    *begun = false;
    if (!question) return HELPERS_FAILED;
    const helpers_outcome_t outcome = helpers_ask(to->helpers, &question->job, begun);
    if (outcome == HELPERS_DONE)
        apr_pool_cleanup_register(pool, &question->job, give_back, apr_pool_cleanup_null);
    return outcome;
}

/* Threads of requests are few. */
static bool answers(void *helpers)
{
    return !helpers_hang(helpers);
}

tries_answer_t question_turn(const question_to_t *to, const tries_who_t *who, tries_turn_t *turn,
                             int *retry_after)
{
    const tries_wait_t wait = {.until = clock_ticks() + apr_time_from_sec(QUESTION_QUEUE_SECONDS),
                               .may_go_on = answers,
                               .baton = to->helpers};
    helpers_wait(to->helpers, 1);
    const tries_answer_t answer = tries_begin(to->tries, who, &wait, turn, retry_after);
    helpers_wait(to->helpers, -1);
    return answer;
}

void question_put(const question_to_t *to, apr_pool_t *pool, const creds_logon_t *logon,
                  const tries_turn_t *turn, creds_verdict_t *verdict, bool *is_late)
{
    question_t *question = make_question(to);
    if (question) {
        copy_logon(question, logon);
        question->turn = *turn;
        question->job.work = ask_logon;
        question->job.late = end_turn;
    }
    const helpers_outcome_t outcome = ask(to, pool, question, is_late);
    if (outcome == HELPERS_DONE) {
        *verdict = question->verdict;
        *is_late = false;
        secret_wipe(question->verdict.session_base_key, sizeof question->verdict.session_base_key);
        return;
    }
    if (*is_late) tries_late(to->tries, turn);
    *verdict = (creds_verdict_t){.is_silent = true, .why = sentences[outcome]};
}

/* NULL: it is answered. */
static const char *learn(const question_to_t *to, apr_pool_t *pool, question_t *question)
{
    bool begun;
    const helpers_outcome_t outcome = ask(to, pool, question, &begun);
    return outcome == HELPERS_DONE ? question->why : sentences[outcome];
}

const char *question_names(const question_to_t *to, apr_pool_t *pool, creds_names_t *names)
{
    question_t *question = make_question(to);
    if (question) question->job.work = ask_names;
    const char *why = learn(to, pool, question);
    if (!why) *names = question->names;
    return why;
}

static question_t *question_about(const question_to_t *to, look_up_t *look_up, const char *text)
{
    question_t *question = make_question(to);
    if (!question) return NULL;
    question->look_up = look_up;
    question->text = apr_pstrdup(question->pool, text);
    question->job.work = ask_text;
    question->job.late = keep_text;
    return question;
}

static const char *learn_text(const question_to_t *to, apr_pool_t *pool, look_up_t *look_up,
                              const char *text, const char **found)
{
    question_t *question = question_about(to, look_up, text);
    const char *why = learn(to, pool, question);
    if (!why) *found = question->found;
    return why;
}

const char *question_account(const question_to_t *to, apr_pool_t *pool, const char *user,
                             const char **name)
{
    return learn_text(to, pool, to->backend->account, user, name);
}

const char *question_sid(const question_to_t *to, apr_pool_t *pool, const char *group,
                         const char **sid)
{
    return learn_text(to, pool, to->backend->sid, group, sid);
}

void question_send_sid(const question_to_t *to, const char *group,
                       void (*kept)(void *baton, const char *sid), void *baton)
{
    question_t *question = question_about(to, to->backend->sid, group);
    if (!question) return;
    question->kept = kept;
    question->baton = baton;
    (void)helpers_send(to->helpers, &question->job);
}
