/* dump_certificate.h - the certificate that a client has seen, for its channel binding.
 */
#ifndef NTLM_DUMP_CERTIFICATE_H
#define NTLM_DUMP_CERTIFICATE_H

#include "../lib/ntlm/wire.h"
#include "dump_exit.h"

enum { CERTIFICATES_MAX = 16, BINDING_DATA_MAX = 256 };

typedef struct certificates_t {
    size_t count;
    bytes_t list[CERTIFICATES_MAX]; /* DER, the server's own first */
    uint8_t data[BINDING_DATA_MAX]; /* of the first, RFC 5929 4: "tls-server-end-point:" and ... */
    size_t data_len;
    uint8_t *memory;
} certificates_t;

/* Reads a file, or stdin for "-": one certificate in DER, or PEM, in which others may follow. Fills
 * one of zeros; the caller frees it, whatever this gives. */
dump_exit_t certificates_read(const char *path, certificates_t *certificates);
void certificates_free(certificates_t *certificates);

#endif
