/* hashed_name.h - what clients hash for Upper(User) || Domain (MS-NLMP 3.3.2, NTOWFv2).
 */
#ifndef NTLM_HASHED_NAME_H
#define NTLM_HASHED_NAME_H

#include "name_forms.h"

/* Bytes, and the mistakes by which they come out: none, one or two. */
typedef struct hashed_name_t {
    const remark_row_t *mistakes[2];
    size_t len;
    uint8_t bytes[NAME_FORM_ROOM];
} hashed_name_t;

/* A list in memory of its own. */
typedef struct hashed_names_t {
    size_t count, room;
    hashed_name_t *list;
} hashed_names_t;

/* Fills three lists, for a claim that got as far as its proof: the right names, which the proof was
 * tried with; those of one mistake; those of two. None has bytes that a list before it has. False:
 * no memory. The caller frees them all. */
bool hashed_names(const replay_t *replay, hashed_names_t lists[3]);
void hashed_names_free(hashed_names_t lists[3]);

#endif
