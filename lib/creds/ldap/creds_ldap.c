#include "creds_ldap.h"

#include <stdlib.h>
#include <string.h>

#include <apr_general.h>
#include <apr_reslist.h>
#include <apr_strings.h>

#include "../../ntlm/crypto.h"
#include "../../system/clock.h"
#include "../creds_cache.h"
#include "../creds_digest.h"
#include "ldap_client.h"
#include "ldap_entry.h"
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
    if (!why && spec->cache)
        why = creds_cache_open(pool, spec->cache, spec->groups || spec->group_base, &source->cache);
    if (!why) why = open_connections(pool, source);
    if (!why && apr_generate_random_bytes(source->key, sizeof source->key) != APR_SUCCESS)
        why = "the system gives no random numbers";
    return why;
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
                             const ldap_client_query_t *query, ldap_answer_t *answer)
{
    ntlm_status_t status = NTLM_BACKEND_DOWN;
    if (connection->handle) status = ldap_client_search(connection, call, query, answer);
    if (status != NTLM_BACKEND_DOWN || call->unanswered) return status;
    ldap_client_close(connection);
    if (ldap_client_is_late(call) || !ldap_client_connect(connection, call)) return status;
    status = ldap_client_search(connection, call, query, answer);
    if (status == NTLM_BACKEND_DOWN && !call->unanswered) ldap_client_close(connection);
    return status;
}

static ntlm_status_t ask_server(lookup_t *lookup, ldap_client_connection_t *connection, int server,
                                const ldap_client_query_t *query, ldap_answer_t *answer)
{
    ldap_source_t *source = lookup->source;
    ldap_client_call_t call = {.ldap = source->ldap, .pool = lookup->pool};
    call.until = clock_ticks() + source->spec.timeout;
    if (call.until > lookup->until) call.until = lookup->until;
    if (connection->server != server) ldap_client_close(connection);
    connection->server = server;
    ntlm_status_t status = ask_one(connection, &call, query, answer);
    bool down = status == NTLM_BACKEND_DOWN && !call.unanswered;
    if (!down && ldap_servers_answered(source->servers, server))
        tell(lookup, server, " answers again", "");
    if (call.unanswered) tell(lookup, server, " cannot look a login up: ", call.why);
    if (down && ldap_servers_failed(source->servers, server, clock_ticks()))
        tell(lookup, server,
             " cannot be used: ", call.why ? call.why : "it does not answer in time");
    return status;
}

static ntlm_status_t directory_ask(lookup_t *lookup, const ldap_client_query_t *query,
                                   ldap_answer_t *answer)
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
        status = ask_server(lookup, connection, server, query, answer);
    }
    apr_reslist_release(lookup->source->connections, connection);
    return status;
}

/* ---- looking a login up ---- */

/* Of no group: a group may well have -1 of 32 bits, but no number has more than 64. */
#define NO_GID "18446744073709551616"

/* Of the entry's primary group. */
static bytes_t gid_of(const ldap_entry_t *entry)
{
    const ldap_attribute_t *gid = ldap_answer_attribute(entry, LDAP_ENTRY_GID);
    return gid->count == 1 ? gid->values[0] : bytes_of(NO_GID);
}

/* False: nobody can say. */
static bool look_up_groups(lookup_t *lookup, const char *user, bytes_t gid, creds_groups_t *groups)
{
    const ldap_client_query_t query = {ldap_filter_for_groups(lookup->pool, user, gid), true};
    ldap_answer_t answer;
    if (directory_ask(lookup, &query, &answer) != NTLM_OK) return false;
    for (int i = 0; i < answer.dns->nelts; i++)
        creds_groups_add(groups, APR_ARRAY_IDX(answer.dns, i, bytes_t));
    groups->cut |= answer.cut;
    ldap_answer_forget(&answer);
    return true;
}

/* The entry of that name. Of nobody, too, the groups are looked up and a number is made: it costs
 * what somebody costs. */
static ntlm_status_t look_up(void *baton, const char *user, const char *const *domains,
                             creds_account_t *account)
{
    lookup_t *lookup = baton;
    const ldap_spec_t *spec = &lookup->source->spec;
    const ldap_question_t question = {spec, user, domains, apr_time_now()};
    creds_groups_t groups = creds_groups_none(lookup->pool);
    bytes_t gid = bytes_of(NO_GID);
    ldap_answer_t answer;
    if (!ldap_filter_takes(user)) return NTLM_NO_SUCH_USER;
    const ldap_client_query_t query = {.filter = ldap_filter_for(lookup->pool, spec->address.filter,
                                                                 spec->address.attribute,
                                                                 bytes_of(user))};
    ntlm_status_t status = directory_ask(lookup, &query, &answer);
    if (status == NTLM_BACKEND_DOWN) return status;
    bool there = status == NTLM_OK;
    if (there) {
        status = ldap_entry_read(&answer.entry, &question, lookup->pool, account, &lookup->news);
        ldap_entry_groups(&answer.entry, spec, &groups);
        gid = gid_of(&answer.entry);
    }
    creds_account_t *found = account->others ? account->others : account;
    const char *name = found->name ? found->name : user;
    bool told = !spec->group_base || look_up_groups(lookup, name, gid, &groups);
    if (there) ldap_answer_forget(&answer);
    if (!told) creds_wipe(account);
    if (!told) *account = (creds_account_t){0};
    if (!told) return NTLM_BACKEND_DOWN;
    if (there) creds_groups_give(&groups, found);
    return creds_digest_number(lookup->source->key, lookup->pool, found) ? status
                                                                         : NTLM_CRYPTO_FAILED;
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
    if (!creds_digest_of_login(source->key, pool, login, at.login)) return NTLM_CRYPTO_FAILED;
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
