/* mod_controller: a source of accounts as another module may add it, for t/server/controller.t.
 *
 * NTLMCredentials controller user=NAME hash=HEX [domain=NAME] stands for a domain controller with
 * one account: it gives no hash, it decides about each response, and appends a line "USER DOMAIN:
 * STATUS" to log=FILE for each question. groups=SID:NAME:ATTRIBUTES|... are those it tells of,
 * group=NAME:SID|... those it knows by name, unless unnamed=FILE is there.
 * names=COMPUTER:DOMAIN:DNS is what a challenge has to say. While silent=FILE is there it answers
 * nothing. says=HEX: what it answers a right password; flags=, rid=, control= (hex), kickoff=
 * (seconds from now) and key=off go with it when that is 0. new=HEX: its hash while changed=FILE is
 * there. hang=FILE: it blocks while that file is there. wait=MILLISECONDS: each answer takes so
 * long. any=on: whoever it is asked about has an account. upn=NAME: its user principal name.
 */
#include <string.h>

#include <unistd.h>

#include <httpd.h>
#include <http_config.h>
#include <ap_provider.h>
#include <apr_file_io.h>
#include <apr_strings.h>

#include "../../lib/creds/creds_backend.h"
#include "../../lib/ntlm/basic/answer.h"
#include "../../lib/ntlm/crypto.h"
#include "../../lib/ntlm/response.h"

typedef struct controller_t {
    const char *user, *domain, *log, *hang, *groups, *known, *names, *silent, *changed, *unnamed,
        *upn;
    uint8_t nt_hash[NTLM_KEY_LEN], new_hash[NTLM_KEY_LEN];
    bool is_down, has_key, is_any;
    uint32_t says, flags, rid, control;
    apr_int64_t kickoff, wait;
} controller_t;

static const creds_option_t options[] = {
    {CREDS_DOMAIN_ROW},
    {.name = "user", .help = "user= takes the name of the account"},
    {.name = "hash", .help = "hash= takes an NT hash of 32 hex digits"},
    {.name = "new", .help = "new= takes an NT hash of 32 hex digits"},
    {.name = "changed", .help = "changed= takes a file"},
    {.name = "down", .kind = CREDS_SWITCH, .fallback = "off", .help = "down= takes on or off"},
    {.name = "key", .kind = CREDS_SWITCH, .fallback = "on", .help = "key= takes on or off"},
    {.name = "any", .kind = CREDS_SWITCH, .fallback = "off", .help = "any= takes on or off"},
    {.name = "log", .help = "log= takes a file"},
    {.name = "hang", .help = "hang= takes a file"},
    {.name = "silent", .help = "silent= takes a file"},
    {.name = "unnamed", .help = "unnamed= takes a file"},
    {.name = "groups", .help = "groups= takes SID:NAME:ATTRIBUTES with | between them"},
    {.name = "group", .help = "group= takes NAME:SID with | between them"},
    {.name = "upn", .help = "upn= takes the account's user principal name"},
    {.name = "names", .help = "names= takes COMPUTER:DOMAIN:DNS"},
    {.name = "says", .fallback = "0", .help = "says= takes hex digits"},
    {.name = "flags", .fallback = "0", .help = "flags= takes hex digits"},
    {.name = "rid", .fallback = "450", .help = "rid= takes hex digits"},
    {.name = "control", .fallback = "10", .help = "control= takes hex digits"},
    {.name = "kickoff", .fallback = "0", .help = "kickoff= takes seconds"},
    {.name = "wait", .fallback = "0", .help = "wait= takes milliseconds"},
    {.name = NULL},
};

static uint32_t hex(const apr_table_t *given, const char *name)
{
    return (uint32_t)apr_strtoi64(creds_option(options, given, name), NULL, 16);
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
    made->hang = creds_option(options, given, "hang");
    made->changed = creds_option(options, given, "changed");
    made->silent = creds_option(options, given, "silent");
    made->unnamed = creds_option(options, given, "unnamed");
    made->groups = creds_option(options, given, "groups");
    made->known = creds_option(options, given, "group");
    made->upn = creds_option(options, given, "upn");
    made->names = creds_option(options, given, "names");
    made->is_down = creds_option_is_on(options, given, "down");
    made->has_key = creds_option_is_on(options, given, "key");
    made->is_any = creds_option_is_on(options, given, "any");
    made->says = hex(given, "says");
    made->flags = hex(given, "flags");
    made->rid = hex(given, "rid");
    made->control = hex(given, "control");
    made->kickoff = apr_atoi64(creds_option(options, given, "kickoff"));
    made->wait = apr_atoi64(creds_option(options, given, "wait"));
    if (!made->user || !hash) return "write user= and hash= for its account";
    *opened = made;
    const char *new_hash = creds_option(options, given, "new");
    if (!new_hash) new_hash = hash;
    return hex_read(bytes_of(hash), made->nt_hash, NTLM_KEY_LEN) &&
                   hex_read(bytes_of(new_hash), made->new_hash, NTLM_KEY_LEN)
               ? NULL
               : "hash= takes an NT hash of 32 hex digits";
}

static void close_controller(void *opened)
{
    secret_wipe(opened, sizeof(controller_t));
}

static bool is_there(const char *path)
{
    return path && access(path, F_OK) == 0;
}

/* Its configuration may have gone meanwhile. */
static controller_t blocked(const controller_t *controller, apr_pool_t *pool)
{
    controller_t own = *controller;
    const char **texts[] = {&own.user,  &own.domain, &own.log,    &own.hang,   &own.groups,
                            &own.known, &own.names,  &own.silent, &own.changed};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *texts[i] = apr_pstrdup(pool, *texts[i]);
    while (is_there(own.hang)) apr_sleep(20000);
    if (own.wait) apr_sleep(own.wait * 1000);
    return own;
}

/* One append a line: all children write there. */
static void note(const controller_t *controller, apr_pool_t *pool, const creds_logon_t *logon,
                 const char *status)
{
    apr_file_t *file;
    const char *line = apr_psprintf(pool, "%s %s: %s\n", logon->user, logon->domain, status);
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
    uint8_t user[2 * NTLM_USER_MAX], domain[2 * NTLM_DOMAIN_MAX];
    writer_t user_out = writer_to(user, sizeof user), domain_out = writer_to(domain, sizeof domain);
    return unicode_write_utf8(&user_out, logon->user) &&
           unicode_write_utf8(&domain_out, logon->domain) &&
           answer_key(is_there(controller->changed) ? controller->new_hash : controller->nt_hash,
                      written(&user_out), written(&domain_out), key);
}

/* The next part of a list, up to the sign; NULL: there is no more. */
static char *part(apr_pool_t *pool, const char **list, char sign)
{
    return *list && **list ? ap_getword(pool, list, sign) : NULL;
}

static void tell_groups(const controller_t *controller, apr_pool_t *pool, creds_verdict_t *verdict)
{
    apr_array_header_t *all = apr_array_make(pool, 4, sizeof(creds_group_t));
    const char *list = controller->groups, *one;
    while ((one = part(pool, &list, '|')) != NULL) {
        creds_group_t *group = apr_array_push(all);
        group->sid = part(pool, &one, ':');
        if (strcmp(group->sid, "-") == 0) group->sid = NULL;
        group->name = part(pool, &one, ':');
        if (group->name && strcmp(group->name, "-") == 0) group->name = NULL; /* nobody knows */
        group->attributes = *one ? (uint32_t)apr_strtoi64(one, NULL, 16) : 7;
    }
    verdict->groups = (const creds_group_t *)all->elts;
    verdict->group_count = (size_t)all->nelts;
}

/* What the account's own password is answered. */
static void let_in(const controller_t *controller, apr_pool_t *pool, creds_verdict_t *verdict)
{
    verdict->nt_status = controller->says;
    verdict->name = controller->user;
    verdict->domain = controller->domain;
    verdict->user_flags = controller->flags;
    verdict->user_id = controller->rid;
    verdict->account_control = controller->control;
    if (controller->kickoff)
        verdict->kick_off = apr_time_now() + apr_time_from_sec(controller->kickoff);
    if (!controller->has_key) memset(verdict->session_base_key, 0, NTLM_KEY_LEN);
    tell_groups(controller, pool, verdict);
}

static bool is_upn(const controller_t *controller, const char *user)
{
    return controller->upn && unicode_casecmp(user, controller->upn) == 0;
}

static const char *decide(const controller_t *controller, apr_pool_t *pool,
                          const creds_logon_t *logon, creds_verdict_t *verdict)
{
    ntlmv2_response_t response;
    uint8_t key[NTLM_KEY_LEN], proof[NTLM_PROOF_LEN];
    const name_parts_t parts = name_of_client(logon->user);
    const char *user = apr_pstrndup(pool, (const char *)parts.user.data, parts.user.len);
    while (*user && user[strlen(user) - 1] == ' ')
        user = apr_pstrndup(pool, user, strlen(user) - 1);
    if (controller->is_down || is_there(controller->silent)) {
        verdict->is_silent = true;
        verdict->why = "the controller does not answer";
        return "backend-down";
    }
    if (is_upn(controller, logon->user)) user = controller->user;
    if (!controller->is_any && unicode_casecmp(user, controller->user) != 0) {
        verdict->nt_status = 0xC0000064;
        return "no-such-user";
    }
    bool right = !ntlmv2_response_parse(logon->nt_response, &response) &&
                 find_ntowfv2(controller, logon, key) &&
                 nt_proof(key, logon->challenge, response.temp, proof) &&
                 secret_equal(proof, response.proof.data, NTLM_PROOF_LEN) &&
                 session_base_key(key, response.proof, verdict->session_base_key);
    secret_wipe(key, sizeof key);
    verdict->nt_status = 0xC000006A;
    if (!right) return "wrong-password";
    let_in(controller, pool, verdict);
    if (controller->is_any) verdict->name = user;
    return "ok";
}

static void verify(void *opened, void *own, apr_pool_t *pool, const creds_logon_t *logon,
                   creds_verdict_t *verdict)
{
    (void)own;
    const controller_t controller = blocked(opened, pool);
    note(&controller, pool, logon, decide(&controller, pool, logon, verdict));
}

static const char *names(void *opened, void *own, apr_pool_t *pool, creds_names_t *names)
{
    (void)own;
    const controller_t controller = blocked(opened, pool);
    const char *list = controller.names;
    if (is_there(controller.silent)) return "the controller does not answer";
    if (!list) {
        names->domain = controller.domain ? controller.domain : "CORP";
        return NULL;
    }
    names->computer = part(pool, &list, ':');
    names->domain = part(pool, &list, ':');
    names->dns = part(pool, &list, ':');
    if (!*names->computer) names->computer = NULL;
    return NULL;
}

static const char *sid(void *opened, void *own, apr_pool_t *pool, const char *group,
                       const char **sid)
{
    (void)own;
    const controller_t controller = blocked(opened, pool);
    const char *list = controller.known, *one;
    if (is_there(controller.silent) || is_there(controller.unnamed))
        return "the controller does not answer";
    *sid = "";
    while ((one = part(pool, &list, '|')) != NULL)
        if (unicode_casecmp(part(pool, &one, ':'), group) == 0) *sid = one;
    return NULL;
}

static const char *account(void *opened, void *own, apr_pool_t *pool, const char *user,
                           const char **name)
{
    (void)own;
    const controller_t controller = blocked(opened, pool);
    if (is_there(controller.silent)) return "the controller does not answer";
    *name = is_upn(&controller, user) ? controller.user : "";
    return NULL;
}

static const creds_backend_t controller = {
    .name = "controller",
    .source_word = CREDS_SOURCE_NONE,
    .options = options,
    .open = open_controller,
    .verify = verify,
    .names = names,
    .sid = sid,
    .account = account,
    .close = close_controller,
};

/* The same without SIDs. */
static const creds_backend_t namer = {
    .name = "namer",
    .source_word = CREDS_SOURCE_NONE,
    .options = options,
    .open = open_controller,
    .verify = verify,
    .names = names,
    .account = account,
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
    ap_register_provider(pool, CREDS_PROVIDER_GROUP, namer.name, CREDS_PROVIDER_VERSION, &namer);
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
