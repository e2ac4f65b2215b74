#include "ldap_client.h"

#include <string.h>
#include <unistd.h>

#include <apr_strings.h>

#include <ldap.h>
#include <openldap.h>

#include "../../ntlm/name.h"
#include "../../system/clock.h"
#include "ldap_entry.h"
#include "ldap_io.h"
#include "ldap_socket.h"
#include "ldap_tls.h"

/* libldap's sockets are made here, and its TLS handshake is told to be asynchronous:
 * otherwise (before 2.6.10) it does not wait for a silent server but spins for ever. */
struct ldap_client_t {
    const ldap_spec_t *spec;
    char **attributes;
    LDAP *holder;      /* owns the TLS context; never connected */
    void *tls_context; /* NULL without TLS */
};

/* ---- what all connections share ---- */

static apr_status_t drop_holder(void *data)
{
    ldap_client_t *ldap = data;
    if (ldap->tls_context) ldap_tls_drop(ldap->tls_context);
    ldap_unbind_ext(ldap->holder, NULL, NULL);
    return APR_SUCCESS;
}

static bool is_dn(const char *text)
{
    LDAPDN dn = NULL;
    bool ok = ldap_str2dn(text, &dn, LDAP_DN_FORMAT_LDAPV3) == LDAP_SUCCESS;
    ldap_dnfree(dn);
    return ok;
}

/* Whether groups= is an attribute of which more is known than that it names groups. */
static bool names_more(apr_pool_t *pool, const ldap_spec_t *spec)
{
    const ldap_spec_t every = {.address = spec->address, .state = true};
    const char *const own[] = {spec->hash, NULL};
    return name_is_listed(ldap_entry_attributes(pool, &every), spec->groups) ||
           name_is_listed(own, spec->groups);
}

const char *ldap_client_open(apr_pool_t *pool, const ldap_spec_t *spec, ldap_client_t **ldap)
{
    ldap_client_t *made = apr_pcalloc(pool, sizeof *made);
    const char *const *attributes = ldap_entry_attributes(pool, spec);
    size_t size = 1;
    while (attributes[size - 1]) size++;
    made->spec = spec;
    made->attributes = apr_pmemdup(pool, attributes, size * sizeof *attributes);
    *ldap = made;
    /* Without TLS too: what libldap does once it must not do in two threads. */
    if (ldap_create(&made->holder) != LDAP_SUCCESS) return "libldap has no memory";
    apr_pool_cleanup_register(pool, made, drop_holder, apr_pool_cleanup_null);
    if (!is_dn(spec->address.base))
        return "the base in the URL is no DN; write for example ou=people,dc=example,dc=com";
    if (spec->bind_dn && !is_dn(spec->bind_dn))
        return "binddn= is no DN; write for example \"binddn=cn=httpd,dc=example,dc=com\"";
    if (spec->group_base && !is_dn(spec->group_base))
        return "groupbase= is no DN; write for example \"groupbase=ou=groups,dc=example,dc=com\"";
    if (spec->groups && names_more(pool, spec))
        return "groups= takes an attribute that names groups, none that a login is decided by; "
               "write for example groups=memberOf";
    if (!spec->address.tls && !spec->starttls) return NULL;
    return ldap_tls_open(made->holder, spec, &made->tls_context);
}

/* ---- one step ---- */

static struct timeval time_left(const ldap_client_call_t *call)
{
    apr_time_t left = call->until - clock_ticks();
    if (left < 1000) left = 1000;
    return (struct timeval){.tv_sec = apr_time_sec(left), .tv_usec = apr_time_usec(left)};
}

/* libldap counts in milliseconds, and may come back a little early. */
bool ldap_client_is_late(const ldap_client_call_t *call)
{
    enum { A_LITTLE = 10000 };
    return clock_ticks() + A_LITTLE >= call->until;
}

/* What libldap has no words for. */
static const char *hint(int code)
{
    if (code == LDAP_CONNECT_ERROR)
        return ": no TLS, or a certificate that is not trusted, has expired or names another host";
    if (code == LDAP_NO_SUCH_OBJECT) return ": the base is not there, or hidden from us";
    return "";
}

static bool failed(ldap_client_call_t *call, const char *step, int code)
{
    bool late = code == LDAP_TIMEOUT || ldap_client_is_late(call);
    call->why = apr_psprintf(call->pool, "%s: %s%s", step,
                             late ? "it does not answer in time" : ldap_err2string(code),
                             late ? "" : hint(code));
    return false;
}

static int last_error(LDAP *ld)
{
    int code = LDAP_OTHER;
    ldap_get_option(ld, LDAP_OPT_RESULT_CODE, &code);
    return code == LDAP_SUCCESS ? LDAP_SERVER_DOWN : code;
}

/* Waits for all of the answer to a message; gives LDAP_SUCCESS or what went wrong. */
static int await(LDAP *ld, int id, const ldap_client_call_t *call, LDAPMessage **message)
{
    struct timeval left = time_left(call);
    *message = NULL;
    int kind = ldap_result(ld, id, LDAP_MSG_ALL, &left, message);
    if (kind > 0) return LDAP_SUCCESS;
    return kind == 0 ? LDAP_TIMEOUT : last_error(ld);
}

/* The same for an answer that is nothing but a result. */
static int await_result(LDAP *ld, int id, const ldap_client_call_t *call)
{
    LDAPMessage *message;
    int code = LDAP_OTHER, error = await(ld, id, call, &message);
    if (error != LDAP_SUCCESS) return error;
    error = ldap_parse_result(ld, message, &code, NULL, NULL, NULL, NULL, 1);
    return error == LDAP_SUCCESS ? code : error;
}

/* ---- connecting ---- */

static bool set_limit(LDAP *ld, const ldap_client_call_t *call)
{
    struct timeval left = time_left(call);
    return ldap_set_option(ld, LDAP_OPT_NETWORK_TIMEOUT, &left) == LDAP_OPT_SUCCESS;
}

static bool prepare(LDAP *ld, const ldap_client_call_t *call)
{
    const int version = LDAP_VERSION3, deref = LDAP_DEREF_NEVER;
    return ldap_set_option(ld, LDAP_OPT_PROTOCOL_VERSION, &version) == LDAP_OPT_SUCCESS &&
           ldap_set_option(ld, LDAP_OPT_DEREF, &deref) == LDAP_OPT_SUCCESS &&
           ldap_set_option(ld, LDAP_OPT_REFERRALS, LDAP_OPT_OFF) == LDAP_OPT_SUCCESS &&
           ldap_set_option(ld, LDAP_OPT_RESTART, LDAP_OPT_ON) == LDAP_OPT_SUCCESS &&
           ldap_set_option(ld, LDAP_OPT_CONNECT_ASYNC, LDAP_OPT_ON) == LDAP_OPT_SUCCESS &&
           set_limit(ld, call);
}

static bool start_tls(LDAP *ld, ldap_client_call_t *call)
{
    int id, code = LDAP_SUCCESS;
    if (call->ldap->spec->starttls) {
        code = ldap_start_tls(ld, NULL, NULL, &id);
        if (code == LDAP_SUCCESS) code = await_result(ld, id, call);
    }
    if (code != LDAP_SUCCESS) return failed(call, "StartTLS", code);
    if (!ldap_tls_use(ld, call->ldap->spec, call->ldap->tls_context) || !set_limit(ld, call))
        return failed(call, "TLS", LDAP_LOCAL_ERROR);
    code = ldap_tls_start(ld, call->until);
    return code == LDAP_SUCCESS || failed(call, "TLS", code);
}

static bool bind_as(LDAP *ld, ldap_client_call_t *call)
{
    const ldap_spec_t *spec = call->ldap->spec;
    const char *secret = spec->bind_dn ? spec->bind_password : "";
    struct berval credentials = {strlen(secret), (char *)(uintptr_t)secret};
    int id;
    if (!spec->bind_dn && !spec->sasl_external) return true;
    int code = ldap_sasl_bind(ld, spec->bind_dn ? spec->bind_dn : "",
                              spec->sasl_external ? "EXTERNAL" : LDAP_SASL_SIMPLE, &credentials,
                              NULL, NULL, &id);
    if (code == LDAP_SUCCESS) code = await_result(ld, id, call);
    /* Of a certificate that it does not like OpenSSL says so by hanging up behind the handshake. */
    bool hung_up = code == LDAP_SERVER_DOWN && spec->cert;
    return code == LDAP_SUCCESS ||
           failed(call, hung_up ? "bind (it may have refused cert=)" : "bind", code);
}

/* Gives NULL, and closes fd, when there is no memory. */
static LDAP *open_handle(int fd, const char *uri)
{
    LDAP *ld = NULL;
    void *sockbuf = NULL;
    bool made = ldap_init_fd(fd, LDAP_PROTO_EXT, uri, &ld) == LDAP_SUCCESS;
    if (made && ldap_get_option(ld, LDAP_OPT_SOCKBUF, &sockbuf) == LDAP_OPT_SUCCESS &&
        ldap_io_use(sockbuf, fd))
        return ld;
    if (made) ldap_unbind_ext(ld, NULL, NULL);
    close(fd);
    return NULL;
}

bool ldap_client_connect(ldap_client_connection_t *connection, ldap_client_call_t *call)
{
    const ldap_server_t *server = &call->ldap->spec->address.servers[connection->server];
    int fd = ldap_socket_open(server, call->until, call->pool, &call->why);
    if (fd < 0) return false;
    LDAP *ld = connection->handle = open_handle(fd, server->uri);
    if (!ld) return failed(call, "connect", LDAP_NO_MEMORY);
    bool ok = prepare(ld, call) || failed(call, "connect", LDAP_LOCAL_ERROR);
    if (ok && call->ldap->tls_context) ok = start_tls(ld, call);
    if (ok) ok = bind_as(ld, call);
    if (!ok) ldap_client_close(connection);
    return ok;
}

void ldap_client_close(ldap_client_connection_t *connection)
{
    if (connection->handle) ldap_unbind_ext(connection->handle, NULL, NULL);
    connection->handle = NULL;
}

/* ---- searching ---- */

/* What is about this search, and says nothing about the next one. */
static bool is_about_search(int code)
{
    return code == LDAP_ADMINLIMIT_EXCEEDED || code == LDAP_TIMELIMIT_EXCEEDED ||
           code == LDAP_UNWILLING_TO_PERFORM || code == LDAP_INAPPROPRIATE_MATCHING ||
           code == LDAP_REFERRAL || code == LDAP_FILTER_ERROR;
}

static ntlm_status_t search_failed(ldap_client_call_t *call, int code)
{
    failed(call, "search", code);
    call->unanswered = is_about_search(code);
    if (code == LDAP_REFERRAL) call->why = "search: the directory refers us elsewhere";
    return NTLM_BACKEND_DOWN;
}

/* Gives what came of it, and fills the answer in any case. */
static int search(LDAP *ld, const ldap_client_call_t *call, const ldap_client_query_t *query,
                  ldap_answer_t *answer)
{
    enum { ONE_TOO_MANY = 2 };
    static char no_attributes[] = LDAP_NO_ATTRS;
    char *none[] = {no_attributes, NULL};
    const ldap_spec_t *spec = call->ldap->spec;
    const bool whole = query->groups || !spec->address.one_level;
    struct timeval left = time_left(call);
    LDAPMessage *message = NULL;
    int id, result = LDAP_OTHER;
    int code = ldap_search_ext(ld, query->groups ? spec->group_base : spec->address.base,
                               whole ? LDAP_SCOPE_SUBTREE : LDAP_SCOPE_ONELEVEL, query->filter,
                               query->groups ? none : call->ldap->attributes, 0, NULL, NULL, &left,
                               query->groups ? LDAP_CLIENT_GROUPS_MAX + 1 : ONE_TOO_MANY, &id);
    if (code == LDAP_SUCCESS) code = await(ld, id, call, &message);
    if (code == LDAP_SUCCESS)
        code = ldap_parse_result(ld, message, &result, NULL, NULL, NULL, NULL, 0);
    *answer = ldap_answer_read(ld, message, call->pool);
    return code == LDAP_SUCCESS ? result : code;
}

static bool has_reference(LDAP *ld, const ldap_answer_t *answer)
{
    return answer->message && ldap_first_reference(ld, answer->message);
}

static ntlm_status_t one_account(LDAP *ld, ldap_client_call_t *call, int code,
                                 const ldap_answer_t *answer)
{
    const int count = answer->dns->nelts;
    if (code == LDAP_SIZELIMIT_EXCEEDED || count > 1) return NTLM_AMBIGUOUS_USER;
    if (code == LDAP_SUCCESS && count == 1) return NTLM_OK;
    /* Perhaps the account is where we are sent to. */
    if (code == LDAP_SUCCESS && has_reference(ld, answer)) code = LDAP_REFERRAL;
    return code == LDAP_SUCCESS ? NTLM_NO_SUCH_USER : search_failed(call, code);
}

static ntlm_status_t all_groups(LDAP *ld, ldap_client_call_t *call, int code, ldap_answer_t *answer)
{
    answer->cut = code == LDAP_SIZELIMIT_EXCEEDED || has_reference(ld, answer) ||
                  answer->dns->nelts > LDAP_CLIENT_GROUPS_MAX;
    return code == LDAP_SUCCESS || answer->cut ? NTLM_OK : search_failed(call, code);
}

ntlm_status_t ldap_client_search(ldap_client_connection_t *connection, ldap_client_call_t *call,
                                 const ldap_client_query_t *query, ldap_answer_t *answer)
{
    LDAP *ld = connection->handle;
    const int code = search(ld, call, query, answer);
    const ntlm_status_t status =
        query->groups ? all_groups(ld, call, code, answer) : one_account(ld, call, code, answer);
    if (status != NTLM_OK) ldap_answer_forget(answer);
    return status;
}
