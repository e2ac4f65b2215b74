/* history.h - the records of all connections: one list behind one lock, of bounded size.
 *
 * Records are lent: who has got one gives it back with history_release().
 */
#ifndef NTLM_BENCH_HISTORY_H
#define NTLM_BENCH_HISTORY_H

#include "record.h"

/* In each child, before requests come. Gives APR_SUCCESS, or why it cannot. */
apr_status_t history_open(apr_pool_t *pool, size_t records, size_t bytes);

/* The number of the next connection, and of the next record: from 1, never again. */
uint64_t history_next_connection(void);
uint64_t history_next_id(void);

/* Appends one and lends it to who calls; the oldest ones leave when there are too many. */
const record_t *history_append(record_t *record);

/* Lends the one of that id if it is of that run; "": of any. NULL: there is none. */
const record_t *history_find(const char *run, uint64_t id);

/* Lends the newest one of a run that a verdict is about: one that has a token or, if there is none,
 * any. NULL: there is none. */
const record_t *history_last(const char *run);

void history_release(const record_t *record);

/* Calls it for each, the newest first, behind the lock, until it gives false: it must be quick, and
 * call nothing of this file. */
void history_each(bool (*with)(void *baton, const record_t *record), void *baton);

/* How often something has come so far, this time among them: "RUN\nPATH". */
unsigned history_count_visit(const char *key);

/* Forgets the records and counts of exactly that run. */
void history_reset(const char *run);

#endif
