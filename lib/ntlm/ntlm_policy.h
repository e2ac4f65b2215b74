/* ntlm_policy.h - what the administrator wants of logins.
 */
#ifndef NTLM_POLICY_H
#define NTLM_POLICY_H

#include "flags.h"
#include "wire.h"

/* off: whatever is sent; allow: must fit if the client sends it; require: must be there too. */
typedef enum ntlm_demand_t { NTLM_OFF, NTLM_ALLOW, NTLM_REQUIRE } ntlm_demand_t;

/* Everything is borrowed and read-only. */
typedef struct ntlm_policy_t {
    bytes_t nb_computer, nb_domain;    /* target information for the CHALLENGE, UTF-16LE */
    bytes_t dns_computer, dns_domain;  /* likewise; an empty one is left out */
    bool domain_joined;                /* TargetName is the domain, not the computer */
    int64_t challenge_lifetime;        /* microseconds a challenge waits for its Type 3 */
    const char *const *accept_domains; /* UTF-8, NULL at the end; NULL itself: any */
    bool require_mic;
    ntlm_demand_t binding;                       /* Extended Protection: MsvAvChannelBindings */
    const uint8_t (*bindings)[NTLM_BINDING_LEN]; /* the values that are ours */
    size_t bindings_count;                       /* 0: our certificate is not known */
    ntlm_demand_t service;                       /* MsvAvTargetName: HTTP/HOST or HOST/HOST */
    const char *const *service_hosts;            /* the hosts that are ours; as accept_domains */
} ntlm_policy_t;

#endif
