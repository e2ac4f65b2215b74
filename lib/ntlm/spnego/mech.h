/* mech.h - the mechanisms of SPNEGO that are told apart: one table of their OIDs and their words.
 */
#ifndef NTLM_MECH_H
#define NTLM_MECH_H

#include "../wire.h"

typedef enum spnego_mech_t {
    SPNEGO_KERBEROS,
    SPNEGO_MS_KERBEROS, /* the same under Microsoft's mistyped OID */
    SPNEGO_IAKERB,
    SPNEGO_NEGOEX,
    SPNEGO_NTLM,
    SPNEGO_OTHER,
    SPNEGO_RAW, /* NTLM without SPNEGO around it; no OID */
    SPNEGO_MECH_COUNT
} spnego_mech_t;

/* oid: the content of an OBJECT IDENTIFIER. SPNEGO_OTHER if the table does not have it. */
spnego_mech_t spnego_mech_of(bytes_t oid);

/* SPNEGO_OTHER and SPNEGO_RAW have none: empty. */
bytes_t spnego_mech_oid(spnego_mech_t mech);

/* For logs and expressions, stable: "kerberos", "ms-kerberos", "iakerb", "negoex", "ntlm", "other",
 * "raw". */
const char *spnego_mech_word(spnego_mech_t mech);

/* For people: "Kerberos", "NTLMSSP", "another mechanism", ... */
const char *spnego_mech_name(spnego_mech_t mech);

#endif
