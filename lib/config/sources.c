#include "sources.h"

#include <stdlib.h>
#include <string.h>

#include <ap_provider.h>
#include <apr_strings.h>
#include <http_config.h>
#include <http_core.h>
#include <http_log.h>
#include <http_main.h>
#include <ap_mpm.h>
#include <unixd.h>

#include "../creds/file/creds_file.h"
#include "../creds/file/creds_follow.h"
#include "../creds/ldap/creds_ldap.h"
#include "../creds/verify/verify.h"
#include "intern.h"

APLOG_USE_MODULE(auth_ntlmv2);

void sources_register(apr_pool_t *pool)
{
    ap_register_provider(pool, CREDS_PROVIDER_GROUP, creds_file_backend.name,
                         CREDS_PROVIDER_VERSION, &creds_file_backend);
    ap_register_provider(pool, CREDS_PROVIDER_GROUP, creds_ldap_backend.name,
                         CREDS_PROVIDER_VERSION, &creds_ldap_backend);
}

static int by_name(const void *left, const void *right)
{
    const ap_list_provider_names_t *a = left, *b = right;
    return strcmp(a->provider_name, b->provider_name);
}

/* httpd lists them in the order of a hash, which is another one from time to time. */
static const char *unknown_backend(apr_pool_t *pool, const char *name)
{
    apr_array_header_t *known =
        ap_list_provider_names(pool, CREDS_PROVIDER_GROUP, CREDS_PROVIDER_VERSION);
    const char *list = "";
    qsort(known->elts, (size_t)known->nelts, sizeof(ap_list_provider_names_t), by_name);
    for (int i = 0; i < known->nelts; i++)
        list = apr_pstrcat(pool, list, i ? ", " : "",
                           APR_ARRAY_IDX(known, i, ap_list_provider_names_t).provider_name, NULL);
    return apr_psprintf(pool,
                        "unknown backend '%s'; known: %s. Write for example: "
                        "NTLMCredentials file conf/ntlm.passwd",
                        name, list);
}

/* The key=value words, from that one on; copied, since words go with the line. */
static const char *read_options(apr_table_t *options, int from, int argc, char *const argv[])
{
    apr_pool_t *pool = apr_table_elts(options)->pool;
    for (int i = from; i < argc; i++) {
        const char *equals = strchr(argv[i], '=');
        if (!equals || equals == argv[i])
            return apr_psprintf(pool,
                                "option %d is not written as key=value; write another source in a "
                                "line of its own, and what holds blanks in quotes",
                                i - from + 1);
        char *key = apr_pstrndup(pool, argv[i], (apr_size_t)(equals - argv[i]));
        if (apr_table_get(options, key))
            return apr_psprintf(pool, "the option '%s' is given twice", key);
        apr_table_setn(options, key, apr_pstrdup(pool, equals + 1));
    }
    return NULL;
}

/* Where the options begin. */
static int options_of(const creds_backend_t *backend)
{
    return backend->source_word == CREDS_SOURCE_NONE ? 1 : 2;
}

static const char *word_of(apr_pool_t *pool, const creds_backend_t *backend, const char *word)
{
    return backend->source_word == CREDS_SOURCE_PATH ? ap_server_root_relative(pool, word) : word;
}

/* The same line is the same source; for some backends in one virtual host only. */
static const char *canonical_text(const creds_open_t *what, apr_pool_t *pool, int count,
                                  char *const options[])
{
    const char *text = apr_pstrcat(pool, "source\n", what->backend->name, "\n",
                                   what->word ? what->word : "", NULL);
    if (what->backend->one_a_server)
        text = apr_psprintf(pool, "%s\n%pp", text, (void *)what->server);
    for (int i = 0; i < count; i++) text = apr_pstrcat(pool, text, "\n", options[i], NULL);
    return text;
}

static const char *open_hashes(apr_pool_t *pool, const creds_open_t *what,
                               const creds_source_t **source)
{
    creds_source_t *made = NULL;
    const char *why = creds_open(pool, what, &made);
    *source = made;
    return why;
}

static const char *open_source(server_rec *server, apr_pool_t *pool, const creds_backend_t *backend,
                               int argc, char *const argv[], const creds_source_t **source)
{
    const int from = options_of(backend);
    apr_table_t *options = apr_table_make(pool, 2);
    creds_open_t what = {.backend = backend, .server = server, .given = options};
    const char *why = read_options(options, from, argc, argv);
    if (from > 1) what.word = word_of(pool, backend, argv[1]);
    if (why || (from > 1 && !what.word)) return why ? why : "that is no valid path";
    what.text = canonical_text(&what, pool, argc - from, argv + from);
    if ((*source = intern_find(pool, what.text)) != NULL) return NULL;
    why = backend->verify ? verify_open(pool, &what, source) : open_hashes(pool, &what, source);
    if (!why) intern_keep(pool, what.text, *source);
    return why;
}

static const apr_array_header_t *with_source(apr_pool_t *pool, const apr_array_header_t *before,
                                             const creds_source_t *source)
{
    const char *text = "sources";
    apr_array_header_t *sources =
        before ? apr_array_copy(pool, before) : apr_array_make(pool, 1, sizeof source);
    APR_ARRAY_PUSH(sources, const creds_source_t *) = source;
    for (int i = 0; i < sources->nelts; i++)
        text = apr_pstrcat(pool, text, "\n\n",
                           APR_ARRAY_IDX(sources, i, const creds_source_t *)->text, NULL);
    const apr_array_header_t *known = intern_find(pool, text);
    return known ? known : intern_keep(pool, text, sources);
}

const char *sources_add(server_rec *server, apr_pool_t *pool, int argc, char *const argv[],
                        void *value)
{
    const apr_array_header_t **sources = value;
    const creds_source_t *source = NULL;
    const creds_backend_t *backend =
        argc > 0 ? ap_lookup_provider(CREDS_PROVIDER_GROUP, argv[0], CREDS_PROVIDER_VERSION) : NULL;
    const int least = backend ? options_of(backend) : 2;
    if (argc < least)
        return " takes a backend and its source; write for example: "
               "NTLMCredentials file conf/ntlm.passwd";
    if (!backend) return unknown_backend(pool, argv[0]);
    const char *why = open_source(server, pool, backend, argc, argv, &source);
    if (why) return apr_pstrcat(pool, " ", argv[0], ": ", why, NULL);
    for (int i = 0; *sources && i < (*sources)->nelts; i++)
        if (APR_ARRAY_IDX(*sources, i, const creds_source_t *) == source)
            return apr_pstrcat(pool, "'", argv[0], least > 1 ? " " : "", least > 1 ? argv[1] : "",
                               "' is named twice here", NULL);
    *sources = with_source(pool, *sources, source);
    return NULL;
}

/* ---- files that change ---- */

static void complain(const char *why)
{
    ap_log_error(APLOG_MARK, APLOG_ERR, 0, ap_server_conf, "mod_auth_ntlmv2: %s", why);
}

int sources_follow(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *s)
{
    const creds_follow_t how = {{ap_unixd_config.user_id, ap_unixd_config.group_id}, complain};
    (void)plog, (void)ptemp, (void)s;
    if (ap_state_query(AP_SQ_MAIN_STATE) == AP_SQ_MS_CREATE_PRE_CONFIG) return OK;
    if (ap_exists_config_define("DEBUG") || ap_exists_config_define("ONE_PROCESS")) return OK;
    creds_follow_begin(pconf, &how);
    return OK;
}

int sources_look(apr_pool_t *pconf, server_rec *s)
{
    (void)pconf, (void)s;
    creds_follow_look();
    return OK;
}

/* Threads that wait for a controller are a child's own; pages need some, too. */
static void leave_threads(const apr_array_header_t *sources)
{
    int threads = 1;
    ap_mpm_query(AP_MPMQ_MAX_THREADS, &threads);
    for (int i = 0; i < sources->nelts; i++) {
        const creds_source_t *source = APR_ARRAY_IDX(sources, i, const creds_source_t *);
        if (source->decide) helpers_leave_some(verify_helpers(source), threads);
    }
}

void sources_child(apr_pool_t *pchild, server_rec *s)
{
    leave_threads(creds_all(s->process->pconf));
    creds_follow_child(pchild);
}
