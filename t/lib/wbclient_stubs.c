#include "wbclient_stubs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

wbclient_stubs_t wbclient_stubs;

static char corp[] = "CORP", other[] = "OTHER", alice[] = "alice";
static char computer[] = "WEBSRV", dns[] = "corp.example";

struct wbcDomainSid wbclient_sid(uint32_t domain, uint32_t rid)
{
    return (struct wbcDomainSid){
        .sid_rev_num = 1,
        .num_auths = 5,
        .id_auth = {0, 0, 0, 0, 0, 5},
        .sub_auths = {21, 1, 2, domain, rid},
    };
}

void wbclient_stubs_reset(void)
{
    static struct wbcSidWithAttr sids[2];
    sids[0].sid = wbclient_sid(3, 1103);
    sids[1].sid = wbclient_sid(3, 513);
    wbclient_stubs = (wbclient_stubs_t){
        .info = {.account_name = alice, .domain_name = corp, .num_sids = 2, .sids = sids},
        .refusal = {.authoritative = 1},
        .type = WBC_SID_NAME_DOM_GRP,
        .counts_domains = true,
    };
}

/* ---- memory: that of the answer's own structures; what they point to is not theirs ---- */

static struct wbcAuthUserInfo *let_in;

static void *copy_of(const void *what, size_t size)
{
    void *copy = malloc(size);
    if (!copy) abort();
    wbclient_stubs.allocated++;
    return memcpy(copy, what, size);
}

void wbcFreeMemory(void *memory)
{
    static const uint8_t zero[24];
    if (!memory) return;
    if (memory == let_in)
        wbclient_stubs.is_wiped = memcmp(let_in->user_session_key, zero, 16) == 0 &&
                                  memcmp(let_in->lm_session_key, zero, 8) == 0;
    wbclient_stubs.allocated--;
    free(memory);
}

/* ---- questions ---- */

wbcErr wbcCtxPing(struct wbcContext *context)
{
    (void)context;
    return wbclient_stubs.ping;
}

wbcErr wbcCtxPingDc(struct wbcContext *context, const char *domain, struct wbcAuthErrorInfo **error)
{
    (void)context;
    (void)error;
    snprintf(wbclient_stubs.controller_of, sizeof wbclient_stubs.controller_of, "%s", domain);
    return wbclient_stubs.controller;
}

wbcErr wbcCtxInterfaceDetails(struct wbcContext *context, struct wbcInterfaceDetails **details)
{
    (void)context;
    const struct wbcInterfaceDetails all = {
        .netbios_name = computer, .netbios_domain = corp, .dns_domain = dns};
    if (wbclient_stubs.details == WBC_ERR_SUCCESS) *details = copy_of(&all, sizeof all);
    return wbclient_stubs.details;
}

wbcErr wbcCtxAuthenticateUserEx(struct wbcContext *context, const struct wbcAuthUserParams *params,
                                struct wbcAuthUserInfo **info, struct wbcAuthErrorInfo **error)
{
    const uint32_t len = params->password.response.nt_length;
    (void)context;
    wbclient_stubs.asked = *params;
    memcpy(wbclient_stubs.response, params->password.response.nt_data,
           len < sizeof wbclient_stubs.response ? len : sizeof wbclient_stubs.response);
    wbclient_stubs.logons++;
    if (wbclient_stubs.verdict == WBC_ERR_SUCCESS)
        *info = let_in = copy_of(&wbclient_stubs.info, sizeof **info);
    if (wbclient_stubs.verdict == WBC_ERR_AUTH_ERROR)
        *error = copy_of(&wbclient_stubs.refusal, sizeof **error);
    return wbclient_stubs.verdict;
}

static struct wbcTranslatedName name_of(const struct wbcDomainSid *sid)
{
    static char names[64][32];
    static size_t next;
    char *name = names[next++ % 64];
    const uint32_t rid = sid->sub_auths[4];
    snprintf(name, sizeof *names, "group %u", (unsigned)rid);
    return (struct wbcTranslatedName){
        .type = rid == STUB_RID_OF_A_USER   ? WBC_SID_NAME_USER
                : rid == STUB_RID_OF_NOBODY ? WBC_SID_NAME_UNKNOWN
                                            : WBC_SID_NAME_DOM_GRP,
        .name = name,
        .domain_index = rid == STUB_RID_OF_NOBODY ? -1 : (int)sid->sub_auths[3] - 3,
    };
}

wbcErr wbcCtxLookupSids(struct wbcContext *context, const struct wbcDomainSid *sids, int num_sids,
                        struct wbcDomainInfo **domains, int *num_domains,
                        struct wbcTranslatedName **names)
{
    const struct wbcDomainInfo known[] = {{.short_name = corp}, {.short_name = other}};
    struct wbcTranslatedName all[64];
    (void)context;
    wbclient_stubs.name_lists++;
    if (wbclient_stubs.sids != WBC_ERR_SUCCESS) return wbclient_stubs.sids;
    for (int i = 0; i < num_sids; i++) {
        if (sids[i].sub_auths[3] == 666) return WBC_ERR_INVALID_RESPONSE;
        all[i] = name_of(&sids[i]);
    }
    *domains = copy_of(known, sizeof known);
    *names = copy_of(all, (size_t)num_sids * sizeof *all);
    if (wbclient_stubs.counts_domains) *num_domains = 2;
    return WBC_ERR_SUCCESS;
}

static char *text_copy(const char *text)
{
    return copy_of(text, strlen(text) + 1);
}

wbcErr wbcCtxLookupSid(struct wbcContext *context, const struct wbcDomainSid *sid, char **domain,
                       char **name, enum wbcSidType *type)
{
    (void)context;
    (void)sid;
    if (wbclient_stubs.sid != WBC_ERR_SUCCESS) return wbclient_stubs.sid;
    *domain = text_copy(corp);
    *name = text_copy(alice);
    *type = wbclient_stubs.type;
    return WBC_ERR_SUCCESS;
}

wbcErr wbcCtxLookupName(struct wbcContext *context, const char *domain, const char *name,
                        struct wbcDomainSid *sid, enum wbcSidType *type)
{
    (void)context;
    snprintf(wbclient_stubs.name_asked, sizeof wbclient_stubs.name_asked, "%s|%s", domain, name);
    if (wbclient_stubs.name != WBC_ERR_SUCCESS) return wbclient_stubs.name;
    *sid = wbclient_sid(3, 1112);
    *type = wbclient_stubs.type;
    return WBC_ERR_SUCCESS;
}
