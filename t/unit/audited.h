/* audited.h - lines of logs that a test makes, and a tally of them. */
#ifndef NTLM_TEST_AUDITED_H
#define NTLM_TEST_AUDITED_H

#include "../../lib/audit/audit_tally.h"

static audit_tally_t tally;

static int begin_tally(void **state)
{
    (void)state;
    tally = audit_tally();
    return 0;
}

static int end_tally(void **state)
{
    (void)state;
    audit_tally_forget(&tally);
    return 0;
}

/* A login by NTLM over TLS, which only NTLMExtendedProtection would refuse. */
static audit_line_t login_of(const char *user, const char *workstation)
{
    audit_line_t line = audit_line_empty(AUDIT_ERROR_LOG);
    line.client = bytes_of("10.0.0.1");
    line.fields[AUDIT_STATUS] = bytes_of("ok");
    line.fields[AUDIT_USER] = bytes_of(user);
    line.fields[AUDIT_DOMAIN] = bytes_of("CORP");
    line.fields[AUDIT_WORKSTATION] = bytes_of(workstation);
    line.fields[AUDIT_SCHEME] = bytes_of("NTLM");
    line.fields[AUDIT_TLS] = bytes_of("on");
    line.fields[AUDIT_MIC] = bytes_of("ok");
    line.fields[AUDIT_BINDING] = bytes_of("absent");
    line.fields[AUDIT_SERVICE] = bytes_of("ok");
    line.is_dated = true;
    line.at = 1795863600;
    return line;
}

static audit_line_t negotiate_of(const char *user, const char *mechs, const char *why)
{
    audit_line_t line = login_of(user, "WS1");
    line.fields[AUDIT_SCHEME] = bytes_of("Negotiate");
    line.fields[AUDIT_MECHS] = bytes_of(mechs);
    line.fields[AUDIT_WHY] = bytes_of(why);
    return line;
}

/* A password that came by Basic where nobody asked for it. */
static audit_line_t password_of(const char *user, const char *tls)
{
    audit_line_t line = audit_line_empty(AUDIT_JSON_LOG);
    line.client = bytes_of("10.0.0.2");
    line.agent = bytes_of("curl/8.20.0");
    line.fields[AUDIT_STATUS] = bytes_of("scheme-refused");
    line.fields[AUDIT_USER] = bytes_of(user);
    line.fields[AUDIT_SCHEME] = bytes_of("Basic");
    line.fields[AUDIT_TLS] = bytes_of(tls);
    line.is_kept = true;
    return line;
}

static void add(audit_line_t line)
{
    assert_true(audit_tally_counts(&line));
    assert_true(audit_tally_add(&tally, &line));
}

#endif
