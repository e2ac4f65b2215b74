/* search.h - finds which known mistakes, one or two at a time, give the bytes that came.
 *
 * A computation has steps, and each step a right way and some wrong ones. A choice names a way for
 * each step; with one that gives the bytes that came, the mistakes in it are named.
 */
#ifndef NTLM_SEARCH_H
#define NTLM_SEARCH_H

#include <stddef.h>
#include <stdint.h>

#include "../diagnosis.h"

enum { STEPS_MAX = 10, RIGHT = 0 };

/* For each step RIGHT, or 1 and the index of a row of its table. */
typedef struct choice_t {
    uint8_t way[STEPS_MAX];
} choice_t;

typedef struct search_t {
    const remark_row_t *const *steps; /* the table of each step's mistakes */
    size_t steps_count;
    bool (*fits)(const void *known, const choice_t *choice);
    const void *known;
} search_t;

/* Name all single mistakes that fit, or all pairs of different steps; whether there was one. */
bool search_singles(diagnosis_t *diagnosis, const search_t *search);
bool search_pairs(diagnosis_t *diagnosis, const search_t *search);

#endif
