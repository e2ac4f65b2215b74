/* counters.h - what has become of logins, in numbers that all children share.
 *
 * Each outcome is counted once, where its line is logged. The numbers only grow; a restart leaves
 * them as they are (retained.h). Counting is an addition in shared memory: no lock, no system
 * call.
 */
#ifndef NTLM_STATUS_COUNTERS_H
#define NTLM_STATUS_COUNTERS_H

#include <apr_pools.h>

#include "../config/schemes.h"
#include "../ntlm/claim.h"

/* One outcome, as far as it is known; what is left out is zero. */
typedef struct counters_outcome_t {
    ntlm_status_t status;
    scheme_t scheme; /* of the token; SCHEME_NONE: there was none, or it is another one's */
    /* of a login: */
    ntlm_mic_t mic;
    ntlm_binding_t binding;
    ntlm_service_t service;
    bool lists_kerberos; /* by its client's own words */
} counters_outcome_t;

void counters_outcome(const counters_outcome_t *outcome);

/* What stands beside a number. */
typedef enum counter_label_t {
    COUNTER_ALONE, /* nothing: there is one number */
    COUNTER_BY_SCHEME,
    COUNTER_BY_STATUS
} counter_label_t;

typedef enum counter_id_t {
    COUNTER_HANDSHAKES,
    COUNTER_ABANDONED,
    COUNTER_LOGINS,
    COUNTER_LOGINS_MIC,
    COUNTER_LOGINS_BINDING,
    COUNTER_LOGINS_SERVICE,
    COUNTER_LOGINS_KERBEROS,
    COUNTER_REFUSALS,
    COUNTER_ASKED,
    COUNTER_BASIC_UNASKED,
    COUNTER_COUNT
} counter_id_t;

/* Its names never change their meaning: monitoring reads them. */
typedef struct counter_t {
    const char *name;  /* Prometheus': "ntlm_logins_total" */
    const char *key;   /* mod_status' with ?auto: "NTLMLogins" */
    const char *title; /* of a column or a table of the page; NULL: it has none */
    const char *help;  /* a sentence without a full stop */
    counter_label_t label;
    bool (*counts)(const counters_outcome_t *outcome);
} counter_t;

const counter_t *counter_row(counter_id_t id);

/* The labels of a counter stand at places below this one. */
enum { COUNTER_PLACES = NTLM_STATUS_COUNT };

/* The label at that place, "" where it stands alone; NULL: there is no number at it. */
const char *counter_text(counter_id_t id, size_t place);
uint64_t counter_value(counter_id_t id, size_t place);

/* Makes them ready, in the parent, before children are there; until then they count for this
 * process alone. */
apr_status_t counters_open(apr_pool_t *pconf);

#endif
