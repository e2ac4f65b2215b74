/* creds_verdict.h - a login that somebody else decides about, and what he says: a domain
 * controller.
 *
 * A backend passes both on as they are. What becomes of a verdict, and whether a login is put to it
 * at all, is the same for all such backends: creds/verify/verify.h.
 */
#ifndef NTLM_CREDS_VERDICT_H
#define NTLM_CREDS_VERDICT_H

#include <stdbool.h>

#include <apr_pools.h>
#include <apr_time.h>

#include "../ntlm/flags.h"
#include "../ntlm/status.h"
#include "../ntlm/wire.h"

/* A login as its client has computed it. There is no LM response here, and none is ever handed on:
 * a controller accepts a right LMv2 beside any NT response, and then nobody has proven what the NT
 * response signs (CVE-2019-1338). */
typedef struct creds_logon_t {
    const char *user, *domain; /* UTF-8, exactly as the client hashed them */
    const char *workstation;   /* as it says; "" if it does not */
    const uint8_t *challenge;  /* the NTLM_CHALLENGE_LEN bytes that we sent */
    bytes_t nt_response;       /* NTLMv2 */
    bool computers;            /* accounts of computers may log in (ParameterControl) */

    /* What its backend does not see. */
    ntlm_status_t unfit;     /* NTLM_OK, or what is wrong with it whatever its password is */
    apr_time_t challenged;   /* when the challenge was made, in ticks (system/clock.h) */
    bytes_t address;         /* of the client; the bytes of an IPv4 or IPv6 address */
    const uint8_t *remember; /* NULL, or a number of CREDS_REMEMBER_LEN bytes that nobody can guess,
                                made of its names and its password, if the client has sent that
                                (Basic): the verdict may be remembered under it */
} creds_logon_t;

enum { CREDS_REMEMBER_LEN = 16 };

/* A group of an account, with its attributes (SE_GROUP_*, MS-PAC 2.2.1). */
typedef struct creds_group_t {
    const char *sid;  /* "S-1-5-21-..."; NULL: of this source groups have none */
    const char *name; /* "DOMAIN\name"; NULL: nobody knows */
    uint32_t attributes;
} creds_group_t;

enum { CREDS_GROUP_ENABLED = 0x4, CREDS_GROUP_DENY_ONLY = 0x10 };

/* Comes as zeros; its texts live as long as the pool of the question. */
typedef struct creds_verdict_t {
    uint32_t nt_status; /* 0: he lets it in; else why not (MS-ERREF 2.3.1) */
    bool is_silent; /* he was not reached, or did not answer: no verdict. nt_status may say why */
    bool is_not_final; /* not authoritative: another may know the account */
    const char *why;   /* NULL, or a sentence for the log: why he is silent, what is wrong */

    /* When he lets it in (NETLOGON_VALIDATION_SAM_INFO4, MS-NRPC 2.2.1.4.13): */
    uint8_t session_base_key[NTLM_KEY_LEN];
    const char *name, *domain; /* of the account: "alice", its NetBIOS domain */
    uint32_t user_flags;       /* UserFlags */
    uint32_t user_id;          /* UserId: its RID */
    uint32_t account_control;  /* UserAccountControl (USER_*, MS-SAMR 2.2.1.12) */
    apr_time_t kick_off;       /* KickOffTime, on the wall clock; 0: never */
    const creds_group_t *groups;
    size_t group_count;
    bool groups_cut; /* there are others */
} creds_verdict_t;

/* What he calls himself: names that a challenge has to say, or every login of it fails. */
typedef struct creds_names_t {
    const char *computer; /* NetBIOS: the account by which he knows this server; NULL: any */
    const char *domain;   /* NetBIOS */
    const char *dns;      /* of the domain; "" if it has none */
} creds_names_t;

#endif
