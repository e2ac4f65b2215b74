#include "leg.h"

#include <string.h>

#include <apr_strings.h>
#include <apr_time.h>

#include "../../ntlm/unicode.h"
#include "../record/shown.h"
#include "../site/octets.h"

/* ---- heads ---- */

/* The word at *at, in pool, and on to the next one; the last one is all that is left. */
static const char *next_word(apr_pool_t *pool, const char **at, const char *end, bool last)
{
    const char *from = *at;
    while (*at < end && (last || **at != ' ')) ++*at;
    const char *word = apr_pstrndup(pool, from, (size_t)(*at - from));
    if (*at < end) ++*at;
    return word;
}

static void read_header(apr_pool_t *pool, apr_table_t *headers, const char *line, size_t len)
{
    const char *colon = memchr(line, ':', len);
    if (!colon) return;
    const char *value = colon + 1;
    while (value < line + len && *value == ' ') value++;
    apr_table_addn(headers, apr_pstrndup(pool, line, (size_t)(colon - line)),
                   apr_pstrndup(pool, value, (size_t)(line + len - value)));
}

static head_t read_head(apr_pool_t *pool, const char *text)
{
    head_t head = {.words = {"", "", ""}, .headers = apr_table_make(pool, 16)};
    const char *end = strstr(text, "\r\n"), *at = text;
    if (!end) return head;
    for (int i = 0; i < 3; i++) head.words[i] = next_word(pool, &at, end, i == 2);
    head.len = strlen(text) + 2;
    for (at = end + 2; (end = strstr(at, "\r\n")) != NULL; at = end + 2)
        read_header(pool, head.headers, at, (size_t)(end - at));
    return head;
}

head_t leg_request(apr_pool_t *pool, const record_t *record, const leg_t *leg)
{
    head_t head = read_head(pool, leg->request);
    const apr_array_header_t *all = apr_table_elts(head.headers);
    for (int i = 0; i < all->nelts; i++) {
        apr_table_entry_t *entry = &APR_ARRAY_IDX(all, i, apr_table_entry_t);
        const char *shown = shown_value(pool, record, entry->key, entry->val);
        entry->val = apr_pstrdup(pool, shown);
    }
    return head;
}

head_t leg_answer(apr_pool_t *pool, const leg_t *leg)
{
    return read_head(pool, leg->answer);
}

/* ---- bodies ---- */

static bool is_text(const char *text)
{
    while (*text) {
        const uint32_t c = unicode_next(&text);
        if (c == UNICODE_NO_CHARACTER || (c < ' ' && !strchr("\t\r\n", (int)c)) ||
            (c >= 0x7F && c < 0xA0))
            return false;
    }
    return true;
}

const char *leg_text(apr_pool_t *pool, bytes_t body)
{
    const char *text = apr_pstrndup(pool, (const char *)body.data, body.len);
    return strlen(text) == body.len && is_text(text) ? text : NULL;
}

/* ---- times ---- */

const char *leg_time(apr_pool_t *pool, int64_t time)
{
    apr_time_exp_t at;
    apr_time_exp_gmt(&at, time);
    return apr_psprintf(pool, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", at.tm_year + 1900,
                        at.tm_mon + 1, at.tm_mday, at.tm_hour, at.tm_min, at.tm_sec,
                        at.tm_usec / 1000);
}

uint64_t leg_ms(const leg_t *leg)
{
    return leg->ended > leg->began ? (uint64_t)(leg->ended - leg->began) / 1000 : 0;
}

/* ---- all of it ---- */

static int write_header(void *baton, const char *name, const char *value)
{
    outline_t *out = baton;
    outline_words(out, name, "%s", value);
    detail_open(out, NULL);
    detail_text(out, "name", name);
    detail_text(out, "value", value);
    detail_close(out);
    return 1;
}

static void write_headers(outline_t *out, const head_t *head)
{
    outline_open_list(out, "headers");
    apr_table_do(write_header, out, head->headers, NULL);
    outline_close_list(out);
}

/* Each line of a text stands behind the names, so that none of them looks like a name. */
static void write_lines(outline_t *out, const char *text)
{
    for (size_t len; *text; text += len + strspn(text + len, "\r\n")) {
        len = strcspn(text, "\r\n");
        outline_words(out, "", "%.*s", (int)len, text);
    }
}

/* What was kept of it: text, or base64. */
static void write_body(outline_t *out, apr_pool_t *pool, bytes_t body, uint64_t len)
{
    const char *text = leg_text(pool, body);
    if (len > 0) outline_words(out, "body", "%" APR_UINT64_T_FMT " bytes", len);
    if (len > 0) write_lines(out, text ? text : octets_base64(pool, body));
    detail_open(out, "body");
    detail_number(out, "length", len);
    detail_number(out, "kept", body.len);
    detail_text(out, "text", text);
    if (!text) detail_text(out, "base64", octets_base64(pool, body));
    detail_close(out);
}

static void write_request(outline_t *out, apr_pool_t *pool, const record_t *record,
                          const leg_t *leg)
{
    const head_t head = leg_request(pool, record, leg);
    outline_open(out, "request", "%s %s %s", head.words[0], head.words[1], head.words[2]);
    detail_text(out, "method", head.words[0]);
    detail_text(out, "target", head.words[1]);
    detail_text(out, "version", head.words[2]);
    write_headers(out, &head);
    write_body(out, pool, leg->sent, leg->sent_len);
    outline_close(out);
}

static void write_answer(outline_t *out, apr_pool_t *pool, const leg_t *leg)
{
    const head_t head = leg_answer(pool, leg);
    if (leg->http)
        outline_open(out, "answer", "%s %s", head.words[1], head.words[2]);
    else
        outline_open(out, "answer", "none");
    detail_number(out, "status", (uint64_t)leg->http);
    write_headers(out, &head);
    write_body(out, pool, leg->got, leg->got_len);
    outline_close(out);
}

void legs_write(outline_t *out, apr_pool_t *pool, const record_t *record)
{
    outline_open_list(out, "legs");
    for (size_t i = 0; i < record->legs_count; i++) {
        const leg_t *leg = &record->legs[i];
        detail_open(out, NULL);
        detail_text(out, "began", leg_time(pool, leg->began));
        detail_number(out, "ms", leg_ms(leg));
        write_request(out, pool, record, leg);
        write_answer(out, pool, leg);
        detail_close(out);
    }
    outline_close_list(out);
}
