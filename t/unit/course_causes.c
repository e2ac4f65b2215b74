/* Mistakes of connections: a challenge and its answer, and what came between. */
#include "unit.h"

#include <string.h>

#include "../../lib/explain/causes/course_causes.h"

/* A Type 3 on connection 13 that answers the challenge of the same one, as it should. */
static course_t answer(ntlm_status_t status)
{
    return (course_t){.connection = 13,
                      .message = 3,
                      .status = status,
                      .challenged = true,
                      .challenge = {.known = true,
                                    .latest = true,
                                    .same_connection = true,
                                    .same_place = true,
                                    .same_scheme = true,
                                    .connection = 13,
                                    .age_ms = 7}};
}

/* A Type 1 that is the last request of its connection. */
static course_t question(ntlm_status_t status, course_end_t end)
{
    return (course_t){
        .connection = 13, .message = 1, .status = status, .end = end, .idle_ms = 5001};
}

static const remark_t *only_cause(const course_t *course)
{
    static diagnosis_t diagnosis;
    const subject_t subject = {.header = bytes_none(), .course = course};
    memset(&diagnosis, 0, sizeof diagnosis);
    course_causes(&diagnosis, &subject);
    assert_int_equal(diagnosis.warnings.count, 0);
    assert_true(diagnosis.causes.count <= 1);
    return &diagnosis.causes.list[0]; /* of none: an empty id */
}

#define assert_cause(course, name) assert_string_equal(only_cause(course)->id, name)

static void what_went_right_has_no_cause(void **state)
{
    (void)state;
    const subject_t nothing = {.header = bytes_none()};
    diagnosis_t diagnosis = {.causes.count = 0};
    course_causes(&diagnosis, &nothing);
    assert_int_equal(diagnosis.causes.count, 0);
    course_t course = answer(NTLM_OK);
    assert_cause(&course, "");
    course = answer(NTLM_WRONG_PASSWORD);
    assert_cause(&course, "");
    course = answer(NTLM_BAD_MIC);
    course.challenge.same_connection = false;
    assert_cause(&course, "");
    course = question(NTLM_CHALLENGE_SENT, COURSE_OPEN);
    assert_cause(&course, "");
    course = (course_t){.connection = 1};
    assert_cause(&course, "");
}

static void the_connection_of_the_challenge_is_named(void **state)
{
    (void)state;
    course_t course = answer(NTLM_NOT_EXPECTED);
    course.challenge.same_connection = false;
    course.challenge.connection = 12;
    assert_cause(&course, "other-connection");
    assert_non_null(strstr(only_cause(&course)->text, "connection 12, and came on 13"));
    course.status = NTLM_STALE_CHALLENGE;
    assert_cause(&course, "other-connection");
    course.status = NTLM_WRONG_PASSWORD;
    assert_cause(&course, "other-connection");
    course.challenge.same_answer = true; /* as it came on a third one, too */
    assert_cause(&course, "other-connection");
    course.challenge.end = COURSE_CLOSED;
    assert_cause(&course, "other-connection");
    assert_non_null(strstr(only_cause(&course)->text, "closed before"));
}

static void why_that_connection_had_ended_is_the_cause(void **state)
{
    (void)state;
    course_t course = answer(NTLM_NOT_EXPECTED);
    course.challenge.same_connection = false;
    course.challenge.end = COURSE_IDLE;
    assert_cause(&course, "idle-closed");
    course.challenge.end = COURSE_BY_SERVER;
    assert_cause(&course, "other-connection");
    course.challenge.request.closes = true;
    assert_cause(&course, "connection-close");
    course.challenge.request = (course_request_t){.http10 = true};
    assert_cause(&course, "http10");
    course.challenge.request.keep_alive = true;
    assert_cause(&course, "other-connection");
}

static void a_second_answer_to_one_challenge(void **state)
{
    (void)state;
    course_t course = answer(NTLM_REPLAYED);
    course.challenge.answered = COURSE_LET_IN;
    assert_cause(&course, "no-new-type1");
    course.challenge.same_answer = true;
    assert_cause(&course, "type3-twice");
    assert_non_null(strstr(only_cause(&course)->text, "let in"));
    course.challenge.answered = COURSE_REFUSED;
    assert_cause(&course, "type3-twice");
    assert_non_null(strstr(only_cause(&course)->text, "refused"));
}

static void a_type3_of_an_earlier_login(void **state)
{
    (void)state;
    course_t course = answer(NTLM_STALE_CHALLENGE);
    course.challenge.answered = COURSE_LET_IN;
    course.challenge.same_answer = true;
    course.challenge.latest = false;
    assert_cause(&course, "type3-recorded");
    course.challenge.same_connection = false;
    assert_cause(&course, "type3-recorded");
}

static void an_older_challenge_of_the_connection(void **state)
{
    (void)state;
    course_t course = answer(NTLM_STALE_CHALLENGE);
    course.challenge.latest = false;
    assert_cause(&course, "older-challenge");
    course.challenge.answered = COURSE_REFUSED;
    assert_cause(&course, "older-challenge");
}

static void what_came_between(void **state)
{
    (void)state;
    course_t course = answer(NTLM_NOT_EXPECTED);
    assert_cause(&course, "");
    course.challenge.same_place = false;
    assert_cause(&course, "other-place");
    course.challenge.same_scheme = false;
    assert_cause(&course, "other-scheme");
    course.challenge.between = 2;
    course.challenge.between_method = "OPTIONS";
    assert_cause(&course, "request-between");
    assert_non_null(strstr(only_cause(&course)->text, "OPTIONS (2 in all)"));
    course.status = NTLM_STALE_CHALLENGE;
    assert_cause(&course, "");
}

static void an_answer_that_is_late(void **state)
{
    (void)state;
    course_t course = answer(NTLM_CHALLENGE_EXPIRED);
    assert_cause(&course, "answer-late");
    assert_non_null(strstr(only_cause(&course)->text, "7 ms"));
}

static void an_answer_to_nothing(void **state)
{
    (void)state;
    course_t course = answer(NTLM_NOT_EXPECTED);
    course.challenge = (course_challenge_t){.known = false};
    assert_cause(&course, "");
    course.challenged = false;
    assert_cause(&course, "no-challenge");
    course.status = NTLM_STALE_CHALLENGE;
    assert_cause(&course, "");
}

static void a_challenge_that_is_none_is_given_up(void **state)
{
    (void)state;
    course_t course = question(NTLM_CHALLENGE_SENT, COURSE_CLOSED);
    course.broken = "it is no base64";
    assert_cause(&course, "");
    course = answer(NTLM_STATUS_COUNT);
    course.broken = "it is no base64";
    assert_cause(&course, "answered-broken-challenge");
    assert_non_null(strstr(only_cause(&course)->text, "no base64"));
}

static void a_challenge_that_nobody_answers(void **state)
{
    (void)state;
    course_t course = question(NTLM_CHALLENGE_SENT, COURSE_CLOSED);
    assert_cause(&course, "client-closed");
    assert_non_null(strstr(only_cause(&course)->text, "5001 ms"));
    course.end = COURSE_RESET;
    assert_cause(&course, "client-reset");
    course.end = COURSE_IDLE;
    assert_cause(&course, "idle-closed");
    course.end = COURSE_BY_SERVER;
    assert_cause(&course, "");
    course.end = COURSE_RESET;
    course.request.body_ended_early = true;
    assert_cause(&course, "");
    course = question(NTLM_MALFORMED, COURSE_CLOSED);
    assert_cause(&course, "");
}

static void a_type1_that_ends_its_connection(void **state)
{
    (void)state;
    course_t course = question(NTLM_CONNECTION_WILL_CLOSE, COURSE_OPEN);
    assert_cause(&course, "");
    course.request.http10 = true;
    assert_cause(&course, "http10");
    course.request.keep_alive = true;
    assert_cause(&course, "");
    course.request.closes = true;
    assert_cause(&course, "connection-close");
    course.status = NTLM_CHALLENGE_SENT;
    assert_cause(&course, "");
    course.end = COURSE_BY_SERVER;
    assert_cause(&course, "connection-close");
}

static void a_type1_behind_a_challenge(void **state)
{
    (void)state;
    course_t course = question(NTLM_CHALLENGE_SENT, COURSE_OPEN);
    course.unanswered = true;
    assert_cause(&course, "type1-again");
    diagnosis_t diagnosis = {.causes.count = 1}; /* what is wrong with the message itself */
    course_causes(&diagnosis, &(subject_t){.course = &course});
    assert_int_equal(diagnosis.causes.count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_went_right_has_no_cause),
        cmocka_unit_test(the_connection_of_the_challenge_is_named),
        cmocka_unit_test(why_that_connection_had_ended_is_the_cause),
        cmocka_unit_test(a_second_answer_to_one_challenge),
        cmocka_unit_test(a_type3_of_an_earlier_login),
        cmocka_unit_test(an_older_challenge_of_the_connection),
        cmocka_unit_test(what_came_between),
        cmocka_unit_test(an_answer_that_is_late),
        cmocka_unit_test(an_answer_to_nothing),
        cmocka_unit_test(a_challenge_that_is_none_is_given_up),
        cmocka_unit_test(a_challenge_that_nobody_answers),
        cmocka_unit_test(a_type1_that_ends_its_connection),
        cmocka_unit_test(a_type1_behind_a_challenge),
    };
    return RUN_GROUP(tests);
}
