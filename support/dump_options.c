#include "dump_options.h"

#include <err.h>
#include <getopt.h>
#include <string.h>

#include "../lib/ntlm/unicode.h"

static const struct option options[] = {
    {"json", no_argument, NULL, 'j'},
    {"help", no_argument, NULL, 'h'},
    {"require-mic", no_argument, NULL, 'm'},
    {"login", required_argument, NULL, 'l'},
    {"type1", required_argument, NULL, '1'},
    {"type2", required_argument, NULL, '2'},
    {"type3", required_argument, NULL, '3'},
    {"nt-hash", required_argument, NULL, 'n'},
    {"password", required_argument, NULL, 'p'},
    {"binding", required_argument, NULL, 'b'},
    {"binding-data", required_argument, NULL, 'd'},
    {"cert", required_argument, NULL, 'c'},
    {"service", required_argument, NULL, 's'},
    {"service-host", required_argument, NULL, 'o'},
    {"accept-domain", required_argument, NULL, 'a'},
    {NULL, 0, NULL, 0},
};

static bool add_name(names_t *names, const char *name)
{
    if (names->count == NAMES_MAX) return false;
    names->list[names->count++] = name;
    return true;
}

/* The host of HTTP/HOST or HOST/HOST, in the same bytes; NULL if it is none of them. */
static const char *host_of(char *service)
{
    char *host = strchr(service, '/');
    if (!host) return NULL;
    *host++ = '\0';
    bool ipv6 = *host == '[';
    if (ipv6) host++;
    host[strcspn(host, ipv6 ? "]" : ":/")] = '\0';
    bool of_web = unicode_casecmp(service, "HTTP") == 0 || unicode_casecmp(service, "HOST") == 0;
    return of_web && *host ? host : NULL;
}

static bool take_service(wanted_t *wanted, char *text)
{
    const char *host = host_of(text);
    if (host) return add_name(&wanted->service_hosts, host);
    wanted->service = text;
    return true;
}

static bool take_option(wanted_t *wanted, int option)
{
    switch (option) {
    case 'j': wanted->as_json = true; return true;
    case 'm': wanted->require_mic = true; return true;
    case 'l': wanted->login = optarg; return true;
    case '1': wanted->type1 = optarg; return true;
    case '2': wanted->type2 = optarg; return true;
    case '3': wanted->type3 = optarg; return true;
    case 'n': wanted->nt_hash = optarg; return true;
    case 'p': wanted->password = optarg; return true;
    case 'b': wanted->binding = optarg; return true;
    case 'd': wanted->binding_data = optarg; return true;
    case 'c': wanted->cert = optarg; return true;
    case 's': return take_service(wanted, optarg);
    case 'o': return add_name(&wanted->service_hosts, optarg);
    case 'a': return add_name(&wanted->accept_domains, optarg);
    default: return false;
    }
}

static bool is_stdin(const char *argument)
{
    return argument && strcmp(argument, "-") == 0;
}

static const char *what_is_missing(const wanted_t *wanted)
{
    bool messages = wanted->type1 || wanted->type2 || wanted->type3;
    int stdins = is_stdin(wanted->recording) + is_stdin(wanted->password) + is_stdin(wanted->cert);
    if (!wanted->nt_hash == !wanted->password) return "give either --nt-hash or --password";
    if (stdins > 1) return "stdin cannot be two of the recording, the password and the certificate";
    if (wanted->cert && wanted->binding_data) return "give either --cert or --binding-data";
    if (wanted->recording && messages) return "give either a recording or the three messages";
    if (wanted->recording) return NULL;
    if (wanted->login) return "--login says which login of a recording, and there is none";
    if (!messages) return "name a recording, or give --type1, --type2 and --type3";
    if (!wanted->type1) return "--type1 is missing; give '' if there is none";
    if (!wanted->type2) return "--type2 is missing";
    if (!wanted->type3) return "--type3 is missing";
    return NULL;
}

dump_exit_t options_read(int argc, char **argv, wanted_t *wanted)
{
    int option;
    optind = 0; /* glibc: begin anew, at argv[1] */
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
        if (!take_option(wanted, option)) return dump_usage();
    if (optind < argc) wanted->recording = argv[optind++];
    if (optind < argc) {
        warnx("verify takes one recording, and no \"%s\"", argv[optind]);
        return dump_usage();
    }
    const char *why = what_is_missing(wanted);
    if (!why) return DUMP_OK;
    warnx("verify: %s", why);
    return dump_usage();
}
