/* creds_table.h - the accounts of a password file, in memory.
 *
 * A table is made whole and never written again: any number of threads and
 * processes may look things up in it, in a time that does not grow with it; creds_index.h
 * says how. For the lines see creds_line.h; two entries that differ only in case are refused,
 * since a client that logs in to one might as well mean the other.
 */
#ifndef NTLM_CREDS_TABLE_H
#define NTLM_CREDS_TABLE_H

#include "../creds.h"

typedef struct creds_table_t creds_table_t;

/* Makes a table of a file's content; path is for messages only. Gives NULL, or
 * (from pool) a sentence with the path, the line and what to write instead. The
 * hashes are wiped with the pool. */
const char *creds_table_parse(apr_pool_t *pool, const char *path, const char *text, apr_size_t len,
                              creds_table_t **table);

/* Makes a table the successor of another one: its generation is the next one, and
 * each account that has not changed keeps the generation it had. */
void creds_table_succeed(creds_table_t *table, const creds_table_t *before);

/* All of a table is one piece of memory, which is the same wherever it is: its size in bytes. */
apr_size_t creds_table_size(const creds_table_t *table);

/* A piece of memory as a table: NULL if it is none that this file has made. */
const creds_table_t *creds_table_at(const void *bytes, apr_size_t size);

apr_size_t creds_table_count(const creds_table_t *table);
apr_uint64_t creds_table_generation(const creds_table_t *table);

/* Calls visit with each name, in the order of the file. */
void creds_table_each(const creds_table_t *table, void (*visit)(void *baton, const char *name),
                      void *baton);

/* The entry of exactly that name ("user" or "DOMAIN\user"), without regard to
 * case; false if there is none. account->name is the table's: it goes with it. */
bool creds_table_find(const creds_table_t *table, const char *name, creds_account_t *account);

/* The entries of that user in some domain ("DOMAIN\user"), one a call, as above; false when there
 * are no more. *where is 0 before the first call. */
bool creds_table_find_in_domain(const creds_table_t *table, const char *user, apr_uint32_t *where,
                                creds_account_t *account);

#endif
