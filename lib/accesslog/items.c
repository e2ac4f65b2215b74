#include "items.h"

#include <string.h>

#include <apr_strings.h>
#include <apr_time.h>

#include "../http/http.h"
#include "outcome.h"

/* Requests of a chain are asked in its order: what the client sent, and last what it was answered.
 */
typedef struct asked_t {
    request_rec *sent, *answered;
    const char *argument; /* behind the colon of the item's name, or "" */
} asked_t;

static asked_t asked_of(request_rec *r, const char *argument)
{
    asked_t asked = {r, r, argument};
    while (asked.sent->prev) asked.sent = asked.sent->prev;
    while (asked.answered->next) asked.answered = asked.answered->next;
    return asked;
}

/* ---- when ---- */

static const char *when(const asked_t *asked, const char *format)
{
    enum { ROOM = 32 };
    apr_time_exp_t at;
    apr_size_t len;
    char *text = apr_palloc(asked->sent->pool, ROOM);
    apr_time_exp_gmt(&at, asked->sent->request_time);
    apr_strftime(text, &len, ROOM, format, &at);
    return text;
}

static const char *date(const asked_t *asked)
{
    return when(asked, "%Y-%m-%d");
}

static const char *clock_time(const asked_t *asked)
{
    return when(asked, "%H:%M:%S");
}

static const char *rfc3339(const asked_t *asked)
{
    return apr_psprintf(asked->sent->pool, "%s.%06dZ", when(asked, "%Y-%m-%dT%H:%M:%S"),
                        (int)apr_time_usec(asked->sent->request_time));
}

static const char *milliseconds(const asked_t *asked)
{
    const apr_time_t taken = apr_time_now() - asked->sent->request_time;
    return apr_off_t_toa(asked->sent->pool, taken > 0 ? apr_time_as_msec(taken) : 0);
}

/* ---- who asks whom ---- */

static const char *client(const asked_t *asked)
{
    return asked->sent->useragent_ip;
}

static const char *server_ip(const asked_t *asked)
{
    return asked->sent->connection->local_ip;
}

static const char *server_port(const asked_t *asked)
{
    return apr_itoa(asked->sent->pool, asked->sent->connection->local_addr->port);
}

/* Of an answer that asks for a login, a name is the one that was not let in. */
static const char *user(const asked_t *asked)
{
    const int http = asked->answered->status;
    if (http == HTTP_UNAUTHORIZED || http == HTTP_PROXY_AUTHENTICATION_REQUIRED) return NULL;
    const request_rec *r = asked->sent;
    while (r && !r->user) r = r->next;
    return r ? r->user : NULL;
}

static const char *account(const asked_t *asked)
{
    const char *name = user(asked);
    const outcome_t outcome = outcome_of(asked->sent);
    const facts_t *facts = &outcome.facts;
    if (!name || !outcome.is_login || !facts->user) return name;
    if (!facts->domain || !*facts->domain) return facts->user;
    return apr_pstrcat(asked->sent->pool, facts->domain, "\\", facts->user, NULL);
}

/* ---- what for ---- */

static const char *method(const asked_t *asked)
{
    return asked->sent->method;
}

static const char *uri(const asked_t *asked)
{
    return asked->sent->unparsed_uri;
}

static const char *stem(const asked_t *asked)
{
    const char *whole = asked->sent->unparsed_uri;
    return whole ? apr_pstrndup(asked->sent->pool, whole, strcspn(whole, "?")) : NULL;
}

static const char *query(const asked_t *asked)
{
    const char *whole = asked->sent->unparsed_uri, *mark = whole ? strchr(whole, '?') : NULL;
    return mark ? mark + 1 : NULL;
}

static const char *protocol(const asked_t *asked)
{
    return asked->sent->protocol;
}

static const char *host(const asked_t *asked)
{
    return asked->sent->hostname;
}

static const char *header(const asked_t *asked)
{
    for (int to_proxy = 0; to_proxy <= 1; to_proxy++)
        if (ap_cstr_casecmp(asked->argument, http_credentials_header(to_proxy)) == 0) return NULL;
    return apr_table_get(asked->sent->headers_in, asked->argument);
}

static const char *agent(const asked_t *asked)
{
    return apr_table_get(asked->sent->headers_in, "User-Agent");
}

static const char *referer(const asked_t *asked)
{
    return apr_table_get(asked->sent->headers_in, "Referer");
}

/* ---- what became of it ---- */

static const char *http_status(const asked_t *asked)
{
    return apr_itoa(asked->sent->pool, asked->answered->status);
}

static const char *bytes_sent(const asked_t *asked)
{
    return apr_off_t_toa(asked->sent->pool, asked->answered->bytes_sent);
}

/* What the login came to, if that is why the answer is what it is. */
static const ntlm_status_row_t *reason(const asked_t *asked)
{
    const ntlm_status_row_t *row = ntlm_status_row(outcome_of(asked->sent).status);
    const int http = asked->answered->status;
    const bool decides = http == row->http || (http == HTTP_PROXY_AUTHENTICATION_REQUIRED &&
                                               row->http == HTTP_UNAUTHORIZED);
    return decides ? row : ntlm_status_row(NTLM_OK);
}

static const char *substatus(const asked_t *asked)
{
    return apr_itoa(asked->sent->pool, reason(asked)->iis_substatus);
}

static const char *win32(const asked_t *asked)
{
    return apr_off_t_toa(asked->sent->pool, reason(asked)->win32);
}

static const char *variable(const asked_t *asked)
{
    const char *value = NULL;
    for (const request_rec *r = asked->sent; r && !value; r = r->next)
        value = apr_table_get(r->subprocess_env, asked->argument);
    return value;
}

/* ---- the table ---- */

enum { TEXT, NUMBER };

/* Behind a name that ends in a colon, anything may stand. */
static const struct {
    const char *name;
    const char *(*text)(const asked_t *asked);
    int kind;
} items[] = {
    {"time", rfc3339, TEXT},
    {"date", date, TEXT},
    {"clock", clock_time, TEXT},
    {"ms", milliseconds, NUMBER},
    {"client", client, TEXT},
    {"server-ip", server_ip, TEXT},
    {"server-port", server_port, NUMBER},
    {"user", user, TEXT},
    {"account", account, TEXT},
    {"method", method, TEXT},
    {"uri", uri, TEXT},
    {"stem", stem, TEXT},
    {"query", query, TEXT},
    {"protocol", protocol, TEXT},
    {"host", host, TEXT},
    {"agent", agent, TEXT},
    {"referer", referer, TEXT},
    {"header:", header, TEXT},
    {"http", http_status, NUMBER},
    {"substatus", substatus, NUMBER},
    {"win32", win32, NUMBER},
    {"bytes", bytes_sent, NUMBER},
    {"env:", variable, TEXT},
};
enum { ITEMS = sizeof items / sizeof *items };

/* ITEMS: there is none of that name. */
static size_t find(const char *name, const char **argument)
{
    size_t i = 0;
    for (; i < ITEMS; i++) {
        const size_t len = strlen(items[i].name);
        const bool has_argument = items[i].name[len - 1] == ':';
        *argument = name + len;
        if (strncmp(name, items[i].name, len) == 0 && has_argument == (*(name + len) != '\0'))
            break;
    }
    return i;
}

item_t item_of(request_rec *r, const char *name)
{
    const char *argument;
    const size_t i = find(name, &argument);
    if (i == ITEMS) return (item_t){NULL, false};
    const asked_t asked = asked_of(r, argument);
    return (item_t){items[i].text(&asked), items[i].kind == NUMBER};
}

bool item_is_known(const char *name)
{
    const char *argument;
    return find(name, &argument) < ITEMS;
}

const char *item_names(apr_pool_t *pool)
{
    const char *names = "";
    for (size_t i = 0; i < ITEMS; i++)
        names = apr_pstrcat(pool, names, i ? ", " : "", items[i].name, NULL);
    return names;
}
