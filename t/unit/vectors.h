/* vectors.h - the exchanges of t/vectors, recorded and hand-made. Its README says what the members
 * are. */
#ifndef NTLM_UNIT_VECTORS_H
#define NTLM_UNIT_VECTORS_H

#include "unit.h"

enum { TOKENS_MAX = 8 };

typedef struct vector_t {
    const char *id, *password, *nt_hash, *challenge, *type1, *type2, *type3;
    bool require_mic;
    const char *cb, *cb_appdata;
    const char *verdict, *reason, *user, *domain, *workstation, *domain_form;
    const char *ntowfv2, *nt_proof, *session_base_key, *exported_session_key, *mic, *cb_result;
    size_t mic_offset;
    const char *spnego[TOKENS_MAX]; /* the tokens around the messages, or NULLs */
} vector_t;

static const vector_t vectors[] = {
#include "vectors.inc"
};
enum { VECTORS = sizeof vectors / sizeof vectors[0] };

#endif
