#include "dump_verify.h"

#include <err.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "../lib/explain/causes/diagnose.h"
#include "../lib/explain/report.h"
#include "../lib/ntlm/crypto.h"
#include "../lib/ntlm/response.h"
#include "dump_input.h"

enum {
    BINDING_DATA_MAX = 256, /* channel_binding() takes no more */
    NAMES_MAX = 32          /* of an option that may be repeated */
};

/* NULL at the end. */
typedef struct names_t {
    size_t count;
    const char *list[NAMES_MAX + 1];
} names_t;

/* The options as they stand on the command line; NULL: not given. */
typedef struct wanted_t {
    bool as_json, require_mic;
    const char *type1, *type2, *type3, *binding, *binding_data, *service;
    names_t service_hosts, accept_domains;
    char *nt_hash, *password;
} wanted_t;

typedef struct messages_t {
    uint8_t type1[TOKEN_MAX], type2[TOKEN_MAX], type3[TOKEN_MAX];
} messages_t;

/* ---- options ---- */

static const struct option options[] = {
    {"json", no_argument, NULL, 'j'},
    {"help", no_argument, NULL, 'h'},
    {"require-mic", no_argument, NULL, 'm'},
    {"type1", required_argument, NULL, '1'},
    {"type2", required_argument, NULL, '2'},
    {"type3", required_argument, NULL, '3'},
    {"nt-hash", required_argument, NULL, 'n'},
    {"password", required_argument, NULL, 'p'},
    {"binding", required_argument, NULL, 'b'},
    {"binding-data", required_argument, NULL, 'd'},
    {"service", required_argument, NULL, 's'},
    {"service-host", required_argument, NULL, 'o'},
    {"accept-domain", required_argument, NULL, 'a'},
    {NULL, 0, NULL, 0},
};

static bool add_name(names_t *names, const char *name)
{
    if (names->count == NAMES_MAX) return false;
    names->list[names->count++] = name;
    return true;
}

static bool take_option(wanted_t *wanted, int option)
{
    switch (option) {
    case 'j': wanted->as_json = true; return true;
    case 'm': wanted->require_mic = true; return true;
    case '1': wanted->type1 = optarg; return true;
    case '2': wanted->type2 = optarg; return true;
    case '3': wanted->type3 = optarg; return true;
    case 'n': wanted->nt_hash = optarg; return true;
    case 'p': wanted->password = optarg; return true;
    case 'b': wanted->binding = optarg; return true;
    case 'd': wanted->binding_data = optarg; return true;
    case 's': wanted->service = optarg; return true;
    case 'o': return add_name(&wanted->service_hosts, optarg);
    case 'a': return add_name(&wanted->accept_domains, optarg);
    default: return false;
    }
}

static const char *what_is_missing(const wanted_t *wanted)
{
    if (!wanted->type1) return "--type1 is missing; give '' if there is none";
    if (!wanted->type2) return "--type2 is missing";
    if (!wanted->type3) return "--type3 is missing";
    if (!wanted->nt_hash == !wanted->password) return "give either --nt-hash or --password";
    return NULL;
}

static dump_exit_t read_options(int argc, char **argv, wanted_t *wanted)
{
    int option;
    optind = 1;
    while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1)
        if (!take_option(wanted, option)) return dump_usage();
    if (optind < argc) {
        warnx("verify takes options only, not \"%s\"", argv[optind]);
        return dump_usage();
    }
    const char *why = what_is_missing(wanted);
    if (!why) return DUMP_OK;
    warnx("verify: %s", why);
    return dump_usage();
}

/* ---- what they hold ---- */

static dump_exit_t read_messages(const wanted_t *wanted, messages_t *room, replay_t *replay)
{
    dump_exit_t result = input_message("--type1", wanted->type1, room->type1, &replay->type1);
    if (result == DUMP_OK)
        result = input_message("--type2", wanted->type2, room->type2, &replay->type2);
    if (result == DUMP_OK)
        result = input_message("--type3", wanted->type3, room->type3, &replay->type3);
    if (result == DUMP_OK && replay->type1.len > 0 && message_type(replay->type1) != 1)
        warnx("--type1 is no Type 1 message; it is used as it is");
    return result;
}

static dump_exit_t read_key(const wanted_t *wanted, char password[PASSWORD_ROOM], ntlm_key_t *key)
{
    bytes_t hash;
    if (wanted->password) return input_password(wanted->password, password, key->nt_hash);
    dump_exit_t result =
        input_hex("--nt-hash", wanted->nt_hash, key->nt_hash, sizeof key->nt_hash, &hash);
    if (result != DUMP_OK || hash.len == sizeof key->nt_hash) return result;
    warnx("--nt-hash: it has not 32 hex digits");
    return DUMP_UNUSABLE;
}

static dump_exit_t read_demand(const char *option, const char *word, ntlm_demand_t *demand)
{
    static const char *const words[] = {
        [NTLM_OFF] = "off", [NTLM_ALLOW] = "allow", [NTLM_REQUIRE] = "require"};
    for (int i = NTLM_OFF; i <= NTLM_REQUIRE; i++) {
        *demand = (ntlm_demand_t)i;
        if (strcmp(word, words[i]) == 0) return DUMP_OK;
    }
    warnx("%s: it is off, allow or require", option);
    return DUMP_UNUSABLE;
}

/* Data alone mean what the module does by default when it knows its certificate. */
static dump_exit_t read_binding(const wanted_t *wanted, uint8_t binding[1][NTLM_BINDING_LEN],
                                ntlm_policy_t *policy)
{
    uint8_t room[BINDING_DATA_MAX];
    bytes_t data;
    const char *word = wanted->binding ? wanted->binding : wanted->binding_data ? "allow" : "off";
    dump_exit_t result = read_demand("--binding", word, &policy->binding);
    if (result != DUMP_OK || !wanted->binding_data) return result;
    result = input_hex("--binding-data", wanted->binding_data, room, sizeof room, &data);
    if (result != DUMP_OK) return result;
    if (!channel_binding(data, binding[0])) {
        warnx("--binding-data: OpenSSL cannot hash it");
        return DUMP_UNUSABLE;
    }
    policy->bindings = (const uint8_t(*)[NTLM_BINDING_LEN])binding;
    policy->bindings_count = 1;
    return DUMP_OK;
}

/* Hosts alone mean "allow", as data do for the binding. */
static dump_exit_t read_policy(const wanted_t *wanted, uint8_t binding[1][NTLM_BINDING_LEN],
                               ntlm_policy_t *policy)
{
    bool hosts = wanted->service_hosts.count > 0;
    const char *word = wanted->service ? wanted->service : hosts ? "allow" : "off";
    policy->require_mic = wanted->require_mic;
    if (hosts) policy->service_hosts = wanted->service_hosts.list;
    if (wanted->accept_domains.count > 0) policy->accept_domains = wanted->accept_domains.list;
    dump_exit_t result = read_demand("--service", word, &policy->service);
    return result == DUMP_OK ? read_binding(wanted, binding, policy) : result;
}

/* ---- doing it ---- */

static dump_exit_t judge(replay_t *replay, const subject_t *subject, bool as_json)
{
    static diagnosis_t diagnosis;
    outline_t out = outline_to(stdout, as_json);
    const char *why = replay_run(replay);
    if (why) {
        warnx("--type2: %s", why);
        return DUMP_UNUSABLE;
    }
    if (replay->status == NTLM_CRYPTO_FAILED) {
        warnx("%s", ntlm_status_row(replay->status)->sentence);
        return DUMP_UNUSABLE;
    }
    diagnose(&diagnosis, subject);
    detail_open(&out, NULL);
    report_replay(&out, replay);
    report_diagnosis(&out, &diagnosis);
    detail_close(&out);
    return replay->status == NTLM_OK ? DUMP_OK : DUMP_REFUSED;
}

static void wipe_text(char *text)
{
    if (text) secret_wipe(text, strlen(text));
}

dump_exit_t dump_verify(int argc, char **argv, bool as_json)
{
    static messages_t room;
    static replay_t replay;
    static char password[PASSWORD_ROOM];
    subject_t subject = {.replay = &replay, .header = bytes_none(), .tls_unique = bytes_none()};
    uint8_t binding[1][NTLM_BINDING_LEN];
    wanted_t wanted = {.as_json = as_json};
    const char *why = crypto_open();
    if (why) errx(DUMP_UNUSABLE, "%s", why);
    dump_exit_t result = read_options(argc, argv, &wanted);
    if (result == DUMP_OK) result = read_key(&wanted, password, &replay.key);
    subject.has_password = wanted.password != NULL;
    subject.password = bytes_of(password);
    subject.tls = wanted.binding_data != NULL;
    wipe_text(wanted.nt_hash);
    wipe_text(wanted.password);
    if (result == DUMP_OK) result = read_messages(&wanted, &room, &replay);
    if (result == DUMP_OK) result = read_policy(&wanted, binding, &replay.policy);
    if (result == DUMP_OK) result = judge(&replay, &subject, wanted.as_json);
    secret_wipe(password, sizeof password);
    secret_wipe(&replay, sizeof replay);
    return result;
}
