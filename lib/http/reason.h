/* reason.h - what a client could have done, and why it came by NTLM, for logs and expressions.
 *
 * These are the client's own words, and its Host header's, unproven unless the client signed
 * them (mechListMIC): to be counted, never to be believed.
 */
#ifndef NTLM_HTTP_REASON_H
#define NTLM_HTTP_REASON_H

#include <apr_pools.h>

#include "../ntlm/claim.h"
#include "../ntlm/spnego/spnego.h"

typedef enum reason_t {
    REASON_UNKNOWN,
    REASON_RAW,            /* it has no SPNEGO */
    REASON_KERBEROS_FIRST, /* it has a ticket, and we have no Kerberos */
    REASON_IP_ADDRESS,     /* the host that it asked for is an address: no ticket is for one */
    REASON_ALIAS,          /* ... is not ServerName: perhaps no ticket is for that one */
    REASON_NO_SPN,         /* its response names no service */
    REASON_UNVERIFIED_SPN, /* ... or one that it has from somebody else (MsvAvFlags) */
    REASON_KERBEROS_NOT_OFFERED, /* it has SPNEGO, and no Kerberos */
    REASON_COUNT
} reason_t;

/* Their words: "raw", "kerberos-first", ...; NULL of REASON_UNKNOWN. */
const char *reason_word(reason_t reason);

/* host: what the client asked for, or NULL; name: ServerName, or NULL. claim: as far as it is
 * known. The first of the list above that holds. */
reason_t reason_of(const spnego_t *negotiation, const char *host, const char *name,
                   const ntlm_claim_t *claim);

/* Whether it listed Kerberos, by either of its OIDs. */
bool reason_lists_kerberos(const spnego_t *negotiation);

/* What it listed, by the words of spnego_mech_word() with commas between them; NULL: nothing. */
const char *reason_mechs(apr_pool_t *pool, const spnego_t *negotiation);

#endif
