/* shown.h - what of a record anybody may see: all, but what was computed from a password that the
 * bench does not know (cut.h).
 */
#ifndef NTLM_BENCH_SHOWN_H
#define NTLM_BENCH_SHOWN_H

#include "record.h"

/* Whether there was a Type 3 of which it keeps something back. */
bool shown_is_cut(const record_t *record);

/* The Type 3, in pool or the record's; empty: there is none, or it cannot be read. */
bytes_t shown_type3(apr_pool_t *pool, const record_t *record);

/* The value of a header of the record's requests. Credentials that are no message of NTLM end in
 * "..." where they become more than a name. */
const char *shown_value(apr_pool_t *pool, const record_t *record, const char *name,
                        const char *value);

#endif
