/* decider.h - a backend that decides as a test says, in the threads of helpers. */
#ifndef NTLM_UNIT_DECIDER_H
#define NTLM_UNIT_DECIDER_H

#include "folder.h"

#include "../../lib/creds/creds.h"

typedef struct fake_t {
    creds_verdict_t says;
    const char *computer, *domain, *dns, *no_names;
    const char *upn, *no_account; /* Alice's other name; why nobody says */
    bool volatile blocks;         /* it answers when this is over */
    int volatile asked, asked_names, begun, ended;
    char user[64], named[64]; /* of the last login */
} fake_t;

static fake_t fake;

static void wait_for_test(void)
{
    while (fake.blocks) apr_sleep(1000);
}

static void *begin_fake(void *opened)
{
    fake_t *own = opened;
    __atomic_add_fetch(&own->begun, 1, __ATOMIC_SEQ_CST);
    return own;
}

static void end_fake(void *opened, void *own)
{
    (void)own;
    __atomic_add_fetch(&((fake_t *)opened)->ended, 1, __ATOMIC_SEQ_CST);
}

static void verify_fake(void *opened, void *own, apr_pool_t *p, const creds_logon_t *logon,
                        creds_verdict_t *verdict)
{
    fake_t *one = opened;
    assert_ptr_equal(own, opened);
    wait_for_test();
    apr_cpystrn(one->user, logon->user, sizeof one->user);
    apr_cpystrn(one->named, logon->domain, sizeof one->named);
    *verdict = one->says;
    if (verdict->name) verdict->name = apr_pstrdup(p, verdict->name);
    __atomic_add_fetch(&one->asked, 1, __ATOMIC_SEQ_CST);
}

static const char *names_fake(void *opened, void *own, apr_pool_t *p, creds_names_t *names)
{
    fake_t *one = opened;
    (void)own;
    wait_for_test();
    one->asked_names++;
    if (one->no_names) return apr_pstrdup(p, one->no_names);
    *names = (creds_names_t){one->computer, one->domain, one->dns};
    return NULL;
}

static const char *account_fake(void *opened, void *own, apr_pool_t *p, const char *user,
                                const char **name)
{
    const fake_t *one = opened;
    (void)own;
    wait_for_test();
    *name = one->upn && strcmp(user, one->upn) == 0 ? apr_pstrdup(p, "Alice") : "";
    return one->no_account;
}

static const char *open_fake(apr_pool_t *p, struct server_rec *server, const char *word,
                             const apr_table_t *given, void **opened)
{
    (void)p, (void)server, (void)word, (void)given;
    *opened = &fake;
    return NULL;
}

static const creds_backend_t fake_backend = {
    .name = "fake",
    .open = open_fake,
    .verify = verify_fake,
    .begin = begin_fake,
    .end = end_fake,
    .names = names_fake,
    .account = account_fake,
};

static const uint8_t some_challenge[NTLM_CHALLENGE_LEN] = {1, 2, 3, 4, 5, 6, 7, 8};

static creds_logon_t logon_of(const char *user, const char *domain)
{
    return (creds_logon_t){.user = user,
                           .domain = domain,
                           .workstation = "WS1",
                           .challenge = some_challenge,
                           .nt_response = {some_challenge, sizeof some_challenge},
                           .challenged = APR_INT64_MAX,
                           .address = {some_challenge, 4}};
}

#endif
