#include "testbench_ready.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/explain/json.h"
#include "testbench_conf.h"

static void say_accounts(json_t *json, const testbench_site_t *site)
{
    json_open(json, "accounts", '[');
    for (size_t i = 0; i < site->accounts_count; i++) {
        const testbench_account_t *account = &site->accounts[i];
        json_open(json, NULL, '{');
        json_text(json, "domain", account->domain);
        json_text(json, "user", account->user);
        json_text(json, "password", account->password);
        json_bool(json, "disabled", account->disabled);
        if (account->what) json_text(json, "what", account->what);
        json_close(json, '}');
    }
    json_close(json, ']');
}

/* Valid JSON, one member a line. */
static void say(FILE *out, const testbench_site_t *site)
{
    json_t json = {.out = out};
    char room[300], path[PATH_MAX];
    json_open(&json, NULL, '{');
    for (testbench_port_t port = 0; port < PORTS; port++)
        json_text(&json, testbench_ports[port].kind, testbench_url(site, port, room));
    json_text(&json, "ca",
              site->cert || site->ports[PORT_HTTPS].off ? site->cert
                                                        : testbench_path(site, "ca.pem", path));
    say_accounts(&json, site);
    json_text(&json, "version", TESTBENCH_VERSION);
    json_number(&json, "pid", (uint64_t)getpid());
    json_text(&json, "log", testbench_path(site, "error.log", path));
    json_close(&json, '}');
}

/* All on one line: line breaks stand between members alone. */
static const char *print_object(const testbench_site_t *site)
{
    char *text = NULL;
    size_t len = 0;
    FILE *memory = open_memstream(&text, &len);
    if (!memory) return strerror(errno);
    say(memory, site);
    if (fclose(memory) != 0) return strerror(errno);
    if (len > 0 && text[len - 1] == '\n') text[len - 1] = '\0';
    for (char *c = text; *c; c++)
        if (*c == '\n') *c = ' ';
    puts(text);
    free(text);
    return NULL;
}

/* NAME='VALUE', for eval. */
static void print_variable(const char *name, const char *value)
{
    printf("NTLM_TEST_%s='", name);
    for (const char *c = value; *c; c++) {
        if (*c == '\'')
            fputs("'\\''", stdout);
        else
            putchar(*c);
    }
    puts("'");
}

static void print_variables(const testbench_site_t *site)
{
    const testbench_account_t *account = site->accounts;
    char room[300], path[PATH_MAX];
    snprintf(path, sizeof path, "%s/ntlm", testbench_url(site, PORT_HTTP, room));
    print_variable("URL", path);
    print_variable("USER", account->user);
    print_variable("PASSWORD", account->password);
    print_variable("DOMAIN", account->domain);
    snprintf(path, sizeof path, "%ld", (long)getpid());
    print_variable("PID", path);
}

/* Who reads it to its end has all of it: "eval" of a shell waits for that. */
static void close_output(void)
{
    const int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
    fflush(stdout);
    if (nothing >= 0) dup2(nothing, STDOUT_FILENO);
}

static void log_it(const testbench_site_t *site)
{
    char room[300];
    const char *url = testbench_url(site, PORT_HTTP, room);
    fprintf(stderr, site->log_json ? "{\"ready\":true,\"http\":\"%s\"}\n" : "ready %s\n", url);
}

/* Made beside it and renamed, so that nobody reads a part of it. */
static const char *write_file(const testbench_site_t *site)
{
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s.%ld", site->ready_file, (long)getpid()) >= PATH_MAX)
        return strerror(ENAMETOOLONG);
    FILE *out = fopen(path, "wxe");
    if (!out) return strerror(errno);
    say(out, site);
    if (fclose(out) == 0 && rename(path, site->ready_file) == 0) return NULL;
    const char *why = strerror(errno);
    unlink(path);
    return why;
}

const char *testbench_ready(const testbench_site_t *site)
{
    const char *why = site->ready_file ? write_file(site) : NULL;
    if (why) return why;
    if (site->env)
        print_variables(site);
    else
        why = print_object(site);
    if (why) return why;
    close_output();
    if (site->log) log_it(site);
    return NULL;
}
