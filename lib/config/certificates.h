/* certificates.h - certificates, and the channel bindings that clients make of them.
 *
 * RFC 5929 4, tls-server-end-point: the hash of the certificate behind the name of this
 * kind of binding, and of that the hash that MS-NLMP puts into MsvAvChannelBindings.
 */
#ifndef NTLM_CONFIG_CERTIFICATES_H
#define NTLM_CONFIG_CERTIFICATES_H

#include "config.h"

/* The binding of the first certificate in this PEM. False if there is none in it. */
bool certificate_binding(bytes_t pem, uint8_t binding[NTLM_BINDING_LEN]);

/* NTLMServerCertificate: those of the first certificate of each file, interned: a
 * const config_bindings_t *. */
config_read_t certificates_read;

#endif
