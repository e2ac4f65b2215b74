/* tls.h - what TLS says about a connection, for Extended Protection.
 *
 * A client that protects its login signs the hash of the certificate that it has seen
 * (MsvAvChannelBindings): a login that was given to somebody else's certificate is not
 * meant for us.
 */
#ifndef NTLM_HTTPD_TLS_H
#define NTLM_HTTPD_TLS_H

#include "exchange.h"

/* Fills in the policy's bindings that are ours on this connection: its certificate's, which
 * is asked for once, and those of NTLMServerCertificate. They live as long as the request.
 * With a resumed session httpd may name the other one of two certificates, so both
 * should be listed. */
void tls_bindings(exchange_t *x);

#endif
