/* httpd_stubs.h - what lib/config asks of httpd, for unit tests without one. */
#ifndef NTLM_TEST_HTTPD_STUBS_H
#define NTLM_TEST_HTTPD_STUBS_H

#include <stdbool.h>

#include <httpd.h>

/* What a test sets, and what it looks at afterwards. */
typedef struct httpd_stubs_t {
    const char *root;      /* ServerRoot */
    const char *misplaced; /* what ap_check_cmd_context() says */
    unsigned forbidden;    /* what it was asked about last */
    bool store_needed;     /* throttle_store_need() */
    const char *store;     /* throttle_store_choose() */
    int state;             /* ap_state_query(): AP_SQ_MS_... */
    int threads;           /* of a child, as ap_mpm_query() tells */
    const char *defined;   /* what -D has defined */
    const char *loaded;    /* the module that is loaded beside this one */
    char logged[1024];     /* the last line of the error log */
} httpd_stubs_t;

extern httpd_stubs_t httpd_stubs;

/* As when the program began: no provider is registered. */
void httpd_stubs_reset(void);

#endif
