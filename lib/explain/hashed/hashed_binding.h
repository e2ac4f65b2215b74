/* hashed_binding.h - what clients have taken for the channel binding of a certificate.
 */
#ifndef NTLM_HASHED_BINDING_H
#define NTLM_HASHED_BINDING_H

#include "../../ntlm/message.h"
#include "hashed_certificate.h"

enum { BINDING_DATA_MAX = 16384 };

extern const remark_row_t binding_data_remarks[], binding_struct_remarks[], binding_value_remarks[];

/* Ways are RIGHT, or a row of those tables and 1. */
typedef struct guessed_binding_t {
    guessed_certificate_t certificate;
    bytes_t tls_unique; /* empty: not known */
    unsigned data_way, struct_way, value_way;
} guessed_binding_t;

/* Whether that gives the MsvAvChannelBindings that is wanted. */
bool binding_comes_out(const guessed_binding_t *guessed, bytes_t wanted);

#endif
