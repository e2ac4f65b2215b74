/* hashed_certificate.h - what clients have taken for the hash of a certificate (RFC 5929 4.1).
 */
#ifndef NTLM_HASHED_CERTIFICATE_H
#define NTLM_HASHED_CERTIFICATE_H

#include "../remarks.h"
#include "digests.h"

enum { CERTIFICATE_MAX = 16384 }; /* in PEM */

extern const remark_row_t binding_hash_remarks[];

typedef struct guessed_certificate_t {
    bytes_t der;
    digest_kind_t right; /* by its signature */
    unsigned way;        /* RIGHT, or a row of that table and 1 */
} guessed_certificate_t;

/* Gives false if it is too long, or OpenSSL fails. */
bool hashed_certificate(writer_t *out, const guessed_certificate_t *guessed);

#endif
