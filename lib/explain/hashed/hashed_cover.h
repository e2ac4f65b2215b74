/* hashed_cover.h - which bytes clients have computed the MIC over.
 */
#ifndef NTLM_HASHED_COVER_H
#define NTLM_HASHED_COVER_H

#include "../../ntlm/message.h"
#include "../remarks.h"

enum { COVERED_PARTS_MAX = 10, COVERED_MAX = 8192 };

extern const remark_row_t mic_field_remarks[], mic_cover_remarks[];

typedef struct covered_parts_t {
    bytes_t part[COVERED_PARTS_MAX];
    size_t count;
} covered_parts_t;

/* Ways are RIGHT, or a row of those tables and 1. */
typedef struct covered_t {
    bytes_t type1, type2;
    const type3_t *type3;
    size_t mic_at; /* 64 or 72 */
    unsigned field_way, cover_way;
    uint8_t flags[4]; /* where other NegotiateFlags are guessed: these */
} covered_t;

/* The bytes; room: 4 * COVERED_MAX, for texts made of them. false: they are too long for that, or
 * nothing is as the way has it. */
bool covered_parts(const covered_t *covered, writer_t *room, covered_parts_t *parts);

/* Which NegotiateFlags of which message are guessed; wanted false: none. */
typedef struct covered_flags_t {
    bool wanted;
    bytes_t message;
    size_t at;
} covered_flags_t;
covered_flags_t covered_flags(const covered_t *covered);

/* Where the MIC stands in the Type 3. */
size_t covered_mic_at(const covered_t *covered);

#endif
