/* creds_taker.h - the thread of a child that takes new tables as they come.
 *
 * A child that has nothing to do would keep an old table as long as that, and a machine with many
 * idle children might have as many tables in its memory. So a thread of each child sleeps until
 * the parent has laid something out. It allocates nothing and handles no signal.
 */
#ifndef NTLM_CREDS_TAKER_H
#define NTLM_CREDS_TAKER_H

#include "creds_live.h"
#include "creds_segment.h"

/* Starts it, until pool ends. bell: another value when something has been laid out. Where there is
 * no thread to be had requests take what is new. */
void creds_taker_start(apr_pool_t *pool, creds_file_t *files, const creds_word_t *bell);

#endif
