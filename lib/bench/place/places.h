/* places.h - all addresses: which one a path means.
 */
#ifndef NTLM_BENCH_PLACES_H
#define NTLM_BENCH_PLACES_H

#include "place.h"

/* Takes a path apart as it stands in a request line, without its query. */
place_t place_of(apr_pool_t *pool, const char *path);

/* Every table of rows, each ends with a row without pattern; NULL at the end. Of rows that fit, the
 * first one counts. */
extern const place_row_t *const place_tables[];

#endif
