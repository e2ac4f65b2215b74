#include "expect.h"

#include <stdlib.h>
#include <string.h>

#include <apr_escape.h>
#include <apr_hash.h>
#include <apr_strings.h>

#include "../record/history.h"
#include "../record/judged.h"
#include "page.h"

/* What is asked about: a request, or nothing, and its run. */
typedef struct asked_t {
    apr_pool_t *pool;
    const record_t *record; /* NULL: there is none */
    const judged_t *judged;
    const char *run;
    unsigned logins, requests;
    apr_hash_t *connections;
} asked_t;

static bool count(void *baton, const record_t *record)
{
    asked_t *asked = baton;
    if (strcmp(record->run, asked->run) != 0) return true;
    asked->requests++;
    if (*record->user && record->authorization.len > 0) asked->logins++;
    uint64_t *number = apr_pmemdup(asked->pool, &record->connection, sizeof record->connection);
    apr_hash_set(asked->connections, number, sizeof *number, number);
    return true;
}

/* ---- facts: texts; NULL or "" is nothing ---- */

static const char *number(const asked_t *asked, unsigned value)
{
    return apr_psprintf(asked->pool, "%u", value);
}

static const char *status(const asked_t *asked)
{
    return asked->judged ? asked->judged->status : NULL;
}

static const char *user(const asked_t *asked)
{
    return asked->record ? asked->record->user : NULL;
}

static const char *mic(const asked_t *asked)
{
    return asked->record ? asked->record->mic : NULL;
}

static const char *binding(const asked_t *asked)
{
    return asked->record ? asked->record->binding : NULL;
}

static const char *service(const asked_t *asked)
{
    return asked->record ? asked->record->service : NULL;
}

static const char *path(const asked_t *asked)
{
    return asked->record ? asked->record->path : NULL;
}

static const char *scheme(const asked_t *asked)
{
    return asked->record ? asked->record->scheme : NULL;
}

static const char *failed_check(const asked_t *asked)
{
    return asked->judged ? judged_failed_check(asked->judged) : NULL;
}

static const char *http(const asked_t *asked)
{
    const record_t *record = asked->record;
    return record ? number(asked, (unsigned)record->legs[record->legs_count - 1].http) : NULL;
}

static const char *login(const asked_t *asked)
{
    return asked->record ? number(asked, asked->record->login) : NULL;
}

static const char *logins(const asked_t *asked)
{
    return number(asked, asked->logins);
}

static const char *requests(const asked_t *asked)
{
    return number(asked, asked->requests);
}

static const char *connections(const asked_t *asked)
{
    return number(asked, apr_hash_count(asked->connections));
}

/* All ids, with commas between them. */
static const char *ids(const asked_t *asked, const remarks_t *remarks)
{
    const char *all = "";
    for (size_t i = 0; i < remarks->count; i++)
        all = apr_pstrcat(asked->pool, all, *all ? "," : "", remarks->list[i].id, NULL);
    return all;
}

static const char *cause(const asked_t *asked)
{
    return asked->judged ? ids(asked, &asked->judged->diagnosis.causes) : NULL;
}

static const char *warnings(const asked_t *asked)
{
    return asked->judged ? ids(asked, &asked->judged->diagnosis.warnings) : NULL;
}

static const struct {
    const char *name;
    const char *(*value)(const asked_t *asked);
} facts[] = {
    {"status", status},
    {"failed_check", failed_check},
    {"cause", cause},
    {"warnings", warnings},
    {"user", user},
    {"mic", mic},
    {"binding", binding},
    {"service", service},
    {"path", path},
    {"scheme", scheme},
    {"http", http},
    {"login", login},
    {"logins", logins},
    {"requests", requests},
    {"connections", connections},
};
enum { FACTS = sizeof facts / sizeof facts[0] };

/* ---- comparing ---- */

static const char *names(apr_pool_t *pool)
{
    const char *all = "id";
    for (size_t i = 0; i < FACTS; i++) all = apr_pstrcat(pool, all, ", ", facts[i].name, NULL);
    return all;
}

/* Appends what differs to *said, a line each. NULL, or what is wrong with the question. */
static const char *compare(const asked_t *asked, const char *name, const char *expected,
                           const char **said)
{
    for (size_t i = 0; i < FACTS; i++) {
        if (strcmp(facts[i].name, name) != 0) continue;
        const char *found = facts[i].value(asked);
        if (!found || !*found) found = "-";
        if (!*expected) expected = "-";
        if (strcmp(found, expected) != 0)
            *said = apr_pstrcat(asked->pool, *said, **said ? "\n" : "", name, ": expected ",
                                expected, ", found ", found, NULL);
        return NULL;
    }
    return apr_psprintf(asked->pool, "nothing is called %s; these are: %s", name,
                        names(asked->pool));
}

static const char *decoded(apr_pool_t *pool, const char *from, size_t len)
{
    char *text = apr_pstrndup(pool, from, len);
    for (char *c = text; *c; c++)
        if (*c == '+') *c = ' ';
    return apr_punescape_url(pool, text, NULL, NULL, 0);
}

/* Each NAME=VALUE of the query but id. */
static const char *compare_all(const asked_t *asked, const char *query, const char **said)
{
    const char *wrong = NULL;
    bool any = false;
    for (const char *at = query; *at && !wrong; at += *at == '&') {
        const char *end = at + strcspn(at, "&"), *equals = at + strcspn(at, "=&");
        const char *value = *equals == '=' ? equals + 1 : end;
        const char *name = decoded(asked->pool, at, (size_t)(equals - at));
        const char *expected = decoded(asked->pool, value, (size_t)(end - value));
        at = end;
        if (!name || !expected) return "the query cannot be decoded";
        if (!*name || strcmp(name, "id") == 0) continue;
        wrong = compare(asked, name, expected, said);
        any = true;
    }
    if (!any && !wrong)
        wrong = apr_psprintf(asked->pool,
                             "say what is expected, as in /expect?status=ok&logins=1; "
                             "these are known: %s",
                             names(asked->pool));
    return wrong;
}

int expect_page(request_rec *r)
{
    const bench_t *bench = bench_of(r);
    const char *id = bench_query(bench, r->pool, "id"), *said = "";
    asked_t asked = {
        .pool = r->pool, .run = bench->place.run, .connections = apr_hash_make(r->pool)};
    asked.record = id ? history_find(asked.run, strtoull(id, NULL, 10)) : history_last(asked.run);
    if (asked.record) asked.judged = judge_record(r->pool, site_of_bench(), asked.record);
    history_each(count, &asked);
    const char *wrong = compare_all(&asked, bench->query, &said);
    if (asked.record) history_release(asked.record);
    if (wrong) return page_say(r, HTTP_BAD_REQUEST, wrong);
    return page_say(r, *said ? HTTP_EXPECTATION_FAILED : HTTP_OK, *said ? said : "as expected");
}
