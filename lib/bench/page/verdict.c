#include "verdict.h"

#include <stdlib.h>
#include <string.h>

#include <apr_strings.h>

#include "../../explain/explain.h"
#include "../../explain/findings.h"
#include "../record/history.h"
#include "../record/judged.h"
#include "../record/shown.h"
#include "archive.h"
#include "leg.h"
#include "page.h"
#include "../site/octets.h"

/* ---- which one ---- */

typedef enum format_t { AS_TEXT, AS_JSON, AS_ARCHIVE, AS_NOTHING } format_t;

static format_t format_of(const char *end)
{
    static const char *const ends[] = {"", ".json", ".har"};
    for (format_t i = AS_TEXT; i < AS_NOTHING; i++)
        if (strcmp(end, ends[i]) == 0) return i;
    return AS_NOTHING;
}

/* Lent; NULL: there is none in this run. */
static const record_t *record_of(const bench_t *bench, format_t *format)
{
    const char *id = bench->place.args.segments[0];
    char *end;
    if (!id) {
        *format = format_of(bench->path + strcspn(bench->path, "."));
        return history_last(bench->place.run);
    }
    const uint64_t number = strtoull(id, &end, 10);
    *format = format_of(end);
    const bool is_number = *id >= '0' && *id <= '9' && *format != AS_NOTHING;
    return is_number ? history_find(bench->place.run, number) : NULL;
}

/* ---- what became of it ---- */

typedef struct telling_t {
    outline_t *out;
    apr_pool_t *pool;
    const record_t *record;
    const judged_t *judged;
} telling_t;

/* "" is nothing. */
static void say_text(const telling_t *telling, const char *name, const char *text)
{
    outline_text(telling->out, name, text && *text ? text : NULL);
}

static void say_number(const telling_t *telling, const char *name, uint64_t number)
{
    outline_words(telling->out, name, "%" APR_UINT64_T_FMT, number);
    detail_number(telling->out, name, number);
}

static void say_place(const telling_t *telling)
{
    const record_t *record = telling->record;
    say_number(telling, "id", record->id);
    say_text(telling, "run", record->run);
    say_text(telling, "path", record->path);
    say_text(telling, "scheme", record->scheme);
    detail_bool(telling->out, "proxy", record->proxy);
    say_number(telling, "connection", record->connection);
    say_number(telling, "request", record->request);
    say_number(telling, "login", record->login);
}

/* Of whom the message says that it is, proven or not. */
static void say_claim(const telling_t *telling)
{
    const judged_t *judged = telling->judged;
    const ntlm_claim_t *claim = &judged->replay.claim;
    if (!judged->has_replay || !replay_passed(&judged->replay, "message")) {
        outline_text(telling->out, "claim", NULL);
        return;
    }
    outline_words(telling->out, "claim", "%s of %s at %s", claim->user,
                  *claim->domain ? claim->domain : "-",
                  *claim->workstation ? claim->workstation : "-");
    detail_open(telling->out, "claim");
    detail_text(telling->out, "user", claim->user);
    detail_text(telling->out, "domain", claim->domain);
    detail_text(telling->out, "workstation", claim->workstation);
    detail_close(telling->out);
}

static void say_failure(const telling_t *telling)
{
    const judged_t *judged = telling->judged;
    const finding_t finding =
        judged_failed_check(judged) ? replay_finding(&judged->replay) : (finding_t){.found = ""};
    say_text(telling, "failed_check", judged_failed_check(judged));
    say_text(telling, "expected", finding.wanted);
    say_text(telling, "found", finding.found);
}

static void say_remarks(const telling_t *telling, const char *name, const remarks_t *remarks)
{
    outline_t *out = telling->out;
    if (remarks->count == 0) outline_words(out, name, "-");
    outline_open_list(out, name);
    for (size_t i = 0; i < remarks->count; i++) {
        const remark_t *remark = &remarks->list[i];
        const char *source = remark->source;
        outline_words(out, name, "%s: %s%s%s%s", remark->id, remark->text, source ? " (" : "",
                      source ? source : "", source ? ")" : "");
        detail_open(out, NULL);
        detail_text(out, "id", remark->id);
        detail_text(out, "text", remark->text);
        detail_text(out, "source", source);
        detail_close(out);
    }
    outline_close_list(out);
}

static void say_challenge(const telling_t *telling)
{
    const course_t *course = &telling->judged->course;
    const course_challenge_t *challenge = &course->challenge;
    if (!challenge->known) {
        outline_text(telling->out, "challenge", NULL);
        return;
    }
    const char *words =
        challenge->same_connection
            ? apr_psprintf(telling->pool,
                           "this answers the challenge of connection %" APR_UINT64_T_FMT
                           ", on which it came, too",
                           challenge->connection)
            : apr_psprintf(telling->pool,
                           "this answers the challenge of connection %" APR_UINT64_T_FMT
                           "; you sent it on %" APR_UINT64_T_FMT,
                           challenge->connection, course->connection);
    outline_words(telling->out, "challenge", "%s; it was %" APR_UINT64_T_FMT " ms old", words,
                  challenge->age_ms);
    detail_open(telling->out, "challenge");
    detail_number(telling->out, "connection", challenge->connection);
    detail_number(telling->out, "age_ms", challenge->age_ms);
    detail_bool(telling->out, "same_connection", challenge->same_connection);
    detail_text(telling->out, "words", words);
    detail_close(telling->out);
}

/* ---- the messages ---- */

enum { TYPES = 3 };

static void say_messages(const telling_t *telling)
{
    static const char *const names[TYPES] = {"type1", "type2", "type3"};
    const record_t *record = telling->record;
    const bytes_t messages[TYPES] = {record->type1, record->type2,
                                     shown_type3(telling->pool, record)};
    outline_t *out = telling->out;
    conversation_t conversation = {.challenged = false};
    detail_bool(out, "cut", shown_is_cut(record));
    detail_open(out, "messages");
    for (int i = 0; i < TYPES; i++)
        detail_text(out, names[i],
                    messages[i].len ? octets_base64(telling->pool, messages[i]) : NULL);
    detail_close(out);
    detail_open(out, "decoded");
    for (int i = 0; i < TYPES; i++) {
        if (messages[i].len == 0) {
            outline_text(out, names[i], NULL);
            continue;
        }
        outline_open(out, names[i], "%s", octets_base64(telling->pool, messages[i]));
        explain_message(out, &conversation, messages[i]);
        outline_close(out);
    }
    detail_close(out);
}

static void say(const telling_t *telling)
{
    const record_t *record = telling->record;
    const judged_t *judged = telling->judged;
    detail_open(telling->out, NULL);
    say_text(telling, "status", judged->status);
    say_text(telling, "sentence", judged->row ? judged->row->sentence : NULL);
    say_text(telling, "detail", judged->detail);
    say_text(telling, "user", record->user);
    say_claim(telling);
    say_failure(telling);
    say_remarks(telling, "cause", &judged->diagnosis.causes);
    say_remarks(telling, "warnings", &judged->diagnosis.warnings);
    say_challenge(telling);
    say_text(telling, "mic", record->mic);
    say_text(telling, "binding", record->binding);
    say_text(telling, "service", record->service);
    say_place(telling);
    legs_write(telling->out, telling->pool, record);
    say_messages(telling);
    detail_close(telling->out);
}

/* ---- the page ---- */

static page_t *write_page(request_rec *r, const record_t *record, format_t format)
{
    static const char *const types[] = {"text/plain; charset=utf-8", "application/json",
                                        "application/json"};
    page_t *page = page_open(r, types[format]);
    if (!page) return NULL;
    const judged_t *judged = judge_record(r->pool, site_of_bench(), record);
    outline_t out = outline_to(page->out, format == AS_JSON);
    const telling_t telling = {.out = &out, .pool = r->pool, .record = record, .judged = judged};
    if (format == AS_ARCHIVE)
        archive_write(page->out, r->pool, record, judged);
    else
        say(&telling);
    return page;
}

int verdict_page(request_rec *r)
{
    format_t format = AS_TEXT;
    const record_t *record = record_of(bench_of(r), &format);
    if (!record)
        return page_say(r, HTTP_NOT_FOUND,
                        bench_of(r)->place.args.segments[0]
                            ? "nothing is remembered of that id: NTLM-Bench says it, and /r/NAME "
                              "knows its own alone"
                            : "nothing has come yet that asks for a login: try /ntlm, with /r/NAME "
                              "in front if it is here");
    page_t *page = write_page(r, record, format);
    history_release(record);
    return page ? page_send(page) : HTTP_INTERNAL_SERVER_ERROR;
}
