/* archive.h - a login as an HTTP archive (HAR 1.2), which browsers and proxies read.
 */
#ifndef NTLM_BENCH_ARCHIVE_H
#define NTLM_BENCH_ARCHIVE_H

#include <stdio.h>

#include "../record/judged.h"

/* Writes it: an entry for each leg; the last one bears the verdict, in members of its own. */
void archive_write(FILE *out, apr_pool_t *pool, const record_t *record, const judged_t *judged);

#endif
