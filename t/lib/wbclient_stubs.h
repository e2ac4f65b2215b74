/* wbclient_stubs.h - libwbclient without a winbindd, for unit tests: it says what a test wants. */
#ifndef NTLM_TEST_WBCLIENT_STUBS_H
#define NTLM_TEST_WBCLIENT_STUBS_H

#include <stdbool.h>
#include <stdint.h>

#include <wbclient.h>

/* What a test sets, and what it looks at afterwards. */
typedef struct wbclient_stubs_t {
    wbcErr ping, controller, details, verdict, sids, sid, name; /* what each question comes to */
    struct wbcAuthUserInfo info;                                /* of the account that is let in */
    struct wbcAuthErrorInfo refusal;                            /* with WBC_ERR_AUTH_ERROR */
    enum wbcSidType type;                                       /* of the name that is looked up */
    bool counts_domains;                                        /* as the manual has it */

    struct wbcAuthUserParams asked;
    uint8_t response[8]; /* of it, the first bytes */
    int logons, name_lists;
    char name_asked[600]; /* "DOMAIN|name" */
    char controller_of[64];
    int allocated;
    bool is_wiped; /* the session keys of what was freed */
} wbclient_stubs_t;

extern wbclient_stubs_t wbclient_stubs;

/* All well: alice, of the domain CORP, is let in. */
void wbclient_stubs_reset(void);

/* S-1-5-21-1-2-DOMAIN-RID. The domains 3 and 4 are CORP and OTHER; 666 is one that is gone. */
struct wbcDomainSid wbclient_sid(uint32_t domain, uint32_t rid);

/* Groups have the names "group RID"; these are none. */
enum { STUB_RID_OF_A_USER = 77, STUB_RID_OF_NOBODY = 78 };

#endif
