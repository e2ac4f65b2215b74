#include "dump_policy.h"

#include <err.h>
#include <string.h>

#include "../lib/ntlm/response.h"
#include "dump_input.h"

static dump_exit_t read_demand(const char *option, const char *also, const char *word,
                               ntlm_demand_t *demand)
{
    static const char *const words[] = {
        [NTLM_OFF] = "off", [NTLM_ALLOW] = "allow", [NTLM_REQUIRE] = "require"};
    for (int i = NTLM_OFF; i <= NTLM_REQUIRE; i++) {
        *demand = (ntlm_demand_t)i;
        if (strcmp(word, words[i]) == 0) return DUMP_OK;
    }
    warnx("%s: it is off, allow%s", option, also);
    return DUMP_UNUSABLE;
}

/* Data alone mean what the module does by default when it knows its certificate. */
static dump_exit_t read_binding(const wanted_t *wanted, const certificates_t *certificates,
                                uint8_t binding[1][NTLM_BINDING_LEN], ntlm_policy_t *policy)
{
    uint8_t room[BINDING_DATA_MAX];
    bytes_t data = {certificates->data, certificates->data_len};
    bool is_known = wanted->binding_data || data.len > 0;
    const char *word = wanted->binding ? wanted->binding : is_known ? "allow" : "off";
    dump_exit_t result = read_demand("--binding", " or require", word, &policy->binding);
    if (result == DUMP_OK && wanted->binding_data)
        result = input_hex("--binding-data", wanted->binding_data, room, sizeof room, &data);
    if (result != DUMP_OK || !is_known) return result;
    if (!channel_binding(data, binding[0])) {
        warnx("the channel binding: OpenSSL cannot hash it");
        return DUMP_UNUSABLE;
    }
    policy->bindings = (const uint8_t(*)[NTLM_BINDING_LEN])binding;
    policy->bindings_count = 1;
    return DUMP_OK;
}

/* Hosts alone mean "allow", as data do for the binding. */
dump_exit_t policy_read(const wanted_t *wanted, const certificates_t *certificates,
                        uint8_t binding[1][NTLM_BINDING_LEN], ntlm_policy_t *policy)
{
    bool hosts = wanted->service_hosts.count > 0;
    const char *word = wanted->service ? wanted->service : hosts ? "allow" : "off";
    policy->require_mic = wanted->require_mic;
    if (hosts) policy->service_hosts = wanted->service_hosts.list;
    if (wanted->accept_domains.count > 0) policy->accept_domains = wanted->accept_domains.list;
    dump_exit_t result =
        read_demand("--service", ", require, HTTP/HOST or HOST/HOST", word, &policy->service);
    return result == DUMP_OK ? read_binding(wanted, certificates, binding, policy) : result;
}
