/* Mistakes of requests: methods, bodies. */
#include "unit.h"

#include <string.h>

#include "../../lib/explain/causes/request_causes.h"

static diagnosis_t of_course(const course_t *course)
{
    const subject_t subject = {.header = bytes_none(), .course = course};
    diagnosis_t diagnosis = {.causes.count = 0};
    request_causes(&diagnosis, &subject);
    return diagnosis;
}

#define assert_cause(diagnosis, name) assert_string_equal((diagnosis).causes.list[0].id, name)
#define assert_warning(diagnosis, name) assert_string_equal((diagnosis).warnings.list[0].id, name)

static void nothing_is_said_of_nothing(void **state)
{
    (void)state;
    const course_t empty = {.connection = 0};
    assert_int_equal(of_course(NULL).causes.count, 0);
    assert_int_equal(of_course(&empty).causes.count, 0);
    assert_int_equal(of_course(&empty).warnings.count, 0);
}

static void credentials_for_an_origin_at_a_proxy(void **state)
{
    (void)state;
    course_t course = {.connection = 1, .status = NTLM_NO_CREDENTIALS, .other_side = true};
    assert_cause(of_course(&course), "origin-header-at-proxy");
    course.status = NTLM_OK;
    assert_int_equal(of_course(&course).causes.count, 0);
}

static void a_body_that_does_not_come(void **state)
{
    (void)state;
    const course_t course = {
        .request = {.method = "POST", .has_length = true, .body_ended_early = true, .body_len = 3}};
    assert_cause(of_course(&course), "body-missing");
    assert_non_null(strstr(of_course(&course).causes.list[0].text, "3 bytes came"));
}

static void a_post_without_a_length(void **state)
{
    (void)state;
    course_t course = {.request = {.method = "POST"}};
    assert_warning(of_course(&course), "body-without-length");
    course.request.has_length = true;
    assert_int_equal(of_course(&course).warnings.count, 0);
    course.request = (course_request_t){.method = "GET"};
    assert_int_equal(of_course(&course).warnings.count, 0);
}

/* A Type 1 with a body of 7 bytes, and a Type 3 with so many. */
static course_t both(const char *method, bool knows_body, uint64_t body_len)
{
    return (course_t){
        .message = 3,
        .request = {.method = method,
                    .has_length = true,
                    .knows_body = knows_body,
                    .body_len = body_len},
        .challenge = {
            .known = true,
            .request = {.method = "POST", .has_length = true, .knows_body = true, .body_len = 7}}};
}

static void a_body_that_is_not_repeated(void **state)
{
    (void)state;
    course_t course = both("POST", true, 0);
    assert_warning(of_course(&course), "body-not-repeated");
    course = both("POST", true, 7);
    assert_int_equal(of_course(&course).warnings.count, 0);
    course = both("POST", false, 0); /* nobody has read it so far */
    assert_int_equal(of_course(&course).warnings.count, 0);
    course = both("POST", true, 0);
    course.challenge.known = false;
    assert_int_equal(of_course(&course).warnings.count, 0);
}

static void a_method_that_has_changed(void **state)
{
    (void)state;
    course_t course = both("GET", true, 0);
    assert_int_equal(of_course(&course).warnings.count, 1);
    assert_warning(of_course(&course), "method-changed");
    course.challenge.request.method = "HEAD";
    course.challenge.request.body_len = 0;
    assert_int_equal(of_course(&course).warnings.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_said_of_nothing),
        cmocka_unit_test(credentials_for_an_origin_at_a_proxy),
        cmocka_unit_test(a_body_that_does_not_come),
        cmocka_unit_test(a_post_without_a_length),
        cmocka_unit_test(a_body_that_is_not_repeated),
        cmocka_unit_test(a_method_that_has_changed),
    };
    return RUN_GROUP(tests);
}
