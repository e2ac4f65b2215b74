#include "testbench_site.h"

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/ntlm/name.h"
#include "../lib/ntlm/unicode.h"

const testbench_port_row_t testbench_ports[PORTS] = {
    [PORT_HTTP] = {.kind = "http", .scheme = "http", .usual = 8080},
    [PORT_HTTPS] = {.kind = "https", .scheme = "https", .certificate = "sha256", .usual = 8443},
    [PORT_PROXY] = {.kind = "proxy", .scheme = "http", .usual = 8888},
    [PORT_SHA384] = {.kind = "sha384", .scheme = "https", .certificate = "sha384", .beside = 1},
    [PORT_SHA512] = {.kind = "sha512", .scheme = "https", .certificate = "sha512", .beside = 2},
    [PORT_ECDSA] = {.kind = "ecdsa", .scheme = "https", .certificate = "ecdsa", .beside = 3},
    [PORT_H2] = {.kind = "h2", .scheme = "https", .certificate = "sha256", .beside = 4},
};

/* No name in here is equal to one of the challenge, so that each confusion shows. */
static const testbench_account_t usual[] = {
    {.domain = "RABBITHOLE", .user = "alice", .password = "Looking-Glass1", .what = "of a domain"},
    {.domain = "", .user = "bob", .password = "Second-Breakfast2", .what = "of any domain"},
    {.domain = "WONDERLAND",
     .user = "carol",
     .password = "Snark-Hunt3",
     .what = "of the challenge's domain; carol@mad-hatters.example, too"},
    {.domain = "RABBITHOLE",
     .user = "Zo\xC3\xAB-\xD0\x96\xD0\xB0\xD0\xBD\xD0\xBD\xD0\xB0",
     .password = "\xC3\x9C\xC3\xB1\xC3\xAF-\xE2\x82\xAC-\xF0\x9F\x90\x87",
     .what = "neither is ASCII"},
    {.domain = "RABBITHOLE", .user = "dinah", .password = ":@%+ \"\\", .what = "signs"},
    {.domain = "RABBITHOLE", .user = "hare", .password = "Tea-Time4 ", .what = "a trailing blank"},
    {.domain = "RABBITHOLE",
     .user = "walrus",
     .password =
         "0123456789012345678901234567890123456789012345678901234567890123456789012345678901"
         "2345678901234567890123456789012345678901234567890123456789012345678901234567890123"
         "456789012345678901234567890123456789",
     .what = "200 characters"},
    {.domain = "RABBITHOLE",
     .user = "dormouse",
     .password = "Fast-Asleep5",
     .disabled = true,
     .what = "disabled"},
    {.domain = "RABBITHOLE", .user = "cheshire", .password = "", .what = "a blank password"},
};

bool testbench_add_account(testbench_site_t *site, testbench_account_t account)
{
    testbench_account_t *more =
        reallocarray(site->accounts, site->accounts_count + 1, sizeof *site->accounts);
    if (!more) return false;
    site->accounts = more;
    site->accounts[site->accounts_count++] = account;
    return true;
}

bool testbench_usual_accounts(testbench_site_t *site)
{
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
        if (!testbench_add_account(site, usual[i])) return false;
    return true;
}

/* A colon may stand in a password, not in a name. */
const char *testbench_read_account(testbench_site_t *site, char *text)
{
    char *colon = strchr(text, ':');
    uint8_t room[2048];
    writer_t utf16 = writer_to(room, sizeof room);
    if (!colon) return "it is written DOMAIN\\user:password, or user:password";
    *colon = '\0';
    const char *why = name_check(text);
    if (why) return why;
    if (strlen(colon + 1) > sizeof room / 2 || !unicode_write_utf8(&utf16, colon + 1))
        return "the password is no UTF-8, or longer than 1024 bytes";
    const name_parts_t parts = name_of_account(text);
    char *user = text + ((const char *)parts.user.data - text);
    if (parts.apart) user[-1] = '\0';
    const testbench_account_t account = {
        .domain = parts.apart ? text : "", .user = user, .password = colon + 1};
    return testbench_add_account(site, account) ? NULL : "there is no memory";
}

bool testbench_read_users(testbench_site_t *site, const char *path)
{
    FILE *in = fopen(path, "re");
    char *line = NULL;
    size_t size = 0, number = 0;
    ssize_t len;
    const char *why = in ? NULL : strerror(errno);
    while (!why && (len = getline(&line, &size, in)) > 0) {
        number++;
        if (strlen(line) != (size_t)len) {
            why = "a NUL is in it";
            break;
        }
        line[strcspn(line, "\r\n")] = '\0';
        if (*line == '\0' || *line == '#') continue;
        char *text = strdup(line);
        why = text ? testbench_read_account(site, text) : strerror(errno);
        if (why) free(text);
    }
    if (why && number)
        warnx("--users %s: line %zu: %s", path, number, why);
    else if (why)
        warnx("--users %s: %s", path, why);
    free(line);
    if (in) fclose(in);
    return !why;
}

const char *testbench_path(const testbench_site_t *site, const char *name, char room[PATH_MAX])
{
    snprintf(room, PATH_MAX, "%s/%s", site->dir, name);
    return room;
}
