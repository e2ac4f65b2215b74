/* fields.h - the lengths and offsets that a Type 3 has for its fields (MS-NLMP 2.2.1.3), as they
 * stand in it: nothing is read from where they point to.
 */
#ifndef NTLM_FIELDS_H
#define NTLM_FIELDS_H

#include "../../ntlm/wire.h"

/* In their order; where the first of them begins, and the end of the shortest header. */
enum { FIELD_LM, FIELD_NT, FIELD_DOMAIN, FIELD_USER, FIELD_WORKSTATION, FIELD_KEY, FIELDS };
enum { FIELDS_AT = 12, FIELD_SIZE = 8, HEADER_MIN = 64 };

typedef struct place_t {
    size_t len, at;
} place_t;

typedef struct fields_t {
    place_t field[FIELDS];
    size_t lowest, sum, end; /* of those that are not empty: the lowest offset, all lengths, the
                                highest end */
    size_t message_len;
} fields_t;

/* False if there are none, or all are empty. */
bool fields_read(bytes_t type3, fields_t *fields);

/* For who has changed a field: computes the sums anew. */
void fields_sum(fields_t *fields);

/* Whether they lie side by side, from the lowest one to the end of the last one. */
bool fields_are_joined(const fields_t *fields);

/* The same message with these fields. False if they cannot be written, or there is no room. */
bool fields_write(writer_t *out, bytes_t type3, const fields_t *fields);

/* "LmChallengeResponse", ... */
const char *field_name(int field);

#endif
