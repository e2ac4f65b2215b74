/* tables.h - the tables of addresses, one a concern; each ends with a row without pattern.
 */
#ifndef NTLM_BENCH_TABLES_H
#define NTLM_BENCH_TABLES_H

#include "place.h"

extern const place_row_t plain_places[];      /* production's, and its policies */
extern const place_row_t account_places[];    /* the account stands in the path */
extern const place_row_t fixed_places[];      /* the same bytes for ever */
extern const place_row_t type2_places[];      /* a challenge of another shape */
extern const place_row_t connection_places[]; /* how long logins, challenges and connections last */
extern const place_row_t offer_places[];      /* production's, with other offers and directives */
extern const place_row_t fault_places[];      /* what goes wrong */
extern const place_row_t around_places[];     /* what stands around a login */
extern const place_row_t page_places[];       /* verdicts, the index */

#endif
