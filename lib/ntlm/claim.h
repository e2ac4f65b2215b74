/* claim.h - what a Type 3 claims, and what was found out about it.
 */
#ifndef NTLM_CLAIM_H
#define NTLM_CLAIM_H

#include "message.h"
#include "name.h"
#include "status.h"
#include "unicode.h"

/* "unchecked" is what the message says of itself before it is proven. */
typedef enum ntlm_mic_t {
    NTLM_MIC_UNSEEN, /* the message has no NTLMv2 response */
    NTLM_MIC_ABSENT,
    NTLM_MIC_UNCHECKED,
    NTLM_MIC_OK,
    NTLM_MIC_WRONG
} ntlm_mic_t;

typedef enum ntlm_binding_t {
    NTLM_BINDING_UNSEEN, /* the message has no NTLMv2 response */
    NTLM_BINDING_ABSENT,
    NTLM_BINDING_ZERO,      /* 16 zero bytes: the client knows of no channel */
    NTLM_BINDING_UNCHECKED, /* not proven yet, or nothing to compare it with */
    NTLM_BINDING_OK,
    NTLM_BINDING_WRONG
} ntlm_binding_t;

typedef enum ntlm_service_t {
    NTLM_SERVICE_UNSEEN, /* the message has no NTLMv2 response */
    NTLM_SERVICE_ABSENT,
    NTLM_SERVICE_UNCHECKED, /* not proven yet, or nothing to compare it with */
    NTLM_SERVICE_UNTRUSTED, /* ours, but the client does not trust where it has the name from */
    NTLM_SERVICE_OK,
    NTLM_SERVICE_WRONG
} ntlm_service_t;

/* Their words for logs: "absent", "ok", ...; NULL for UNSEEN. */
const char *ntlm_mic_word(ntlm_mic_t mic);
const char *ntlm_binding_word(ntlm_binding_t binding);
const char *ntlm_service_word(ntlm_service_t service);

typedef enum ntlm_domain_form_t {
    NTLM_DOMAIN_AS_SENT,
    NTLM_DOMAIN_UPPER,
    NTLM_DOMAIN_EMPTY,
    NTLM_DOMAIN_FORM_COUNT
} ntlm_domain_form_t;

/* How a proof was hashed: "as-sent", "upper", "empty"; "windows7", "nt4", "ascii". */
const char *ntlm_domain_form_word(ntlm_domain_form_t form);
const char *ntlm_upper_rule_word(unicode_rule_t rule);

/* What a Type 3 claims, and what was found out about it. As long as the request that carries it. */
typedef struct ntlm_claim_t {
    const char *detail;               /* NULL, or (static text) what exactly was wrong */
    const struct ntlm_check_t *check; /* the last one that ran (checks.h); NULL: none did */
    /* found */
    ntlm_mic_t mic;
    size_t mic_offset;
    ntlm_binding_t binding;
    ntlm_service_t service;
    ntlm_domain_form_t domain_form; /* how the client hashed its domain */
    unicode_rule_t upper_rule;      /* and upper-cased its user */
    /* of a challenge that is gone when somebody asks */
    int64_t age;                 /* in microseconds */
    uint64_t timestamp;          /* its MsvAvTimestamp */
    size_t type1_len, type2_len; /* what the MIC covers */
    av_difference_t differs;     /* what of ours did not come back */
    /* the checks' own */
    bool unicode;   /* the strings of the Type 3 are UTF-16LE, not OEM */
    uint32_t flags; /* negotiated: those of the CHALLENGE that the Type 3 has, too */
    type3_t type3;
    ntlmv2_response_t response;
    bytes_t user_utf16, domain_utf16;  /* the strings that the client hashed */
    const char *bad_user, *bad_domain; /* why they are none that may log in, or NULL */
    uint8_t ntowfv2[NTLM_KEY_LEN];
    uint8_t session_base_key[NTLM_KEY_LEN];
    uint8_t exported_session_key[NTLM_KEY_LEN]; /* valid after NTLM_OK only */
    /* claimed: shown in logs, proven only when ntlm_prove() says NTLM_OK */
    char user[3 * NTLM_USER_MAX + 1];
    char domain[3 * NTLM_DOMAIN_MAX + 1];
    char workstation[3 * NTLM_DOMAIN_MAX + 1];
    uint8_t oem[2 * (NTLM_USER_MAX + NTLM_DOMAIN_MAX)]; /* what was hashed, zero-extended */
} ntlm_claim_t;

/* Makes a claim of any memory that claims nothing yet. */
void claim_clear(ntlm_claim_t *claim);

/* Parses the Type 3 and fills the claim's names as far as they can be read;
 * flags are those of the CHALLENGE, whose string encoding the client follows.
 * Gives NTLM_OK, or NTLM_MALFORMED with the claim's detail. */
ntlm_status_t claim_open(ntlm_claim_t *claim, bytes_t type3, uint32_t flags);

/* Whether all names look like ASCII where they are to be UTF-16LE, as those of NTLMv1's clients. */
bool claim_is_ascii(const ntlm_claim_t *claim);

/* If so, shows what they read as; for a claim that is refused. */
void claim_show_ascii(ntlm_claim_t *claim);

/* NULL when user and domain are fit for r->user, logs and look-ups, else (static
 * text) why not. What is shown stays as claim_open() has left it. */
const char *claim_names(const ntlm_claim_t *claim);

/* Upper(User) || Domain, in one of the ways in which clients compute it. */
typedef struct ntlm_candidate_t {
    ntlm_domain_form_t form;
    unicode_rule_t rule;
    size_t user_len, len; /* in bytes: the user's part, and all of it */
    uint8_t bytes[2 * (NTLM_USER_MAX + NTLM_DOMAIN_MAX)];
} ntlm_candidate_t;

enum { NTLM_CANDIDATES_MAX = (int)NTLM_DOMAIN_FORM_COUNT * UNICODE_RULE_COUNT };

/* Composes tried[count], in the order in which the proof tries them: the next one that differs
 * from all before it. False when there are no more. */
bool claim_candidate(const ntlm_claim_t *claim, ntlm_candidate_t tried[NTLM_CANDIDATES_MAX],
                     size_t count);

#endif
