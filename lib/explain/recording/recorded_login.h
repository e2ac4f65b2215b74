/* recorded_login.h - which messages of a recording belong to one login.
 */
#ifndef NTLM_RECORDED_LOGIN_H
#define NTLM_RECORDED_LOGIN_H

#include "recording.h"

typedef struct recorded_login_t {
    size_t number, count;            /* which of how many; from 1 */
    const recorded_t *type1, *type2; /* NULL: there is none */
    const recorded_t *type3;         /* what answers, whatever it is */
} recorded_login_t;

/* How many logins a recording has: one for each answer. */
size_t recorded_logins(const recording_t *recording);

/* One of them; number: from 1, up to their count. The challenge is the last one before the answer,
 * that of its connection first of all; the Type 1 is the one that the challenge answers. */
recorded_login_t recorded_login(const recording_t *recording, size_t number);

/* Whether it is one of its messages. */
bool recorded_is_of(const recorded_login_t *login, const recorded_t *recorded);

#endif
