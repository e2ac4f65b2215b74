/* unwrap.h - the NTLM message inside a Negotiate token: SPNEGO (RFC 4178).
 *
 * It reads tokens by the rules by which the server does (lib/ntlm/spnego/neg_token.h); those that
 * servers send, too. It does not search for a signature.
 */
#ifndef NTLM_UNWRAP_H
#define NTLM_UNWRAP_H

#include "../ntlm/wire.h"

typedef struct unwrapped_t {
    bytes_t message;      /* the NTLM message, borrowed; empty if there is none */
    const char *wrapping; /* NULL: none; "NegTokenInit" or "NegTokenResp" */
    const char *mech;     /* NULL, or the first mechanism that it names: "NTLMSSP", ... */
    const char *why;      /* NULL, or (static text) why there is no NTLM message */
} unwrapped_t;

unwrapped_t unwrap(bytes_t token);

#endif
