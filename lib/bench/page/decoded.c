#include "decoded.h"

#include <stdlib.h>
#include <string.h>

#include <apr_strings.h>

#include "../../explain/explain.h"
#include "../../explain/report.h"
#include "../record/cut.h"
#include "../record/history.h"
#include "../record/judged.h"
#include "../site/octets.h"

/* ---- what became of it ---- */

static void write_facts(page_t *page, const record_t *record, const judged_t *judged)
{
    fputs("<table>\n", page->out);
    html_row(page, "status", *judged->status ? judged->status : "nobody asked for a login");
    if (judged->row) html_row(page, "that is", judged->row->sentence);
    if (*judged->detail) html_row(page, "detail", judged->detail);
    if (*record->user) html_row(page, "user", record->user);
    if (*record->mic) html_row(page, "MIC", record->mic);
    if (*record->binding) html_row(page, "channel binding", record->binding);
    if (*record->service) html_row(page, "service name", record->service);
    html_row(page, "address", record->path);
    html_row(page, "request",
             apr_psprintf(page->r->pool,
                          "%u of connection %" APR_UINT64_T_FMT " (%s), id %" APR_UINT64_T_FMT,
                          record->request, record->connection, record->scheme, record->id));
    fputs("</table>\n", page->out);
}

static void write_remarks(page_t *page, const char *title, const char *none,
                          const remarks_t *remarks)
{
    html_element(page, "h2", "%s", title);
    if (remarks->count == 0) {
        html_element(page, "p", "%s", none);
        return;
    }
    fputs("<ul>\n", page->out);
    for (size_t i = 0; i < remarks->count; i++) {
        const remark_t *remark = &remarks->list[i];
        fputs("<li><code>", page->out);
        html_text(page, "%s", remark->id);
        fputs("</code>: ", page->out);
        html_text(page, "%s", remark->text);
        if (remark->source) html_text(page, " (%s)", remark->source);
        fputs("</li>\n", page->out);
    }
    fputs("</ul>\n", page->out);
}

/* ---- outlines ---- */

/* What writes an outline writes it as text, which is escaped as a whole. */
typedef void outline_writer_t(outline_t *out, const void *what);

static void write_outline(page_t *page, outline_writer_t *writer, const void *what)
{
    char *text = NULL;
    size_t len;
    FILE *memory = open_memstream(&text, &len);
    if (!memory) return;
    outline_t out = outline_to(memory, false);
    writer(&out, what);
    if (fclose(memory) == 0) html_element(page, "pre", "%s", text);
    free(text);
}

static void outline_replay(outline_t *out, const void *replay)
{
    report_replay(out, replay);
}

typedef struct told_t {
    conversation_t *conversation;
    bytes_t message;
} told_t;

static void outline_message(outline_t *out, const void *what)
{
    const told_t *told = what;
    explain_message(out, told->conversation, told->message);
}

/* ---- the messages ---- */

static void write_message(page_t *page, conversation_t *conversation, unsigned type,
                          bytes_t message)
{
    const told_t told = {conversation, message};
    html_element(page, "h3", "Type %u: %s, %" APR_SIZE_T_FMT " bytes", type, message_name(message),
                 message.len);
    write_outline(page, outline_message, &told);
    fputs("<details><summary>base64</summary>\n", page->out);
    html_element(page, "pre", "%s", octets_base64(page->r->pool, message));
    fputs("</details>\n", page->out);
}

static void write_messages(page_t *page, const record_t *record)
{
    conversation_t conversation = {.challenged = false};
    html_element(page, "h2", "The handshake");
    if (record->type1.len + record->type2.len + record->type3.len == 0)
        html_element(page, "p", "There was no message of NTLM.");
    if (record->type1.len > 0) write_message(page, &conversation, 1, record->type1);
    if (record->type2.len > 0) write_message(page, &conversation, 2, record->type2);
    if (record->type3.len == 0) return;
    if (record->knows_account) {
        write_message(page, &conversation, 3, record->type3);
        return;
    }
    const bytes_t shown = cut_type3(page->r->pool, record->type3);
    html_element(page, "p",
                 "The bench does not know this user: what was computed from a password is not "
                 "shown.");
    if (shown.len > 0) write_message(page, &conversation, 3, shown);
}

static const char *why_none(const record_t *record)
{
    if (strcmp(record->status, "ok") == 0) return "None: it was let in.";
    if (strcmp(record->status, "wrong-password") == 0)
        return "No mistake is known that makes these bytes of the right password: it was another "
               "one.";
    return "No mistake is known that makes these bytes.";
}

void decoded_write(page_t *page, const record_t *record)
{
    const judged_t *judged = judge_record(page->r->pool, site_of_bench(), record);
    write_facts(page, record, judged);
    write_remarks(page, "Causes", why_none(record), &judged->diagnosis.causes);
    write_remarks(page, "Warnings", "None.", &judged->diagnosis.warnings);
    if (judged->has_replay && record->knows_account) {
        html_element(page, "h2", "What was checked");
        write_outline(page, outline_replay, &judged->replay);
    }
    write_messages(page, record);
}

/* ---- the page ---- */

int decoded_page(request_rec *r)
{
    const bench_t *bench = bench_of(r);
    const char *id = bench->place.args.segments[0];
    const record_t *record = id ? history_find(bench->place.run, strtoull(id, NULL, 10))
                                : history_last(bench->place.run);
    page_t *page = html_open(r, id ? "A login" : "The last login");
    if (page && record) decoded_write(page, record);
    if (record) history_release(record);
    if (!page) return HTTP_INTERNAL_SERVER_ERROR;
    if (!record) {
        r->status = HTTP_NOT_FOUND;
        html_element(page, "p", "Nothing is remembered of that.");
    }
    fputs("<p>", page->out);
    html_link(page, "/", "All addresses");
    fputs("</p>\n", page->out);
    html_end(page);
    return page_send(page);
}
