/* spnego.h - the acceptor's side of SPNEGO (RFC 4178) around NTLM: a state machine.
 *
 *   stage \ arrives | "NTLMSSP"  | NegTokenInit | NegTokenResp                           | else
 *   NONE            | anew: RAW  | anew: OPEN   | a Type 3 in it: for the acceptor to    | refuse
 *                   |            |              | refuse; else refuse                    |
 *   RAW             | continues  | anew: OPEN   | as NONE, -> NONE                       | -> NONE
 *   OPEN            | anew: RAW  | anew: OPEN   | continues                              | -> NONE
 *
 * It takes messages of NTLM out of tokens and wraps the answers; what is in them is for the
 * acceptor (acceptor.h), which knows nothing of SPNEGO. Who joins the two keeps to this:
 * - A token that does not continue, refused or not, ends whatever was there, a login as well:
 *   ntlm_forget() before the acceptor sees its message.
 * - A token that does not come through here (the scheme NTLM has such) ends the negotiation and
 *   the handshake in it: else its proof would go round the mechListMIC.
 * - A proof counts when spnego_check_mic() is passed, too.
 */
#ifndef NTLM_SPNEGO_H
#define NTLM_SPNEGO_H

#include "../status.h"
#include "mac.h"
#include "mech.h"
#include "neg_token.h"

/* The list is kept until the login is done: a longer one is refused. Usual ones have 14 to 60
 * bytes. SPNEGO_REPLY_OVERHEAD: what a reply has beside the Type 2 in it. */
enum { SPNEGO_MECH_TYPES_MAX = 512, SPNEGO_REPLY_OVERHEAD = 35 };

typedef enum spnego_stage_t {
    SPNEGO_STAGE_NONE,
    SPNEGO_STAGE_RAW, /* NTLM without SPNEGO around it */
    SPNEGO_STAGE_OPEN /* a NegTokenInit was read */
} spnego_stage_t;

/* A negotiation between its tokens; all zeros: none. It borrows nothing. */
typedef struct spnego_t {
    spnego_stage_t stage;
    bool mic_required;                /* NTLM was not the first: the mechListMIC is demanded */
    bool chosen;                      /* the client was told that it is NTLM */
    bool first_has_token;             /* the first of mechs came with its optimistic token */
    uint8_t mechs[SPNEGO_MECH_COUNT]; /* spnego_mech_t: what the client can do, by its own words, in
                                         its order, each once */
    size_t mech_count;
    size_t mech_types_len;
    uint8_t mech_types[SPNEGO_MECH_TYPES_MAX]; /* what the mechListMIC covers */
} spnego_t;

/* One token, taken apart: borrowed from it. */
typedef struct spnego_token_t {
    bytes_t ntlm;       /* for the acceptor; empty unless NTLM_OK */
    bytes_t mic;        /* mechListMIC; empty: none */
    bool continues;     /* it belongs to the negotiation that was there before */
    const char *detail; /* NULL, or (static text) what exactly was wrong */
} spnego_token_t;

/* Takes a token, base64 decoded.
 * NTLM_OK: read->ntlm is for the acceptor.
 * NTLM_SPNEGO_CONTINUES: NTLM is chosen, its Type 1 is awaited: spnego_write_choice().
 * NTLM_SPNEGO_NO_NTLM: spnego_write_reject(). What the client listed stays in mechs, to be shown.
 * NTLM_SPNEGO_MALFORMED: read->detail says why; there is no reply.
 * After the last two the stage is NONE. */
ntlm_status_t spnego_accept(spnego_t *negotiation, bytes_t token, spnego_token_t *read);

/* ---- replies ---- */
void spnego_write_choice(writer_t *out, spnego_t *negotiation);
void spnego_write_reject(writer_t *out);

/* The Type 2, bare if the client's token was. */
void spnego_write_challenge(writer_t *out, spnego_t *negotiation, bytes_t type2);

/* After a login. mic: our mechListMIC, or NULL if the client sent none. Nothing for a bare token.
 */
void spnego_write_completed(writer_t *out, const spnego_t *negotiation,
                            const uint8_t mic[NTLM_MAC_LEN]);

/* ---- the mechListMIC, RFC 4178 5 ---- */

/* What it is a message_mac() of. */
bytes_t spnego_mech_types(const spnego_t *negotiation);

/* expected: the client's message_mac(). NTLM_OK, NTLM_SPNEGO_MIC_REQUIRED or NTLM_SPNEGO_BAD_MIC.
 */
ntlm_status_t spnego_check_mic(const spnego_t *negotiation, const spnego_token_t *read,
                               const uint8_t expected[NTLM_MAC_LEN]);

#endif
