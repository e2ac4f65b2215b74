#include "archive.h"

#include <stdlib.h>
#include <string.h>

#include <apr_strings.h>

#include "../../explain/json.h"
#include "../record/shown.h"
#include "leg.h"
#include "../site/octets.h"

typedef struct archive_t {
    json_t json;
    apr_pool_t *pool;
    const record_t *record;
} archive_t;

static int write_pair(void *json, const char *name, const char *value)
{
    json_open(json, NULL, '{');
    json_text(json, "name", name);
    json_text(json, "value", value);
    json_close(json, '}');
    return 1;
}

/* Of both: the cookies stand among the headers. */
static void write_head(archive_t *archive, const head_t *head)
{
    json_open(&archive->json, "cookies", '[');
    json_close(&archive->json, ']');
    json_open(&archive->json, "headers", '[');
    apr_table_do(write_pair, &archive->json, head->headers, NULL);
    json_close(&archive->json, ']');
    json_number(&archive->json, "headersSize", head->len);
}

static const char *type_of(const head_t *head)
{
    const char *type = apr_table_get(head->headers, "Content-Type");
    return type ? type : "";
}

/* Both as they came: nothing is decoded. */
static void write_query(archive_t *archive, const char *target)
{
    const char *query = strchr(target, '?');
    json_open(&archive->json, "queryString", '[');
    for (const char *at = query ? query + 1 : ""; *at; at += *at == '&') {
        const char *end = at + strcspn(at, "&"), *equals = at + strcspn(at, "=&");
        const char *value = *equals == '=' ? equals + 1 : end;
        write_pair(&archive->json, apr_pstrndup(archive->pool, at, (size_t)(equals - at)),
                   apr_pstrndup(archive->pool, value, (size_t)(end - value)));
        at = end;
    }
    json_close(&archive->json, ']');
}

/* A target may be a whole URL, as those of proxies are. */
static const char *url_of(archive_t *archive, const char *target, const head_t *head)
{
    const char *host = apr_table_get(head->headers, "Host");
    if (*target != '/') return target;
    return apr_pstrcat(archive->pool, archive->record->scheme, "://",
                       host ? host : archive->record->host, target, NULL);
}

static void write_request(archive_t *archive, const leg_t *leg)
{
    const head_t head = leg_request(archive->pool, archive->record, leg);
    json_t *json = &archive->json;
    json_open(json, "request", '{');
    json_text(json, "method", head.words[0]);
    json_text(json, "url", url_of(archive, head.words[1], &head));
    json_text(json, "httpVersion", head.words[2]);
    write_query(archive, head.words[1]);
    write_head(archive, &head);
    json_number(json, "bodySize", leg->sent_len);
    if (leg->sent_len > 0) {
        json_open(json, "postData", '{');
        json_text(json, "mimeType", type_of(&head));
        const char *text = leg_text(archive->pool, leg->sent);
        json_text(json, "text", text ? text : octets_base64(archive->pool, leg->sent));
        if (!text) json_text(json, "_encoding", "base64");
        json_close(json, '}');
    }
    json_close(json, '}');
}

static void write_answer(archive_t *archive, const leg_t *leg)
{
    const head_t head = leg_answer(archive->pool, leg);
    const char *location = apr_table_get(head.headers, "Location");
    const char *text = leg_text(archive->pool, leg->got);
    json_t *json = &archive->json;
    json_open(json, "response", '{');
    json_number(json, "status", (uint64_t)leg->http);
    json_text(json, "statusText", head.words[2]);
    json_text(json, "httpVersion", head.words[0]);
    write_head(archive, &head);
    json_text(json, "redirectURL", location ? location : "");
    json_number(json, "bodySize", leg->got_len);
    json_open(json, "content", '{');
    json_number(json, "size", leg->got_len);
    json_text(json, "mimeType", type_of(&head));
    json_text(json, "text", text ? text : octets_base64(archive->pool, leg->got));
    if (!text) json_text(json, "encoding", "base64");
    json_close(json, '}');
    json_close(json, '}');
}

static void write_remarks(json_t *json, const char *name, const remarks_t *remarks)
{
    json_open(json, name, '[');
    for (size_t i = 0; i < remarks->count; i++) {
        json_open(json, NULL, '{');
        json_text(json, "id", remarks->list[i].id);
        json_text(json, "text", remarks->list[i].text);
        json_close(json, '}');
    }
    json_close(json, ']');
}

/* Members that are not the format's begin with "_". */
static void write_verdict(archive_t *archive, const judged_t *judged)
{
    json_t *json = &archive->json;
    json_text(json, "comment", judged->status);
    json_open(json, "_ntlm", '{');
    json_text(json, "status", judged->status);
    json_text(json, "detail", judged->detail);
    write_remarks(json, "cause", &judged->diagnosis.causes);
    write_remarks(json, "warnings", &judged->diagnosis.warnings);
    json_bool(json, "cut", shown_is_cut(archive->record));
    json_close(json, '}');
}

static void write_entry(archive_t *archive, const leg_t *leg, const judged_t *judged)
{
    json_t *json = &archive->json;
    json_open(json, NULL, '{');
    json_text(json, "startedDateTime", leg_time(archive->pool, leg->began));
    json_number(json, "time", leg_ms(leg));
    write_request(archive, leg);
    write_answer(archive, leg);
    json_open(json, "cache", '{');
    json_close(json, '}');
    json_open(json, "timings", '{');
    json_number(json, "send", 0);
    json_number(json, "wait", leg_ms(leg));
    json_number(json, "receive", 0);
    json_close(json, '}');
    json_text(json, "connection",
              apr_psprintf(archive->pool, "%" APR_UINT64_T_FMT, archive->record->connection));
    if (judged) write_verdict(archive, judged);
    json_close(json, '}');
}

void archive_write(FILE *out, apr_pool_t *pool, const record_t *record, const judged_t *judged)
{
    archive_t archive = {.json = {.out = out}, .pool = pool, .record = record};
    json_t *json = &archive.json;
    json_open(json, NULL, '{');
    json_open(json, "log", '{');
    json_text(json, "version", "1.2");
    json_open(json, "creator", '{');
    json_text(json, "name", "ntlm-testbench");
    json_text(json, "version", site_of_bench()->version);
    json_close(json, '}');
    json_open(json, "entries", '[');
    for (size_t i = 0; i < record->legs_count; i++)
        write_entry(&archive, &record->legs[i], i + 1 == record->legs_count ? judged : NULL);
    json_close(json, ']');
    json_close(json, '}');
    json_close(json, '}');
}
