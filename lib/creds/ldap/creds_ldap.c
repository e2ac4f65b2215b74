#include "creds_ldap.h"

#include <stdlib.h>
#include <string.h>

#include <apr_general.h>
#include <apr_reslist.h>
#include <apr_strings.h>

#include "../../ntlm/crypto.h"
#include "../clock.h"
#include "../creds_cache.h"
#include "ldap_client.h"
#include "ldap_filter.h"
#include "ldap_names.h"
#include "ldap_servers.h"

enum { CONNECTIONS_MAX = 8, IDLE_SECONDS = 60 };

typedef struct ldap_source_t {
    ldap_spec_t spec;
    ldap_client_t *ldap;
    ldap_servers_t *servers;
    creds_cache_t *cache;       /* NULL: nothing is remembered */
    apr_reslist_t *connections; /* of ldap_client_connection_t; each child has its own */
    uint8_t key[NTLM_KEY_LEN];  /* of the digests below: known to nobody */
} ldap_source_t;

/* One look-up, over all the servers that it takes. */
typedef struct lookup_t {
    ldap_source_t *source;
    apr_pool_t *pool;
    apr_time_t until; /* its end, in ticks (clock.h) */
    const char *news; /* NULL, or what an administrator should know */
} lookup_t;

/* ---- the connections of a child ---- */

static apr_status_t make_connection(void **connection, void *params, apr_pool_t *pool)
{
    (void)params;
    (void)pool;
    *connection = calloc(1, sizeof(ldap_client_connection_t));
    return *connection ? APR_SUCCESS : APR_ENOMEM;
}

static apr_status_t drop_connection(void *connection, void *params, apr_pool_t *pool)
{
    (void)params;
    (void)pool;
    ldap_client_close(connection);
    free(connection);
    return APR_SUCCESS;
}

/* ---- opening ---- */

static const char *open_connections(apr_pool_t *pool, ldap_source_t *source)
{
    apr_status_t rv = apr_reslist_create(&source->connections, 0, CONNECTIONS_MAX, CONNECTIONS_MAX,
                                         apr_time_from_sec(IDLE_SECONDS), make_connection,
                                         drop_connection, NULL, pool);
    if (rv != APR_SUCCESS) return "there is no memory for connections";
    apr_reslist_timeout_set(source->connections, 2 * source->spec.timeout);
    return NULL;
}

static const char *directory_open(apr_pool_t *pool, struct server_rec *server, const char *url,
                                  const apr_table_t *given, void **opened)
{
    (void)server;
    ldap_source_t *source = apr_pcalloc(pool, sizeof *source);
    const ldap_spec_t *spec = &source->spec;
    *opened = source;
    const char *why = ldap_spec_parse(pool, url, given, &source->spec);
    if (!why) why = ldap_client_open(pool, spec, &source->ldap);
    if (!why)
        why = ldap_servers_open(pool, spec->address.server_count, spec->timeout, &source->servers);
    if (!why && spec->cache) why = creds_cache_open(pool, spec->cache, &source->cache);
    if (!why) why = open_connections(pool, source);
    if (!why && apr_generate_random_bytes(source->key, sizeof source->key) != APR_SUCCESS)
        why = "the system gives no random numbers";
    return why;
}

/* ---- digests ---- */

static bytes_t with_end(const char *text)
{
    return text ? (bytes_t){(const uint8_t *)text, strlen(text) + 1} : bytes_none();
}

/* Directories take no notice of case: one account, one entry. */
static bytes_t folded(apr_pool_t *pool, const char *text)
{
    size_t room = 2 * strlen(text) + 2;
    writer_t out = writer_to(apr_palloc(pool, room), room);
    if (!unicode_write_folded(&out, text)) return with_end(text);
    write_u16(&out, 0);
    return written(&out);
}

static bool digest_of_login(const ldap_source_t *source, apr_pool_t *pool,
                            const creds_login_t *login, uint8_t digest[16])
{
    static const char any[] = "any domain";
    bytes_t parts[1 + 2 * CREDS_NAMES_MAX] = {with_end("login")};
    size_t count = 1;
    for (size_t i = 0; i < login->name_count; i++) {
        parts[count++] = folded(pool, login->names[i].text);
        parts[count++] = with_end(login->names[i].any_domain ? any : "");
    }
    return hmac_md5(source->key, parts, count, digest);
}

/* The same content is the same generation. */
static bool number_account(const ldap_source_t *source, creds_account_t *account)
{
    uint8_t digest[16], state = (uint8_t)account->key.state;
    const bytes_t parts[] = {with_end("account"),
                             {account->key.nt_hash, NTLM_KEY_LEN},
                             {&state, 1},
                             with_end(account->name),
                             with_end(account->domain)};
    bool ok = hmac_md5(source->key, parts, sizeof parts / sizeof *parts, digest);
    memcpy(&account->generation, digest, sizeof account->generation);
    return ok;
}

/* ---- asking the servers ---- */

static void tell(lookup_t *lookup, int server, const char *what, const char *why)
{
    lookup->news = apr_pstrcat(lookup->pool, lookup->news ? lookup->news : "",
                               lookup->news ? "; " : "", "LDAP server ",
                               lookup->source->spec.address.servers[server].uri, what, why, NULL);
}

/* On the connection that is there; when that one is stale, once more on a new one. */
static ntlm_status_t ask_one(ldap_client_connection_t *connection, ldap_client_call_t *call,
                             const char *filter, ldap_client_answer_t *answer)
{
    ntlm_status_t status = NTLM_BACKEND_DOWN;
    if (connection->handle) status = ldap_client_search(connection, call, filter, answer);
    if (status != NTLM_BACKEND_DOWN || call->unanswered) return status;
    ldap_client_close(connection);
    if (ldap_client_is_late(call) || !ldap_client_connect(connection, call)) return status;
    status = ldap_client_search(connection, call, filter, answer);
    if (status == NTLM_BACKEND_DOWN && !call->unanswered) ldap_client_close(connection);
    return status;
}

static ntlm_status_t ask_server(lookup_t *lookup, ldap_client_connection_t *connection, int server,
                                const char *filter, ldap_client_answer_t *answer)
{
    ldap_source_t *source = lookup->source;
    ldap_client_call_t call = {.ldap = source->ldap, .pool = lookup->pool};
    call.until = clock_ticks() + source->spec.timeout;
    if (call.until > lookup->until) call.until = lookup->until;
    if (connection->server != server) ldap_client_close(connection);
    connection->server = server;
    ntlm_status_t status = ask_one(connection, &call, filter, answer);
    bool down = status == NTLM_BACKEND_DOWN && !call.unanswered;
    if (!down && ldap_servers_answered(source->servers, server))
        tell(lookup, server, " answers again", "");
    if (call.unanswered) tell(lookup, server, " cannot look a login up: ", call.why);
    if (down && ldap_servers_failed(source->servers, server, clock_ticks()))
        tell(lookup, server,
             " cannot be used: ", call.why ? call.why : "it does not answer in time");
    return status;
}

static ntlm_status_t directory_ask(lookup_t *lookup, const char *filter,
                                   ldap_client_answer_t *answer)
{
    void *connection;
    unsigned tried = 0;
    ntlm_status_t status = NTLM_BACKEND_DOWN;
    if (apr_reslist_acquire(lookup->source->connections, &connection) != APR_SUCCESS) {
        lookup->news = "all LDAP connections of this child wait for answers; none came free";
        return status;
    }
    while (status == NTLM_BACKEND_DOWN && clock_ticks() < lookup->until) {
        int server = ldap_servers_pick(lookup->source->servers, tried, clock_ticks());
        if (server < 0) break;
        tried |= 1U << server;
        status = ask_server(lookup, connection, server, filter, answer);
    }
    apr_reslist_release(lookup->source->connections, connection);
    return status;
}

/* ---- looking a login up ---- */

/* The entry of that name. Nobody is numbered, too: it costs what somebody costs. */
static ntlm_status_t look_up(void *baton, const char *user, const char *const *domains,
                             creds_account_t *account)
{
    lookup_t *lookup = baton;
    const ldap_spec_t *spec = &lookup->source->spec;
    const ldap_question_t question = {spec, user, domains, apr_time_now()};
    ldap_client_answer_t answer;
    if (!ldap_filter_takes(user)) return NTLM_NO_SUCH_USER;
    const char *filter = ldap_filter_for(lookup->pool, spec->address.filter,
                                         spec->address.attribute, bytes_of(user));
    ntlm_status_t status = directory_ask(lookup, filter, &answer);
    if (status == NTLM_OK) {
        status = ldap_entry_read(&answer.entry, &question, lookup->pool, account, &lookup->news);
        ldap_client_forget(&answer);
    }
    creds_account_t *found = account->others ? account->others : account;
    return number_account(lookup->source, found) ? status : NTLM_CRYPTO_FAILED;
}

/* Every server has its time; one alone has it twice, for a stale connection and a new one. */
static apr_time_t end_of_lookup(const ldap_spec_t *spec)
{
    int times = spec->address.server_count > 2 ? spec->address.server_count : 2;
    return clock_ticks() + times * spec->timeout;
}

/* Where nothing is remembered, too, a live login is not looked up at each request. */
static apr_time_t good_until(const ldap_source_t *source, apr_time_t now)
{
    apr_interval_time_t time = source->spec.cache;
    return now + (time > APR_USEC_PER_SEC ? time : APR_USEC_PER_SEC);
}

/* NTLM_NEED_KEY: the servers must be asked. */
static ntlm_status_t remembered(ldap_source_t *source, const creds_cache_at_t *at, apr_pool_t *pool,
                                const creds_login_t *login, creds_account_t *account)
{
    if (!source->cache) return NTLM_NEED_KEY;
    if (login->fresh && creds_cache_may_force(source->cache, at)) return NTLM_NEED_KEY;
    ntlm_status_t status = creds_cache_find(source->cache, at, pool, account);
    account->remembered = status != NTLM_NEED_KEY;
    account->cached = account->remembered && !login->fresh;
    return status;
}

static ntlm_status_t directory_find(void *opened, apr_pool_t *pool, const creds_login_t *login,
                                    creds_account_t *account, const char **why)
{
    ldap_source_t *source = opened;
    creds_cache_at_t at = {.now = clock_ticks()};
    lookup_t lookup = {.source = source, .pool = pool};
    if (!digest_of_login(source, pool, login, at.login)) return NTLM_CRYPTO_FAILED;
    ntlm_status_t status = remembered(source, &at, pool, login, account);
    if (status != NTLM_NEED_KEY) return status;
    lookup.until = end_of_lookup(&source->spec);
    status = ldap_names_find(login, look_up, &lookup, account);
    if (lookup.news) *why = lookup.news;
    bool answered = status != NTLM_BACKEND_DOWN && !account->outage;
    if (source->cache && answered) creds_cache_store(source->cache, &at, status, account);
    if (source->cache && !answered && login->fresh) creds_cache_unforce(source->cache, &at);
    account->until = good_until(source, at.now);
    if (account->others) account->others->until = account->until;
    return status;
}

/* Nobody tells when a directory changes: each account says itself until when it is good. */
static apr_uint64_t directory_generation(void *opened, apr_pool_t *pool, const char **why)
{
    (void)opened;
    (void)pool;
    (void)why;
    return 0;
}

const creds_backend_t creds_ldap_backend = {
    .name = "ldap",
    .source_word = CREDS_SOURCE_TEXT,
    .options = ldap_spec_options,
    .open = directory_open,
    .find = directory_find,
    .generation = directory_generation,
};
