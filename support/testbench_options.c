#include "testbench_options.h"

#include <arpa/inet.h>
#include <err.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char usage[] =
    "usage: ntlm-testbench [OPTION]...\n"
    "A server for authors of NTLM clients, on loopback, until it is stopped.\n"
    "  --listen ADDRESS         127.0.0.1; another one than loopback only with --expose\n"
    "  --expose                 others may come: its accounts are public\n"
    "  --port N                 0: any free one (8080, or any if that is taken)\n"
    "  --tls-port N             the same, or off (8443)\n"
    "  --proxy-port N           the same, or off (8888)\n"
    "  --account 'DOM\\user:password'   may be repeated; without one there are usual ones\n"
    "  --users FILE             such accounts, one a line\n"
    "  --domain NETBIOS[,DNS]   what the challenge says (WONDERLAND,mad-hatters.example)\n"
    "  --hostname NAME          a name that a Host may have beside loopback's\n"
    "  --cert FILE --key FILE   PEM, for --tls-port; else it makes them\n"
    "  --ready-file FILE        has the JSON object of standard output once it answers\n"
    "  --env                    prints NTLM_TEST_URL and the like instead\n"
    "  --log text|json          a line for each request, on standard error\n"
    "  --exit-after SECONDS     stops by itself; --stdin-eof: when standard input ends\n"
    "  --httpd FILE --modules FOLDER --own-modules FOLDER   another httpd, its modules, ours\n"
    "ntlm-testbench(1) has the rest.\n";

enum {
    LISTEN = 256,
    EXPOSE,
    PORT,
    TLS_PORT,
    PROXY_PORT,
    ACCOUNT,
    USERS,
    DOMAIN,
    HOSTNAME,
    CERT,
    KEY,
    READY_FILE,
    ENV,
    LOG,
    EXIT_AFTER,
    STDIN_EOF,
    HTTPD,
    MODULES,
    OWN_MODULES,
    HELP
};

static const struct option options[] = {
    {"listen", required_argument, NULL, LISTEN},
    {"expose", no_argument, NULL, EXPOSE},
    {"port", required_argument, NULL, PORT},
    {"tls-port", required_argument, NULL, TLS_PORT},
    {"proxy-port", required_argument, NULL, PROXY_PORT},
    {"account", required_argument, NULL, ACCOUNT},
    {"users", required_argument, NULL, USERS},
    {"domain", required_argument, NULL, DOMAIN},
    {"hostname", required_argument, NULL, HOSTNAME},
    {"cert", required_argument, NULL, CERT},
    {"key", required_argument, NULL, KEY},
    {"ready-file", required_argument, NULL, READY_FILE},
    {"env", no_argument, NULL, ENV},
    {"log", required_argument, NULL, LOG},
    {"exit-after", required_argument, NULL, EXIT_AFTER},
    {"stdin-eof", no_argument, NULL, STDIN_EOF},
    {"httpd", required_argument, NULL, HTTPD},
    {"modules", required_argument, NULL, MODULES},
    {"own-modules", required_argument, NULL, OWN_MODULES},
    {"help", no_argument, NULL, HELP},
    {NULL, 0, NULL, 0},
};

/* ---- values ---- */

/* A decimal number up to most; -1 for anything else. */
static long number(const char *text, long most)
{
    char *end;
    if (*text < '0' || *text > '9') return -1;
    const long value = strtol(text, &end, 10);
    return *end == '\0' && value <= most ? value : -1;
}

static const char *read_port(testbench_site_t *site, testbench_port_t port, const char *text)
{
    const long value = number(text, 65535);
    if (port != PORT_HTTP && strcmp(text, "off") == 0) {
        site->ports[port].off = true;
        return NULL;
    }
    if (value < 0)
        return port == PORT_HTTP ? "it is a number up to 65535; 0: any free port"
                                 : "it is a number up to 65535; 0: any free port; or off";
    site->ports[port].off = false;
    site->ports[port].any = value == 0;
    site->ports[port].fixed = value != 0;
    site->ports[port].number = (int)value;
    return NULL;
}

static bool consists_of(const char *text, const char *allowed, size_t most)
{
    const size_t len = strlen(text);
    return len > 0 && len <= most && text[strspn(text, allowed)] == '\0';
}

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"

/* As NTLMDomain takes them, of ASCII. */
static const char *read_domain(testbench_site_t *site, char *text)
{
    char *comma = strchr(text, ',');
    if (comma) *comma = '\0';
    site->nb_domain = text;
    site->dns_domain = comma ? comma + 1 : "";
    if (!consists_of(text, LETTERS, 15) || *text == '-' ||
        (comma && (!consists_of(comma + 1, LETTERS ".", 255) || strchr("-.", comma[1]) ||
                   strstr(comma + 1, "..") || comma[strlen(comma) - 1] == '.')))
        return "it is a NetBIOS name of up to 15 characters, or one and a DNS name: "
               "CORP,corp.example.com";
    return NULL;
}

static const char *read_listen(testbench_site_t *site, const char *text)
{
    static char written[INET6_ADDRSTRLEN];
    unsigned char address[16];
    site->is_ipv6 = inet_pton(AF_INET6, text, address) == 1;
    const int family = site->is_ipv6 ? AF_INET6 : AF_INET;
    if (inet_pton(family, text, address) != 1)
        return "it is an address of IP, such as 127.0.0.1 or ::1";
    site->listen = inet_ntop(family, address, written, sizeof written);
    return NULL;
}

/* httpd takes other paths for its own. The text lives as long as the program. */
static const char *read_path(const char **path, const char *option, const char *text)
{
    *path = realpath(text, NULL);
    if (*path) return NULL;
    warn("--%s %s", option, text);
    return "";
}

static const char *read_seconds(testbench_site_t *site, const char *text)
{
    const long value = number(text, 86400L * 365);
    site->exit_after = value > 0 ? (unsigned)value : 0;
    return value > 0 ? NULL : "it is a number of seconds, at least 1";
}

static const char *read_log(testbench_site_t *site, const char *text)
{
    site->log = true;
    site->log_json = strcmp(text, "json") == 0;
    return site->log_json || strcmp(text, "text") == 0 ? NULL : "it is text or json";
}

static const char *read_hostname(testbench_site_t *site, const char *text)
{
    site->hostname = text;
    return consists_of(text, LETTERS ".:", 255) && *text != '-'
               ? NULL
               : "it is a host's name or address, without a port";
}

/* It is replaced, and removed in the end: a device or a link is somebody else's. */
static const char *read_ready_file(testbench_site_t *site, const char *path)
{
    struct stat there;
    site->ready_file = path;
    return lstat(path, &there) == 0 && !S_ISREG(there.st_mode) ? "it is no regular file" : NULL;
}

/* ---- all of them ---- */

/* NULL: it is good. "" for what was said already. */
static const char *take(testbench_site_t *site, int option, char *value)
{
    switch (option) {
    case LISTEN: return read_listen(site, value);
    case EXPOSE: site->expose = true; return NULL;
    case PORT: return read_port(site, PORT_HTTP, value);
    case TLS_PORT: return read_port(site, PORT_HTTPS, value);
    case PROXY_PORT: return read_port(site, PORT_PROXY, value);
    case ACCOUNT: return testbench_read_account(site, value);
    case USERS: return testbench_read_users(site, value) ? NULL : "";
    case DOMAIN: return read_domain(site, value);
    case HOSTNAME: return read_hostname(site, value);
    case CERT: return read_path(&site->cert, "cert", value);
    case KEY: return read_path(&site->key, "key", value);
    case READY_FILE: return read_ready_file(site, value);
    case ENV: site->env = true; return NULL;
    case LOG: return read_log(site, value);
    case EXIT_AFTER: return read_seconds(site, value);
    case STDIN_EOF: site->stdin_eof = true; return NULL;
    case HTTPD: site->httpd = value; return NULL;
    case MODULES: return read_path(&site->modules, "modules", value);
    case OWN_MODULES: return read_path(&site->own_modules, "own-modules", value);
    case HELP: fputs(usage, stdout); exit(TESTBENCH_STOPPED);
    default: warnx("--help lists all options"); return "";
    }
}

static bool is_loopback(const testbench_site_t *site)
{
    return site->is_ipv6 ? strcmp(site->listen, "::1") == 0 : strncmp(site->listen, "127.", 4) == 0;
}

/* What does not go together; "" for what was said already. */
static const char *contradiction(const testbench_site_t *site)
{
    if (!is_loopback(site) && !site->expose)
        return "--listen: others than this machine may come there, and its accounts are public: "
               "if that is wanted, add --expose";
    if (!site->cert != !site->key) return "--cert and --key belong together";
    if (site->cert && site->ports[PORT_HTTPS].off)
        return "--cert and --key are for the port that --tls-port off leaves out";
    return NULL;
}

bool testbench_options(int argc, char **argv, testbench_site_t *site)
{
    int option, index = 0;
    while ((option = getopt_long(argc, argv, "", options, &index)) != -1) {
        const char *why = take(site, option, optarg);
        if (why && *why) warnx("--%s: %s", options[index].name, why);
        if (why) return false;
    }
    if (optind < argc) {
        warnx("it takes options only, not \"%s\"; --help lists them", argv[optind]);
        return false;
    }
    if (site->accounts_count == 0 && !testbench_usual_accounts(site)) return false;
    const char *why = contradiction(site);
    if (why) warnx("%s", why);
    return !why;
}
