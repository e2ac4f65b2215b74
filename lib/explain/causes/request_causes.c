#include "request_causes.h"

#include <inttypes.h>
#include <string.h>

enum {
    ORIGIN_HEADER,
    BODY_MISSING,
    BODY_WITHOUT_LENGTH,
    BODY_NOT_REPEATED,
    METHOD_CHANGED,
};

const remark_row_t request_remarks[] = {
    [ORIGIN_HEADER] = {.id = "origin-header-at-proxy",
                       .kind = REMARK_CAUSE,
                       .sentence =
                           "the credentials stand in Authorization, which a proxy does not read",
                       .source = "RFC 9110 11.7.2"},
    [BODY_MISSING] = {.id = "body-missing",
                      .kind = REMARK_CAUSE,
                      .sentence = "a body was announced, and not all of it came",
                      .source = "RFC 9112 6.3"},
    [BODY_WITHOUT_LENGTH] = {.id = "body-without-length",
                             .kind = REMARK_WARNING,
                             .sentence =
                                 "neither Content-Length nor Transfer-Encoding was said: there is "
                                 "no body, and what follows is read as the next request",
                             .source = "RFC 9112 6.3"},
    [BODY_NOT_REPEATED] = {.id = "body-not-repeated",
                           .kind = REMARK_WARNING,
                           .sentence = "the body of the Type 1 was not sent in full with the Type "
                                       "3, whose request is the one that counts"},
    [METHOD_CHANGED] =
        {.id = "method-changed",
         .kind = REMARK_WARNING,
         .sentence =
             "the Type 1 came with a method that has a body, the Type 3 with one that has none"},
    {.id = NULL},
};

static bool has_body_by_nature(const course_request_t *request)
{
    static const char *const methods[] = {"POST", "PUT", "PATCH"};
    for (size_t i = 0; request->method && i < sizeof methods / sizeof methods[0]; i++)
        if (strcmp(request->method, methods[i]) == 0) return true;
    return false;
}

static void of_body(diagnosis_t *diagnosis, const course_request_t *request)
{
    if (request->body_ended_early)
        diagnosis_add(diagnosis, &request_remarks[BODY_MISSING], "%" PRIu64 " bytes came",
                      request->body_len);
    if (has_body_by_nature(request) && !request->has_length)
        diagnosis_add(diagnosis, &request_remarks[BODY_WITHOUT_LENGTH], "%s", request->method);
}

/* The request of the Type 1 and that of the Type 3 are the same one. */
static void of_both(diagnosis_t *diagnosis, const course_request_t *first,
                    const course_request_t *second)
{
    if (has_body_by_nature(first) && second->method && !has_body_by_nature(second))
        diagnosis_add(diagnosis, &request_remarks[METHOD_CHANGED], "%s, then %s", first->method,
                      second->method);
    else if (second->knows_body && first->body_len > second->body_len)
        diagnosis_add(diagnosis, &request_remarks[BODY_NOT_REPEATED],
                      "%" PRIu64 " bytes, then %" PRIu64, first->body_len, second->body_len);
}

void request_causes(diagnosis_t *diagnosis, const subject_t *subject)
{
    const course_t *course = subject->course;
    if (!course) return;
    if (course->status == NTLM_NO_CREDENTIALS && course->other_side)
        diagnosis_add(diagnosis, &request_remarks[ORIGIN_HEADER], NULL);
    of_body(diagnosis, &course->request);
    if (course->message == 3 && course->challenge.known)
        of_both(diagnosis, &course->challenge.request, &course->request);
}
