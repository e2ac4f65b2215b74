#include "log.h"

#include <apr_strings.h>

#include <http_connection.h>
#include <http_log.h>
#include <http_protocol.h>
#include <http_request.h>
#include <http_ssl.h>

#include "../system/clock.h"
#include "../http/http.h"
#include "../http/keepalive.h"
#include "../http/shown.h"
#include "../status/counters.h"

APLOG_USE_MODULE(auth_ntlmv2);

/* ---- the line ---- */

/* Bytes of what clients say, so that a line stays below a kilobyte: httpd may make four
 * characters of one byte. Of the detail each of those counts. */
enum { NAME_SHOWN = 64, WORKSTATION_SHOWN = 32, DETAIL_SHOWN = 160 };

static int level_of(const attempt_t *attempt)
{
    switch (attempt->status) {
    case NTLM_OK: return attempt->claim ? APLOG_INFO : APLOG_DEBUG;
    case NTLM_CHALLENGE_SENT:
    case NTLM_SPNEGO_CONTINUES:
    case NTLM_HTTP11_REQUIRED: return APLOG_DEBUG;
    case NTLM_NO_CREDENTIALS: return attempt->detail ? APLOG_INFO : APLOG_DEBUG;
    case NTLM_LOGIN_ENDED: return APLOG_INFO;
    case NTLM_BACKEND_DOWN: return attempt->detail ? APLOG_WARNING : APLOG_INFO;
    case NTLM_THROTTLED: return attempt->known_throttled ? APLOG_DEBUG : APLOG_WARNING;
    case NTLM_NOT_CONFIGURED: return APLOG_ERR;
    default: return APLOG_WARNING;
    }
}

/* Most requests are of this kind, and go to debug. */
static bool is_borrowed(const attempt_t *attempt)
{
    return attempt->status == NTLM_OK && !attempt->claim;
}

/* A client request makes one line where administrators look: the parts of a page that its user
 * may not see would each make another. */
static int level_in_chain(request_rec *r, const attempt_t *attempt)
{
    int level = level_of(attempt);
    attempt_t *first = attempt_of(r);
    bool of_part = r->main && attempt != first;
    if (level > APLOG_WARNING || !first) return level;
    if (of_part) first->met = attempt->status;
    if (of_part || first->warned) return APLOG_DEBUG;
    first->warned = true;
    return level;
}

/* The words behind the fields, for what a status name alone does not say. */
static const char *remark(apr_pool_t *pool, const attempt_t *attempt)
{
    if (attempt->detail)
        return apr_pstrcat(pool, ": ", shown_escaped(pool, attempt->detail, DETAIL_SHOWN), NULL);
    if (attempt->status == NTLM_OK && !attempt->claim) return ": the connection's login";
    return "";
}

static const char *word(const char *known)
{
    return known && *known ? known : "-";
}

static const char *line(apr_pool_t *pool, ntlm_status_t status, const facts_t *facts, bool tls,
                        const char *detail)
{
    const ntlm_status_row_t *row = ntlm_status_row(status);
    return apr_psprintf(pool,
                        "ntlm: %s: user=%s domain=%s workstation=%s scheme=%s mechs=%s why=%s "
                        "tls=%s mic=%s binding=%s service=%s source=%s (0x%08X)%s",
                        row->name, shown_value(pool, facts->user, NAME_SHOWN),
                        shown_value(pool, facts->domain, NAME_SHOWN),
                        shown_value(pool, facts->workstation, WORKSTATION_SHOWN),
                        word(facts->scheme), word(facts->mechs), word(facts->why),
                        tls ? "on" : "off", word(facts->mic), word(facts->binding),
                        word(facts->service), word(facts->source), row->nt_status, detail);
}

static void write_line(request_rec *r, const attempt_t *attempt)
{
    int level = level_in_chain(r, attempt);
    if (attempt->notice)
        ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, r, "mod_auth_ntlmv2: %s", attempt->notice);
    if (!APLOG_R_IS_LEVEL(r, level)) return;
    const facts_t facts = attempt_facts(attempt);
    ap_log_rerror(
        APLOG_MARK, level, 0, r, "%s",
        line(r->pool, attempt->status, &facts, http_has_tls(r), remark(r->pool, attempt)));
}

/* A connection's login was counted when it was made. */
static void count(const attempt_t *attempt)
{
    counters_outcome_t outcome = {.status = attempt->status, .scheme = attempt->scheme};
    const ntlm_login_t *login = attempt->login;
    if (is_borrowed(attempt)) return;
    if (login) {
        outcome.mic = login->mic;
        outcome.binding = login->binding;
        outcome.service = login->service;
        outcome.lists_kerberos = attempt->lists_kerberos;
    }
    counters_outcome(&outcome);
}

void log_outcome(request_rec *r, const attempt_t *attempt)
{
    count(attempt);
    if (attempt->status != NTLM_OK) attempt_set_refused(r, attempt);
    if (attempt->notice || APLOG_R_IS_LEVEL(r, APLOG_DEBUG) || !is_borrowed(attempt))
        write_line(r, attempt);
}

/* An index that is not for this user: what the subrequest met that found it is the answer. */
static void log_answer(request_rec *r)
{
    bool refused = r->status == HTTP_UNAUTHORIZED || r->status == HTTP_FORBIDDEN;
    attempt_t *attempt = refused && !r->main ? attempt_of(r) : NULL;
    if (!attempt || attempt->met == NTLM_OK || attempt->warned) return;
    const attempt_t *answer = attempt_with(r, attempt, attempt->met);
    attempt_set_refused(r, answer);
    write_line(r, answer);
}

/* ---- connections that close ---- */

/* A client that has said over TLS that it closes may not have closed so far: nobody can tell. */
static const char *closed_by(conn_rec *c, const server_rec *s, apr_time_t age)
{
    const apr_time_t fudge = apr_time_from_msec(500); /* of MPMs that look now and then */
    if (keepalive_is_closed(c)) return "the client closed the connection";
    if (keepalive_is_stopping()) return "this server, which is stopping, closed the connection";
    if (age + fudge < s->keep_alive_timeout) return "the connection closed";
    return "this server closed the connection at KeepAliveTimeout";
}

/* The last moment at which all that a line is about is there, and the logs are. */
static int log_unanswered(conn_rec *c)
{
    for (ntlm_conn_t *conn; (conn = conn_unanswered(c)) != NULL; conn_forget(conn)) {
        const server_rec *s = conn->asked.server;
        const apr_time_t age = clock_ticks() - conn->acceptor.handshake->issued;
        const facts_t facts = {.scheme = scheme_name(conn->asked_by)};
        const counters_outcome_t outcome = {.status = NTLM_CHALLENGE_ABANDONED,
                                            .scheme = conn->asked_by};
        counters_outcome(&outcome);
        if (!APLOG_CS_IS_LEVEL(c, s, APLOG_DEBUG)) continue;
        const char *detail =
            apr_psprintf(c->pool, ": %s, %" APR_TIME_T_FMT " ms after the challenge",
                         closed_by(c, s, age), apr_time_as_msec(age));
        ap_log_cserror(
            APLOG_MARK, APLOG_DEBUG, 0, c, s, "%s",
            line(c->pool, NTLM_CHALLENGE_ABANDONED, &facts, ap_ssl_conn_is_ssl(c) != 0, detail));
    }
    return DECLINED;
}

void log_register(void)
{
    ap_hook_pre_close_connection(log_unanswered, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_insert_filter(log_answer, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_insert_error_filter(log_answer, NULL, NULL, APR_HOOK_MIDDLE);
}
