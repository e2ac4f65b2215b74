#include "remoteip.h"

#include <http_log.h>

#include "../config/conftree.h"

APLOG_USE_MODULE(auth_ntlmv2);

/* The first directive of that name that is for this server; NULL if there is none. */
static const ap_directive_t *find_for(const server_rec *s, const char *name)
{
    const ap_directive_t *at = conftree_find(ap_conftree, name);
    while (at && !conftree_serves(at, s)) at = conftree_find(conftree_next(at), name);
    return at;
}

static bool counts_failures(apr_pool_t *pool, const server_rec *s)
{
    const ap_directive_t *at = conftree_find(ap_conftree, "NTLMThrottle");
    for (; at; at = conftree_find(conftree_next(at), "NTLMThrottle"))
        if (conftree_serves(at, s) && !conftree_says(pool, at, "NTLMThrottle", "off")) return true;
    return false;
}

/* Some directives are carried out when they are read and kept nowhere: before httpd 2.4.71 so are
 * mod_remoteip's lists in files. */
static bool shows(const char *name)
{
    const module *remoteip = ap_find_linked_module("mod_remoteip.c");
    for (const command_rec *at = remoteip ? remoteip->cmds : NULL; at && at->name; at++)
        if (ap_cstr_casecmp(at->name, name) == 0) return !(at->req_override & EXEC_ON_READ);
    return true;
}

/* mod_remoteip believes everybody until it is told whom to believe. */
static bool believes_anybody(const server_rec *s)
{
    static const char *const told[] = {"RemoteIPInternalProxy", "RemoteIPInternalProxyList",
                                       "RemoteIPTrustedProxy", "RemoteIPTrustedProxyList"};
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        if (find_for(s, told[i])) return false;
    return true;
}

void remoteip_configtest(apr_pool_t *pool, server_rec *main_server)
{
    const char *unless = shows("RemoteIPInternalProxyList")
                             ? ""
                             : ", unless a RemoteIPInternalProxyList forbids it, which this httpd "
                               "does not show";
    for (server_rec *s = main_server; s; s = s->next) {
        const ap_directive_t *header = find_for(s, "RemoteIPHeader");
        if (!header || !believes_anybody(s) || !counts_failures(pool, s)) continue;
        ap_log_error(
            APLOG_MARK, APLOG_WARNING, 0, s,
            "RemoteIPHeader %s (%s:%d): server %s believes this header whoever sends it%s, so "
            "whoever guesses passwords chooses an address for each guess, and NTLMThrottle "
            "counts none; write RemoteIPInternalProxy with the addresses of your front ends",
            header->args, header->filename, header->line_num,
            s->server_hostname ? s->server_hostname : "(unnamed)", unless);
    }
}
