#include "course_causes.h"

#include <inttypes.h>

enum {
    OTHER_CONNECTION,
    IDLE_CLOSED,
    CONNECTION_CLOSE,
    HTTP10,
    CLIENT_RESET,
    CLIENT_CLOSED,
    TYPE3_TWICE,
    NO_NEW_TYPE1,
    TYPE3_RECORDED,
    OLDER_CHALLENGE,
    REQUEST_BETWEEN,
    OTHER_PLACE,
    OTHER_SCHEME,
    ANSWER_LATE,
    NO_CHALLENGE,
    TYPE1_AGAIN,
    ANSWERED_BROKEN,
};

const remark_row_t course_remarks[] = {
    [OTHER_CONNECTION] =
        {.id = "other-connection",
         .kind = REMARK_CAUSE,
         .sentence = "the challenge was answered on another connection than it was sent on",
         .source = "RFC 4559 6"},
    [IDLE_CLOSED] = {.id = "idle-closed",
                     .kind = REMARK_CAUSE,
                     .sentence = "the challenge was not answered before the server closed the idle "
                                 "connection that it was sent on",
                     .source = "RFC 9112 9.5"},
    [CONNECTION_CLOSE] = {.id = "connection-close",
                          .kind = REMARK_CAUSE,
                          .sentence = "the Type 1 came with Connection: close, which ends the "
                                      "connection before the challenge can be answered",
                          .source = "RFC 9112 9.6"},
    [HTTP10] = {.id = "http10",
                .kind = REMARK_CAUSE,
                .sentence = "the Type 1 came by HTTP/1.0 without Connection: keep-alive, which "
                            "ends the connection before the challenge can be answered",
                .source = "RFC 9112 9.3"},
    [CLIENT_RESET] = {.id = "client-reset",
                      .kind = REMARK_CAUSE,
                      .sentence =
                          "the client reset the connection instead of answering the challenge"},
    [CLIENT_CLOSED] = {.id = "client-closed",
                       .kind = REMARK_CAUSE,
                       .sentence =
                           "the client closed the connection instead of answering the challenge"},
    [TYPE3_TWICE] = {.id = "type3-twice",
                     .kind = REMARK_CAUSE,
                     .sentence = "the same Type 3 was sent again on its connection",
                     .source = "MS-NLMP 3.2.5.1.2"},
    [NO_NEW_TYPE1] = {.id = "no-new-type1",
                      .kind = REMARK_CAUSE,
                      .sentence = "another Type 3 answers a challenge that was answered before; "
                                  "each login begins with a Type 1",
                      .source = "MS-NLMP 3.2.5.1.2"},
    [TYPE3_RECORDED] =
        {.id = "type3-recorded",
         .kind = REMARK_CAUSE,
         .sentence = "the Type 3 of an earlier login was sent, which answers that one's challenge",
         .source = "MS-NLMP 3.2.5.1.2"},
    [OLDER_CHALLENGE] =
        {.id = "older-challenge",
         .kind = REMARK_CAUSE,
         .sentence = "the Type 3 answers an older challenge of its connection, not the last one",
         .source = "MS-NLMP 3.2.5.1.2"},
    [REQUEST_BETWEEN] =
        {.id = "request-between",
         .kind = REMARK_CAUSE,
         .sentence = "another request came on the connection between the challenge and its answer",
         .source = "RFC 4559 6"},
    [OTHER_PLACE] =
        {.id = "other-place",
         .kind = REMARK_CAUSE,
         .sentence =
             "the Type 3 went to another address than the Type 1, and other rules hold there"},
    [OTHER_SCHEME] = {.id = "other-scheme",
                      .kind = REMARK_CAUSE,
                      .sentence = "the Type 3 stands under another scheme than the Type 1",
                      .source = "RFC 9110 11.4"},
    [ANSWER_LATE] = {.id = "answer-late",
                     .kind = REMARK_CAUSE,
                     .sentence = "the challenge was answered too late"},
    [NO_CHALLENGE] =
        {.id = "no-challenge",
         .kind = REMARK_CAUSE,
         .sentence = "a Type 3 came where no challenge was sent, and it answers none that is known",
         .source = "MS-NLMP 3.2.5.1.2"},
    [TYPE1_AGAIN] = {.id = "type1-again",
                     .kind = REMARK_CAUSE,
                     .sentence = "the challenge was answered with another Type 1",
                     .source = "MS-NLMP 3.1.5.1.2"},
    [ANSWERED_BROKEN] = {.id = "answered-broken-challenge",
                         .kind = REMARK_CAUSE,
                         .sentence = "a challenge that is none was answered, instead of given up",
                         .source = "MS-NLMP 2.2.1.2"},
    {.id = NULL},
};

/* What goes on in one case. */
typedef struct case_t {
    diagnosis_t *diagnosis;
    const course_t *course;
} case_t;

static void add(case_t *one, int id)
{
    diagnosis_add(one->diagnosis, &course_remarks[id], NULL);
}

/* ---- connections ---- */

/* The request that asked for a challenge had the connection end behind it. */
static bool add_closing(case_t *one, const course_request_t *request)
{
    if (request->closes)
        add(one, CONNECTION_CLOSE);
    else if (request->http10 && !request->keep_alive)
        add(one, HTTP10);
    else
        return false;
    return true;
}

static void on_other_connection(case_t *one)
{
    const course_t *course = one->course;
    const course_challenge_t *challenge = &course->challenge;
    if (challenge->same_answer && challenge->answered != COURSE_UNANSWERED) {
        diagnosis_add(one->diagnosis, &course_remarks[TYPE3_RECORDED],
                      "it has answered the challenge of connection %" PRIu64 " before",
                      challenge->connection);
        return;
    }
    if (challenge->end == COURSE_IDLE) {
        diagnosis_add(one->diagnosis, &course_remarks[IDLE_CLOSED],
                      "connection %" PRIu64 "; the answer came on %" PRIu64 ", %" PRIu64
                      " ms after the challenge",
                      challenge->connection, course->connection, challenge->age_ms);
        return;
    }
    if (add_closing(one, &challenge->request)) return;
    diagnosis_add(one->diagnosis, &course_remarks[OTHER_CONNECTION],
                  "it answers the challenge of connection %" PRIu64 ", and came on %" PRIu64 "%s",
                  challenge->connection, course->connection,
                  challenge->end == COURSE_OPEN ? "" : "; that one was closed before");
}

static void of_spent_challenge(case_t *one)
{
    const course_challenge_t *challenge = &one->course->challenge;
    const bool refused = challenge->answered == COURSE_REFUSED;
    if (!challenge->latest) {
        add(one, challenge->same_answer ? TYPE3_RECORDED : OLDER_CHALLENGE);
        return;
    }
    diagnosis_add(one->diagnosis,
                  &course_remarks[challenge->same_answer ? TYPE3_TWICE : NO_NEW_TYPE1],
                  "the first answer was %s", refused ? "refused" : "let in");
}

/* The last challenge of the connection, which nobody had answered. */
static void of_last_challenge(case_t *one)
{
    const course_challenge_t *challenge = &one->course->challenge;
    const bool gone = one->course->status == NTLM_NOT_EXPECTED;
    if (one->course->status == NTLM_CHALLENGE_EXPIRED)
        diagnosis_add(one->diagnosis, &course_remarks[ANSWER_LATE], "after %" PRIu64 " ms",
                      challenge->age_ms);
    else if (gone && challenge->between > 0)
        diagnosis_add(one->diagnosis, &course_remarks[REQUEST_BETWEEN], "%s (%u in all)",
                      challenge->between_method, challenge->between);
    else if (gone && !challenge->same_scheme)
        add(one, OTHER_SCHEME);
    else if (gone && !challenge->same_place)
        add(one, OTHER_PLACE);
}

/* Without an MsvAvTimestamp another challenge shows in the proof alone. */
static bool is_about_challenge(ntlm_status_t status)
{
    return status == NTLM_NOT_EXPECTED || status == NTLM_REPLAYED ||
           status == NTLM_STALE_CHALLENGE || status == NTLM_CHALLENGE_EXPIRED ||
           status == NTLM_WRONG_PASSWORD;
}

static void of_answer(case_t *one)
{
    const course_t *course = one->course;
    const course_challenge_t *challenge = &course->challenge;
    if (course->message != 3 || !is_about_challenge(course->status)) return;
    if (!challenge->known) {
        if (course->status == NTLM_NOT_EXPECTED && !course->challenged) add(one, NO_CHALLENGE);
    } else if (!challenge->same_connection) {
        on_other_connection(one);
    } else if (challenge->answered != COURSE_UNANSWERED) {
        of_spent_challenge(one);
    } else if (!challenge->latest) {
        add(one, OLDER_CHALLENGE);
    } else {
        of_last_challenge(one);
    }
}

/* A Type 1 that is the last of its connection, unless it is known what is wrong with it itself. Who
 * gets a challenge that is none does well to give up. */
static void of_unanswered(case_t *one)
{
    const course_t *course = one->course;
    const bool ended = course->end != COURSE_OPEN;
    if (course->message != 1 || course->broken || one->diagnosis->causes.count > 0) return;
    if (course->request.body_ended_early) return;
    if ((ended || course->status == NTLM_CONNECTION_WILL_CLOSE) &&
        add_closing(one, &course->request))
        return;
    if (course->unanswered) add(one, TYPE1_AGAIN);
    const int ids[] = {[COURSE_CLOSED] = CLIENT_CLOSED,
                       [COURSE_RESET] = CLIENT_RESET,
                       [COURSE_IDLE] = IDLE_CLOSED};
    if (course->status != NTLM_CHALLENGE_SENT || !ended || course->end == COURSE_BY_SERVER) return;
    diagnosis_add(one->diagnosis, &course_remarks[ids[course->end]], "after %" PRIu64 " ms",
                  course->idle_ms);
}

void course_causes(diagnosis_t *diagnosis, const subject_t *subject)
{
    if (!subject->course) return;
    case_t one = {diagnosis, subject->course};
    if (subject->course->broken && subject->course->message == 3)
        diagnosis_add(diagnosis, &course_remarks[ANSWERED_BROKEN], "%s", subject->course->broken);
    of_answer(&one);
    of_unanswered(&one);
}
