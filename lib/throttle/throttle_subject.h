/* throttle_subject.h - for whom NTLMThrottle counts a failed login, and under which names.
 *
 * APR and no httpd: it can be tried by itself.
 */
#ifndef NTLM_THROTTLE_SUBJECT_H
#define NTLM_THROTTLE_SUBJECT_H

#include <stdbool.h>

#include "../ntlm/wire.h"
#include "throttle_limits.h"

/* The name of a counter: a digest, which tells nobody who failed, and is evenly distributed:
 * shmcb chooses one of its parts by the first byte, and what does not fit into a part is
 * forgotten. */
enum { THROTTLE_NAME_LEN = 16 };

typedef struct throttle_subject_t {
    const throttle_limit_t *limit;
    uint8_t name[THROTTLE_NAME_LEN];
} throttle_subject_t;

typedef struct throttle_subjects_t {
    throttle_subject_t all[THROTTLE_KINDS];
    size_t count;
    bool last_has_all; /* whose failures count for any of them still, count for the last one, too */
} throttle_subjects_t;

/* The subjects of a login: the user at his address, all users of the address, and of an IPv6
 * address its /56 and its /48. address: 4 or 16 bytes in the order of the network; IPv4 in
 * IPv6 is IPv4. user: the name that the client sent. False if they have no names, since the
 * digest failed: what cannot be counted is to be refused. */
bool throttle_subjects(const throttle_limits_t *throttle, bytes_t address, const char *user,
                       throttle_subjects_t *subjects);

#endif
