#include "verdict.h"

#include <stdlib.h>

#include "../../explain/report.h"
#include "../record/history.h"
#include "../record/judged.h"
#include "page.h"

/* Lent; NULL: there is none in this run. */
static const record_t *record_of(const bench_t *bench)
{
    const char *id = bench->place.args.segments[0];
    if (!id) return history_last(bench->place.run);
    return history_find(bench->place.run, strtoull(id, NULL, 10));
}

static void say_remarks(outline_t *out, const char *name, const remarks_t *remarks)
{
    outline_open_list(out, name);
    for (size_t i = 0; i < remarks->count; i++) {
        const remark_t *remark = &remarks->list[i];
        outline_words(out, name, "%s: %s", remark->id, remark->text);
        detail_open(out, NULL);
        detail_text(out, "id", remark->id);
        detail_text(out, "text", remark->text);
        detail_text(out, "source", remark->source);
        detail_close(out);
    }
    outline_close_list(out);
}

static void say(outline_t *out, const record_t *record, const judged_t *judged)
{
    detail_open(out, NULL);
    detail_number(out, "id", record->id);
    outline_text(out, "status", judged->status);
    outline_text(out, "detail", judged->detail);
    outline_text(out, "user", record->user);
    say_remarks(out, "cause", &judged->diagnosis.causes);
    say_remarks(out, "warnings", &judged->diagnosis.warnings);
    detail_close(out);
}

static int answer(request_rec *r, bool as_json)
{
    const record_t *record = record_of(bench_of(r));
    if (!record) return page_say(r, HTTP_NOT_FOUND, "nothing is remembered of that");
    page_t *page = page_open(r, as_json ? "application/json" : "text/plain; charset=utf-8");
    if (page) {
        outline_t out = outline_to(page->out, as_json);
        say(&out, record, judge_record(r->pool, site_of_bench(), record));
    }
    history_release(record);
    return page ? page_send(page) : HTTP_INTERNAL_SERVER_ERROR;
}

int verdict_text(request_rec *r)
{
    return answer(r, false);
}

int verdict_json(request_rec *r)
{
    return answer(r, true);
}
