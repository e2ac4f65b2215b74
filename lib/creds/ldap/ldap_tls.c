#include "ldap_tls.h"

#include <poll.h>

#include <ldap.h>

#include "ldap_socket.h"

/* libldap counts who uses a TLS context, also who has asked for it, and has this for
 * giving it back; it is in no public header. */
extern void ldap_pvt_tls_ctx_free(void *context);

static bool set_path(LDAP *ld, int option, const char *path)
{
    return !path || ldap_set_option(ld, option, path) == LDAP_OPT_SUCCESS;
}

static bool set_verify(LDAP *ld, const ldap_spec_t *spec)
{
    const int how = spec->verify ? LDAP_OPT_X_TLS_DEMAND : LDAP_OPT_X_TLS_NEVER;
    return ldap_set_option(ld, LDAP_OPT_X_TLS_REQUIRE_CERT, &how) == LDAP_OPT_SUCCESS;
}

/* With cacert= nothing else is trusted, whatever ldap.conf says. */
static bool make_context(LDAP *ld, const ldap_spec_t *spec)
{
    const int client = 0;
    return set_verify(ld, spec) && set_path(ld, LDAP_OPT_X_TLS_CACERTFILE, spec->cacert) &&
           (!spec->cacert || set_path(ld, LDAP_OPT_X_TLS_CACERTDIR, "")) &&
           set_path(ld, LDAP_OPT_X_TLS_CERTFILE, spec->cert) &&
           set_path(ld, LDAP_OPT_X_TLS_KEYFILE, spec->key) &&
           ldap_set_option(ld, LDAP_OPT_X_TLS_NEWCTX, &client) == LDAP_OPT_SUCCESS;
}

const char *ldap_tls_open(void *holder, const ldap_spec_t *spec, void **context)
{
    if (!make_context(holder, spec))
        return "cacert=, cert= or key= cannot be used for TLS: look whether they are PEM, belong "
               "together and can be read by the user who starts httpd";
    ldap_get_option(holder, LDAP_OPT_X_TLS_CTX, context);
    return NULL;
}

void ldap_tls_drop(void *context)
{
    ldap_pvt_tls_ctx_free(context);
}

bool ldap_tls_use(void *ld, const ldap_spec_t *spec, void *context)
{
    return set_verify(ld, spec) &&
           ldap_set_option(ld, LDAP_OPT_X_TLS_CTX, context) == LDAP_OPT_SUCCESS;
}

/* Waits for what the handshake waits for; false when the time is over. */
static bool wait_for_peer(LDAP *ld, apr_time_t until)
{
    Sockbuf *sockbuf = NULL;
    ber_socket_t fd = -1;
    if (ldap_get_option(ld, LDAP_OPT_SOCKBUF, &sockbuf) != LDAP_OPT_SUCCESS) return false;
    if (ber_sockbuf_ctrl(sockbuf, LBER_SB_OPT_GET_FD, &fd) != 1) return false;
    short events = ber_sockbuf_ctrl(sockbuf, LBER_SB_OPT_NEEDS_WRITE, NULL) ? POLLOUT : POLLIN;
    return ldap_socket_wait(fd, events, until) == 0;
}

/* Where libldap would wait, 2.6 comes back and is to be called again; 2.5 waits. */
int ldap_tls_start(void *ld, apr_time_t until)
{
    int code = ldap_install_tls(ld);
    while (code == LDAP_X_CONNECTING && wait_for_peer(ld, until)) code = ldap_install_tls(ld);
    return code == LDAP_X_CONNECTING ? LDAP_TIMEOUT : code;
}
