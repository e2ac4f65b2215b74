/* mod_controller: a source of accounts as another module may add it, for t/server/controller.t.
 *
 * NTLMCredentials controller user=NAME hash=HEX [domain=NAME] [down=on] [log=FILE] stands for a
 * domain controller with one account, [groups=NAME|NAME...] of which it tells: it gives no hash, it
 * decides about each response, and appends a line "USER DOMAIN: STATUS" to the log for each
 * question.
 */
#include <string.h>

#include <httpd.h>
#include <http_config.h>
#include <ap_provider.h>
#include <apr_file_io.h>
#include <apr_strings.h>

#include "../../lib/creds/creds_backend.h"
#include "../../lib/ntlm/crypto.h"
#include "../../lib/ntlm/response.h"

typedef struct controller_t {
    const char *user, *domain, *log, *const *groups;
    uint8_t nt_hash[NTLM_KEY_LEN];
    bool is_down;
} controller_t;

static const creds_option_t options[] = {
    {CREDS_DOMAIN_ROW},
    {.name = "user", .help = "user= takes the name of the account"},
    {.name = "hash", .help = "hash= takes an NT hash of 32 hex digits"},
    {.name = "down", .kind = CREDS_SWITCH, .fallback = "off", .help = "down= takes on or off"},
    {.name = "log", .help = "log= takes a file"},
    {.name = "groups", .help = "groups= takes names with | between them"},
    {.name = NULL},
};

/* NULL: it tells of none. */
static const char *const *split(apr_pool_t *pool, const char *names)
{
    apr_array_header_t *all = apr_array_make(pool, 4, sizeof(const char *));
    if (!names) return NULL;
    while (*names) APR_ARRAY_PUSH(all, const char *) = ap_getword(pool, &names, '|');
    APR_ARRAY_PUSH(all, const char *) = NULL;
    return (const char *const *)all->elts;
}

static const char *open_controller(apr_pool_t *pool, server_rec *server, const char *word,
                                   const apr_table_t *given, void **opened)
{
    (void)server;
    (void)word;
    const char *why = creds_options_check(pool, "controller", options, given);
    if (!why) why = crypto_open();
    if (why) return why;
    controller_t *made = apr_pcalloc(pool, sizeof *made);
    const char *hash = creds_option(options, given, "hash");
    made->user = creds_option(options, given, "user");
    made->domain = creds_option(options, given, CREDS_OPTION_DOMAIN);
    made->log = creds_option(options, given, "log");
    made->groups = split(pool, creds_option(options, given, "groups"));
    made->is_down = creds_option_is_on(options, given, "down");
    if (!made->user || !hash) return "write user= and hash= for its account";
    *opened = made;
    return hex_read(bytes_of(hash), made->nt_hash, NTLM_KEY_LEN)
               ? NULL
               : "hash= takes an NT hash of 32 hex digits";
}

static void close_controller(void *opened)
{
    secret_wipe(opened, sizeof(controller_t));
}

/* One append a line: all children write there. */
static void note(const controller_t *controller, apr_pool_t *pool, const creds_logon_t *logon,
                 ntlm_status_t status)
{
    apr_file_t *file;
    const char *line = apr_psprintf(pool, "%s %s: %s\n", logon->user, logon->domain,
                                    ntlm_status_row(status)->name);
    if (!controller->log ||
        apr_file_open(&file, controller->log, APR_FOPEN_WRITE | APR_FOPEN_APPEND,
                      APR_FPROT_OS_DEFAULT, pool) != APR_SUCCESS)
        return;
    apr_file_write_full(file, line, strlen(line), NULL);
    apr_file_close(file);
}

/* User and domain as they were sent are what was hashed. */
static bool find_ntowfv2(const controller_t *controller, const creds_logon_t *logon,
                         uint8_t key[NTLM_KEY_LEN])
{
    uint8_t user[2 * NTLM_USER_MAX], name[2 * (NTLM_USER_MAX + NTLM_DOMAIN_MAX)];
    writer_t sent = writer_to(user, sizeof user), hashed = writer_to(name, sizeof name);
    if (!unicode_write_utf8(&sent, logon->user)) return false;
    unicode_write_upper(&hashed, written(&sent), UNICODE_UPPER_WINDOWS7);
    return unicode_write_utf8(&hashed, logon->domain) &&
           ntowfv2(controller->nt_hash, written(&hashed), key);
}

static ntlm_status_t decide(const controller_t *controller, const creds_logon_t *logon,
                            creds_account_t *account)
{
    ntlmv2_response_t response;
    uint8_t key[NTLM_KEY_LEN], proof[NTLM_PROOF_LEN];
    if (controller->is_down) return NTLM_BACKEND_DOWN;
    if (unicode_casecmp(logon->user, controller->user) != 0) return NTLM_NO_SUCH_USER;
    account->name = controller->user;
    account->domain = controller->domain;
    account->groups = controller->groups;
    bool right = !ntlmv2_response_parse(logon->nt_response, &response) &&
                 find_ntowfv2(controller, logon, key) &&
                 nt_proof(key, logon->challenge, response.temp, proof) &&
                 secret_equal(proof, response.proof.data, NTLM_PROOF_LEN) &&
                 session_base_key(key, response.proof, account->key.session_base_key);
    secret_wipe(key, sizeof key);
    return right ? NTLM_OK : NTLM_WRONG_PASSWORD;
}

static ntlm_status_t verify(void *opened, apr_pool_t *pool, const creds_logon_t *logon,
                            creds_account_t *account, const char **why)
{
    const controller_t *controller = opened;
    ntlm_status_t status = decide(controller, logon, account);
    if (status == NTLM_BACKEND_DOWN) *why = "the controller does not answer";
    note(controller, pool, logon, status);
    return status;
}

static apr_uint64_t generation(void *opened, apr_pool_t *pool, const char **why)
{
    (void)opened;
    (void)pool;
    (void)why;
    return 1;
}

static const creds_backend_t controller = {
    .name = "controller",
    .source_word = CREDS_SOURCE_NONE,
    .options = options,
    .open = open_controller,
    .verify = verify,
    .generation = generation,
    .close = close_controller,
};

/* The core's objects in this module have a crypto of their own. */
static apr_status_t end_crypto(void *unused)
{
    (void)unused;
    crypto_close();
    return APR_SUCCESS;
}

static void hooks(apr_pool_t *pool)
{
    apr_pool_cleanup_register(pool, NULL, end_crypto, apr_pool_cleanup_null);
    ap_register_provider(pool, CREDS_PROVIDER_GROUP, controller.name, CREDS_PROVIDER_VERSION,
                         &controller);
}

module AP_MODULE_DECLARE_DATA __attribute__((visibility("default"))) controller_module = {
    STANDARD20_MODULE_STUFF,
    NULL, /* it has no directives of its own */
    NULL,
    NULL,
    NULL,
    NULL,
    hooks,
    0,
};
