#include "counters.h"

#include <stdatomic.h>

#include <apr_strings.h>

#include "../system/retained.h"

/* ---- the table ---- */

static bool is_handshake(const counters_outcome_t *outcome)
{
    return outcome->status == NTLM_CHALLENGE_SENT;
}

static bool is_abandoned(const counters_outcome_t *outcome)
{
    return outcome->status == NTLM_CHALLENGE_ABANDONED;
}

static bool is_login(const counters_outcome_t *outcome)
{
    return outcome->status == NTLM_OK;
}

static bool has_mic(const counters_outcome_t *outcome)
{
    return is_login(outcome) && outcome->mic == NTLM_MIC_OK;
}

static bool has_binding(const counters_outcome_t *outcome)
{
    return is_login(outcome) && outcome->binding == NTLM_BINDING_OK;
}

static bool has_service(const counters_outcome_t *outcome)
{
    return is_login(outcome) && outcome->service == NTLM_SERVICE_OK;
}

static bool has_kerberos(const counters_outcome_t *outcome)
{
    return is_login(outcome) && outcome->lists_kerberos;
}

/* The client was asked for what comes first, or next; nobody is refused. */
static bool is_asked(const counters_outcome_t *outcome)
{
    return outcome->status == NTLM_NO_CREDENTIALS || outcome->status == NTLM_SPNEGO_CONTINUES ||
           outcome->status == NTLM_HTTP11_REQUIRED;
}

/* Two of the statuses are between the parts of this module, and no outcomes. */
static bool is_refusal(const counters_outcome_t *outcome)
{
    return !is_login(outcome) && !is_handshake(outcome) && !is_abandoned(outcome) &&
           !is_asked(outcome) && outcome->status != NTLM_NEED_KEY &&
           outcome->status != NTLM_NEED_NONCE;
}

static bool is_basic_unasked(const counters_outcome_t *outcome)
{
    return outcome->status == NTLM_SCHEME_REFUSED && outcome->scheme == SCHEME_BASIC;
}

static const counter_t rows[COUNTER_COUNT] = {
    [COUNTER_HANDSHAKES] = {.name = "ntlm_handshakes_total",
                            .key = "NTLMHandshakes",
                            .help = "Challenges that were sent",
                            .counts = is_handshake},
    [COUNTER_ABANDONED] = {.name = "ntlm_handshakes_abandoned_total",
                           .key = "NTLMHandshakesAbandoned",
                           .help = "Challenges whose connection was closed before an answer came",
                           .counts = is_abandoned},
    [COUNTER_LOGINS] = {.name = "ntlm_logins_total",
                        .key = "NTLMLogins",
                        .title = "Logins",
                        .help = "Logins; of Basic each request is one",
                        .label = COUNTER_BY_SCHEME,
                        .counts = is_login},
    [COUNTER_LOGINS_MIC] = {.name = "ntlm_logins_with_mic_total",
                            .key = "NTLMLoginsWithMIC",
                            .title = "With MIC",
                            .help = "Logins with a message integrity code",
                            .label = COUNTER_BY_SCHEME,
                            .counts = has_mic},
    [COUNTER_LOGINS_BINDING] = {.name = "ntlm_logins_with_binding_total",
                                .key = "NTLMLoginsWithBinding",
                                .title = "With channel binding",
                                .help = "Logins with the binding of their TLS channel",
                                .label = COUNTER_BY_SCHEME,
                                .counts = has_binding},
    [COUNTER_LOGINS_SERVICE] = {.name = "ntlm_logins_with_service_total",
                                .key = "NTLMLoginsWithService",
                                .title = "With service name",
                                .help = "Logins with the name of this service",
                                .label = COUNTER_BY_SCHEME,
                                .counts = has_service},
    [COUNTER_LOGINS_KERBEROS] = {.name = "ntlm_logins_with_kerberos_total",
                                 .key = "NTLMLoginsWithKerberos",
                                 .title = "Kerberos on offer",
                                 .help = "Logins of clients that list Kerberos, too",
                                 .label = COUNTER_BY_SCHEME,
                                 .counts = has_kerberos},
    [COUNTER_REFUSALS] = {.name = "ntlm_refusals_total",
                          .key = "NTLMRefusals",
                          .title = "Refused",
                          .help = "Refusals, by their status (docs/statuses.md)",
                          .label = COUNTER_BY_STATUS,
                          .counts = is_refusal},
    [COUNTER_ASKED] = {.name = "ntlm_asked_total",
                       .key = "NTLMAsked",
                       .title = "Asked for a login, or for more of it",
                       .help = "Requests whose client was asked for a login, or to go on with it",
                       .label = COUNTER_BY_STATUS,
                       .counts = is_asked},
    [COUNTER_BASIC_UNASKED] = {.name = "ntlm_basic_unasked_total",
                               .key = "NTLMBasicUnasked",
                               .help = "Passwords that came by Basic where it is not offered",
                               .counts = is_basic_unasked},
};

const counter_t *counter_row(counter_id_t id)
{
    return &rows[id];
}

const char *counter_text(counter_id_t id, size_t place)
{
    const counters_outcome_t outcome = {.status = (ntlm_status_t)place};
    if (place >= COUNTER_PLACES) return NULL;
    switch (rows[id].label) {
    case COUNTER_BY_SCHEME: return place < SCHEME_COUNT ? scheme_name((scheme_t)place) : NULL;
    case COUNTER_BY_STATUS:
        return rows[id].counts(&outcome) ? ntlm_status_name(outcome.status) : NULL;
    default: return place == 0 ? "" : NULL;
    }
}

static size_t place_of(counter_label_t label, const counters_outcome_t *outcome)
{
    switch (label) {
    case COUNTER_BY_SCHEME: return outcome->scheme;
    case COUNTER_BY_STATUS: return outcome->status;
    default: return 0;
    }
}

/* ---- the numbers ---- */

typedef struct counters_t {
    _Atomic uint64_t of[COUNTER_COUNT][COUNTER_PLACES];
} counters_t;

static counters_t own, *counters = &own;

void counters_outcome(const counters_outcome_t *outcome)
{
    for (size_t id = 0; id < COUNTER_COUNT; id++)
        if (rows[id].counts(outcome))
            atomic_fetch_add_explicit(&counters->of[id][place_of(rows[id].label, outcome)], 1,
                                      memory_order_relaxed);
}

uint64_t counter_value(counter_id_t id, size_t place)
{
    return atomic_load_explicit(&counters->of[id][place], memory_order_relaxed);
}

/* Another version of this module, loaded by a restart, may have others: it begins anew. */
static const char *name_of_layout(apr_pool_t *pool)
{
    const char *names = "counters";
    for (counter_id_t id = 0; id < COUNTER_COUNT; id++)
        names = apr_pstrcat(pool, names, "\n", rows[id].name, NULL);
    for (ntlm_status_t status = 0; status < NTLM_STATUS_COUNT; status++)
        names = apr_pstrcat(pool, names, "\n", ntlm_status_name(status), NULL);
    return names;
}

apr_status_t counters_open(apr_pool_t *pconf)
{
    void *memory;
    apr_status_t status = retained_memory(pconf, name_of_layout(pconf), sizeof *counters, &memory);
    if (status == APR_SUCCESS) counters = memory;
    return status;
}
