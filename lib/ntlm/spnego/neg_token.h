/* neg_token.h - the tokens of SPNEGO as RFC 4178 4.2 lays them out, taken apart and written.
 *
 * Everything that is read borrows the token's bytes.
 */
#ifndef NTLM_NEG_TOKEN_H
#define NTLM_NEG_TOKEN_H

#include "mech.h"

/* RFC 4178 has no limit. Clients list one to six mechanisms. */
enum { SPNEGO_MECHS_MAX = 32 };

typedef enum neg_token_kind_t {
    NEG_TOKEN_NONE,    /* nothing of SPNEGO */
    NEG_TOKEN_OF_MECH, /* the token of a mechanism by itself (RFC 2743 3.1), as Kerberos has them */
    NEG_TOKEN_INIT,    /* NegTokenInit */
    NEG_TOKEN_RESP     /* NegTokenResp */
} neg_token_kind_t;

typedef enum neg_state_t {
    NEG_ACCEPT_COMPLETED,
    NEG_ACCEPT_INCOMPLETE,
    NEG_REJECT,
    NEG_REQUEST_MIC,
    NEG_STATE_ABSENT
} neg_state_t;

typedef struct neg_token_t {
    neg_token_kind_t kind;
    size_t mech_count; /* NegTokenInit: one at least; NegTokenResp: its supportedMech, or none */
    spnego_mech_t mechs[SPNEGO_MECHS_MAX];
    bytes_t mech_types; /* NegTokenInit: the MechTypeList, its tag included */
    bytes_t token;      /* mechToken or responseToken; empty: none */
    bytes_t mic;        /* mechListMIC; empty: none */
    neg_state_t state;  /* NegTokenResp: negState */
    bool has_hints; /* NegTokenInit: it has negHints, as a server's NegTokenInit2 (MS-SPNG 2.2.1) */
} neg_token_t;

/* NULL, or (static text) what breaks the rules; parsed then holds what came before. */
const char *neg_token_parse(bytes_t token, neg_token_t *parsed);

/* What a NegTokenResp of an acceptor may say. */
typedef struct neg_resp_t {
    neg_state_t state;
    bool names_ntlm; /* supportedMech is NTLM, else absent */
    bytes_t token;   /* responseToken; empty: absent */
    bytes_t mic;     /* mechListMIC; empty: absent */
} neg_resp_t;

void neg_token_write_resp(writer_t *out, const neg_resp_t *resp);

#endif
