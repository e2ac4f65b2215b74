/* A line of httpd's error log, in several ErrorLogFormats, and what only looks like one. */
#include "unit.h"

#include "../../lib/audit/audit_error_log.h"

#define FIELDS                                                                                     \
    "user=alice domain=CORP workstation=WS1 scheme=NTLM mechs=- why=- tls=on mic=ok "              \
    "binding=absent service=ok source=file (0x00000000)"
#define MESSAGE "ntlm: ok: " FIELDS
#define HTTPD "[Sat Nov 28 12:00:00.123456 2026] [auth_ntlmv2:info] [pid 7:tid 9] "
#define CLIENT "[client 10.0.0.1:4711] "

static audit_line_t line;

static audit_kind_t read_line(const char *text)
{
    return audit_error_log_line(bytes_of(text), &line);
}

static void assert_field(audit_field_t field, const char *value)
{
    if (!audit_line_says(&line, field, value))
        fail_msg("%s=%.*s", audit_field_name(field), (int)line.fields[field].len,
                 (const char *)line.fields[field].data);
}

static void a_line_of_the_usual_format(void **state)
{
    (void)state;
    assert_int_equal(read_line(HTTPD CLIENT MESSAGE ", referer: http://x/"), AUDIT_OURS);
    assert_field(AUDIT_STATUS, "ok");
    assert_field(AUDIT_USER, "alice");
    assert_field(AUDIT_DOMAIN, "CORP");
    assert_field(AUDIT_WORKSTATION, "WS1");
    assert_field(AUDIT_SCHEME, "NTLM");
    assert_field(AUDIT_TLS, "on");
    assert_field(AUDIT_MIC, "ok");
    assert_field(AUDIT_BINDING, "absent");
    assert_field(AUDIT_SERVICE, "ok");
    assert_true(bytes_equal(line.client, bytes_of("10.0.0.1")));
    assert_true(line.is_dated && !line.is_kept);
    assert_int_equal(line.source, AUDIT_ERROR_LOG);
}

static void other_formats(void **state)
{
    (void)state;
    static const struct {
        const char *text, *client;
        bool dated;
    } rows[] = {
        {"10.0.0.1:4711 " MESSAGE, "10.0.0.1", false},
        {"[client ::1:4711] " MESSAGE, "::1", false},
        {"[client fe80::1%eth0:4711] " MESSAGE, "fe80::1%eth0", false},
        {"[client 2001:db8:0:0:0:0:0:7:4711] " MESSAGE, "2001:db8:0:0:0:0:0:7", false},
        {"[2026-11-28 12:00:00.5] [info] [10.0.0.1:1] " MESSAGE, "10.0.0.1", true},
        {"[info] [Sat Nov 28 12:00:00 2026] [client 10.0.0.1:1] " MESSAGE, "10.0.0.1", true},
        {"2026-11-28T12:00:00+01:00 web apache2[7]: [auth_ntlmv2:info] [pid 7] " CLIENT MESSAGE,
         "10.0.0.1", true},
        {"Nov 28 12:00:00 10.9.9.9 apache2[7]: " CLIENT MESSAGE, "10.0.0.1", false},
        {"web.example.com:443 " CLIENT MESSAGE, "10.0.0.1", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (read_line(rows[i].text) != AUDIT_OURS) fail_msg("not read: %s", rows[i].text);
        assert_true(bytes_equal(line.client, bytes_of(rows[i].client)));
        assert_int_equal(line.is_dated, rows[i].dated);
        if (!line.is_dated) assert_int_equal(line.at, 0);
    }
}

static void a_request_of_a_login_that_was_made_before(void **state)
{
    (void)state;
    assert_int_equal(read_line(HTTPD CLIENT MESSAGE ": the connection's login, referer: x"),
                     AUDIT_OURS);
    assert_true(line.is_kept);
    assert_int_equal(read_line(HTTPD CLIENT MESSAGE ", referer: : the connection's login"),
                     AUDIT_OURS);
    assert_false(line.is_kept);
}

static void values_in_quotes_and_fields_that_are_new(void **state)
{
    (void)state;
    assert_int_equal(read_line(CLIENT "ntlm: ok: user=\"a user=b\" domain=\"%22=\" workstation=- "
                                      "scheme=Negotiate mechs=ms-kerberos,ntlm why=alias tls=off "
                                      "mic=ok binding=zero service=untrusted new=\"x y\" "
                                      "source=ldap (0x00000000)"),
                     AUDIT_OURS);
    assert_field(AUDIT_USER, "\"a user=b\"");
    assert_field(AUDIT_DOMAIN, "\"%22=\"");
    assert_field(AUDIT_MECHS, "ms-kerberos,ntlm");
    assert_field(AUDIT_WHY, "alias");
    assert_field(AUDIT_SERVICE, "untrusted");
}

static void the_program_that_sent_a_password_unasked(void **state)
{
    (void)state;
    static const struct {
        const char *detail, *agent;
    } rows[] = {
        {": Basic came unasked: the password was sent in clear text, agent \"curl/8.20.0\"",
         "\"curl/8.20.0\""},
        {": Basic came unasked: the password was sent, agent \"a %22b\", referer: , agent \"x\"",
         "\"a %22b\""},
        {": Basic came unasked: the password was sent, agent \"is cut...", "-"},
        {": Basic came unasked: the password was sent", "-"},
        {": another detail, agent \"x\"", "-"},
        {", referer: : Basic came unasked: the password was sent, agent \"x\"", "-"},
        {"", "-"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[512];
        snprintf(text, sizeof text, "%s%s", CLIENT MESSAGE, rows[i].detail);
        assert_int_equal(read_line(text), AUDIT_OURS);
        if (!bytes_equal(line.agent, bytes_of(rows[i].agent)))
            fail_msg("%s: %.*s", text, (int)line.agent.len, (const char *)line.agent.data);
    }
}

/* Other modules log paths, headers and what programs say. */
static void text_of_clients_in_lines_of_others_is_no_line(void **state)
{
    (void)state;
    static const char *const others[] = {
        "",
        "ntlm: ",
        MESSAGE,
        "[client x] " MESSAGE,
        "[client 10.0.0.1] " MESSAGE,
        "[client 10.0.0.1:] " MESSAGE,
        "[client 10.0.0.1:4711] AH00128: File does not exist: /" MESSAGE,
        CLIENT "AH00128: File does not exist: /x/[client 6.6.6.6:1] " MESSAGE,
        "[core:error] [pid 7] " CLIENT
        "AH00128: File does not exist: /x/[client 6.6.6.6:1] " MESSAGE,
        "[php:notice] [pid 7] " CLIENT MESSAGE,
        "[lua:trace3] " CLIENT MESSAGE,
        CLIENT "a warning, referer: http://6.6.6.6:1 " MESSAGE,
        CLIENT "ntlm: OK: " FIELDS,
        CLIENT "ntlm: ok " FIELDS,
        CLIENT "ntlm: a sentence",
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (read_line(others[i]) != AUDIT_OTHERS) fail_msg("taken: %s", others[i]);
}

static void what_is_cut_off_or_has_not_all_fields_is_garbled(void **state)
{
    (void)state;
    static const char whole[] = CLIENT MESSAGE;
    size_t from = strlen(CLIENT "ntlm: ok: user="), to = strlen(whole) - strlen("0x00000000)");
    for (size_t len = from; len < to; len++) {
        uint8_t *cut = malloc(len);
        memcpy(cut, whole, len);
        audit_kind_t kind = audit_error_log_line((bytes_t){cut, len}, &line);
        free(cut);
        if (kind != AUDIT_GARBLED) fail_msg("%zu bytes of it: %d", len, kind);
    }
    assert_int_equal(read_line(CLIENT "ntlm: ok: user=alice domain=CORP (0x00000000)"),
                     AUDIT_GARBLED);
    assert_int_equal(read_line(CLIENT "ntlm: ok: user=alice user=bob (0x00000000)"), AUDIT_GARBLED);
    assert_int_equal(read_line(CLIENT "ntlm: ok: user=\"alice domain=CORP"), AUDIT_GARBLED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_of_the_usual_format),
        cmocka_unit_test(other_formats),
        cmocka_unit_test(a_request_of_a_login_that_was_made_before),
        cmocka_unit_test(values_in_quotes_and_fields_that_are_new),
        cmocka_unit_test(the_program_that_sent_a_password_unasked),
        cmocka_unit_test(text_of_clients_in_lines_of_others_is_no_line),
        cmocka_unit_test(what_is_cut_off_or_has_not_all_fields_is_garbled),
    };
    return RUN_GROUP(tests);
}
