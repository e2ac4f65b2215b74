#include "coursed.h"

#include <string.h>

#include <apr_strings.h>

#include "fates.h"
#include "history.h"
#include "times.h"

enum { TRIED_MAX = 64 }; /* so many challenges are tried by the proof */

/* ---- which challenge ---- */

typedef struct search_t {
    const record_t *answer;
    bytes_t timestamp; /* MsvAvTimestamp of the answer; empty: it has none */
    uint64_t found;    /* the record of the challenge; 0: none so far */
    uint64_t newest;   /* that of the last one of the answer's connection; 0: there is none */
    size_t tried_count;
    uint64_t tried[TRIED_MAX]; /* those without a time stamp, the newest first */
} search_t;

static bool is_challenge(const record_t *record)
{
    return record->type2.len > 0 && record->type3.len == 0;
}

/* Both are of one run, and the other one came first. */
static bool is_before(const record_t *other, const record_t *record)
{
    return other->id < record->id && strcmp(other->run, record->run) == 0;
}

/* Of equal ones, as those of a fixed time are, that of the same connection counts. */
static bool look(void *baton, const record_t *record)
{
    search_t *search = baton;
    const bool same = record->connection == search->answer->connection;
    if (!is_before(record, search->answer) || !is_challenge(record)) return true;
    if (same && !search->newest) search->newest = record->id;
    const bytes_t timestamp = time_of_type2(record->type2);
    if (timestamp.len == 0 && search->tried_count < TRIED_MAX)
        search->tried[search->tried_count++] = record->id;
    if (timestamp.len == 0 || !bytes_equal(timestamp, search->timestamp)) return true;
    if (same || !search->found) search->found = record->id;
    return !same;
}

static bool proves(const replay_t *replay, const record_t *record)
{
    replay_t again = *replay;
    again.type1 = record->type1;
    again.type2 = record->type2;
    return replay_run(&again) == NULL && replay_passed(&again, "proof");
}

static void try_proofs(search_t *search, const replay_t *replay)
{
    for (size_t i = 0; !search->found && i < search->tried_count; i++) {
        const record_t *record = history_find(search->answer->run, search->tried[i]);
        if (!record) continue;
        if (proves(replay, record)) search->found = record->id;
        history_release(record);
    }
}

/* Lent; NULL: none is known. What no check has found another one's answers the last one. */
static const record_t *challenge_of(const record_t *answer, const replay_t *replay,
                                    ntlm_status_t status)
{
    search_t search = {.answer = answer, .timestamp = time_of_type3(answer->type3)};
    history_each(look, &search);
    if (!search.found && replay) try_proofs(&search, replay);
    if (!search.found && status != NTLM_NOT_EXPECTED && status != NTLM_REPLAYED &&
        status != NTLM_STALE_CHALLENGE)
        search.found = search.newest;
    return search.found ? history_find(answer->run, search.found) : NULL;
}

/* ---- what happened ---- */

typedef struct gathering_t {
    apr_pool_t *pool;
    const record_t *record, *challenge; /* challenge: NULL, if none is known */
    course_t *course;
    bool saw_message; /* of the connection, before the record */
} gathering_t;

static void gather_behind_challenge(gathering_t *gathering, const record_t *record)
{
    course_challenge_t *challenge = &gathering->course->challenge;
    if (is_challenge(record)) {
        challenge->latest = false;
        challenge->answered = COURSE_UNANSWERED; /* what was seen so far is behind this one */
        challenge->between = 0;
        challenge->between_method = NULL;
    } else if (record->type3.len > 0) {
        challenge->answered = *record->user ? COURSE_LET_IN : COURSE_REFUSED;
    } else {
        challenge->between++;
        challenge->between_method = apr_pstrdup(gathering->pool, record->course.request.method);
    }
}

static void gather_own_connection(gathering_t *gathering, const record_t *record)
{
    if (is_challenge(record)) gathering->course->challenged = true;
    if (!gathering->saw_message && record->course.message != 0) {
        gathering->saw_message = true;
        gathering->course->unanswered = is_challenge(record) && gathering->course->message == 1;
    }
}

/* The newest ones come first. */
static bool gather(void *baton, const record_t *record)
{
    gathering_t *gathering = baton;
    const record_t *mine = gathering->record, *challenge = gathering->challenge;
    if (record->id >= mine->id) return true;
    if (record->connection == mine->connection) gather_own_connection(gathering, record);
    if (!challenge) return true;
    if (record->connection == challenge->connection && record->id > challenge->id)
        gather_behind_challenge(gathering, record);
    if (is_before(record, mine) && bytes_equal(record->type3, mine->type3))
        gathering->course->challenge.same_answer = true;
    return true;
}

static bool has_same_scheme(const record_t *record, const record_t *other)
{
    const size_t len = record->authorization.len < other->authorization.len
                           ? record->authorization.len
                           : other->authorization.len;
    for (size_t i = 0; i < len; i++) {
        const uint8_t a = record->authorization.data[i], b = other->authorization.data[i];
        if ((a | 0x20) != (b | 0x20)) return false;
        if (a == ' ') return true;
    }
    return false;
}

static void tell_challenge(course_t *course, const record_t *record, const record_t *challenge,
                           apr_pool_t *pool)
{
    const fate_t fate = fates_find(challenge->connection);
    course->challenge =
        (course_challenge_t){.known = true,
                             .latest = true,
                             .same_connection = challenge->connection == record->connection,
                             .same_place = strcmp(challenge->path, record->path) == 0,
                             .same_scheme = has_same_scheme(record, challenge),
                             .connection = challenge->connection,
                             .request = challenge->course.request};
    if (fate.end != COURSE_OPEN && fate.ended <= record->came) course->challenge.end = fate.end;
    if (record->came > challenge->left)
        course->challenge.age_ms = (uint64_t)(record->came - challenge->left) / 1000;
    course->challenge.request.method = apr_pstrdup(pool, challenge->course.request.method);
}

/* What happened behind the answer is known by now. */
static void tell_end(course_t *course, const record_t *record)
{
    const fate_t fate = fates_find(record->connection);
    if (fate.connection == 0 || fate.request != record->request) return;
    course->request.body_ended_early = fate.body_ended_early;
    course->request.knows_body = fate.knows_body;
    course->request.body_len = fate.body_len;
    course->end = fate.end;
    if (fate.end != COURSE_OPEN && fate.ended > record->left)
        course->idle_ms = (uint64_t)(fate.ended - record->left) / 1000;
}

static ntlm_status_t status_of(const record_t *record)
{
    for (int status = 0; status < NTLM_STATUS_COUNT; status++)
        if (strcmp(ntlm_status_name((ntlm_status_t)status), record->status) == 0)
            return (ntlm_status_t)status;
    return NTLM_STATUS_COUNT;
}

course_t course_of_record(apr_pool_t *pool, const record_t *record, const replay_t *replay)
{
    course_t course = record->course;
    gathering_t gathering = {.pool = pool, .record = record, .course = &course};
    course.connection = record->connection;
    course.status = status_of(record);
    if (record->type3.len > 0) gathering.challenge = challenge_of(record, replay, course.status);
    if (gathering.challenge) tell_challenge(&course, record, gathering.challenge, pool);
    history_each(gather, &gathering);
    tell_end(&course, record);
    if (gathering.challenge) history_release(gathering.challenge);
    return course;
}
