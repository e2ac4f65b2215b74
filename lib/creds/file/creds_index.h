/* creds_index.h - how the accounts of a password file lie in memory, and are found there.
 *
 * A table is one piece of memory that holds no address, only distances from its beginning: it may
 * be mapped anywhere, by any number of processes. It has an entry for each account, in the order
 * of the file, and two indexes. An index has a power of two of slots, of which at least a third is
 * free; each holds 0 or the number of an entry, and above it, in the bits that no number needs,
 * bits of the hash of its name (creds_hash.h). A name stands in the first slot from its hash on
 * that was free: looking up goes from there to the slot with that name or to a free one, over a few
 * slots at the most, whatever names there are and whatever is looked for. Who is not found costs
 * what others cost: an entry is looked at all the same.
 */
#ifndef NTLM_CREDS_INDEX_H
#define NTLM_CREDS_INDEX_H

#include <apr.h>

#include "../../ntlm/flags.h"
#include "creds_hash.h"

/* Entries have numbers from 1. */
enum { CREDS_NO_ENTRY = 0 };

/* Small on purpose: there may be a million of them. */
typedef struct creds_entry_t {
    uint8_t nt_hash[NTLM_KEY_LEN];
    apr_uint32_t name;       /* where it begins in the names */
    apr_uint32_t generation; /* of the table in which it was last changed */
    uint8_t state;           /* an ntlm_status_t in one byte */
} creds_entry_t;

typedef struct creds_index_t {
    apr_uint64_t slots; /* where they begin */
    apr_uint32_t mask;  /* how many there are, less one */
} creds_index_t;

typedef struct creds_table_t {
    apr_uint64_t size;      /* of all of it, in bytes */
    apr_uint64_t entries;   /* where they begin */
    apr_uint64_t names;     /* likewise: as they are spelled, each with its NUL */
    apr_uint64_t names_len; /* in bytes */
    apr_uint64_t next;      /* likewise, one for each entry: the next one of its user */
    apr_uint32_t count;     /* of entries */
    apr_uint32_t generation;
    creds_index_t by_name;
    creds_index_t by_user; /* of the entries with a domain, by what follows it: the last one of
                              each user, from which the others hang */
    uint8_t key[CREDS_HASH_KEY_LEN];
} creds_table_t;

/* How many slots an index of so many entries has. */
apr_uint32_t creds_index_slots(apr_size_t entries);

/* number: one that an index gave, or from 1 to count. */
creds_entry_t *creds_entry(const creds_table_t *table, apr_uint32_t number);
const char *creds_entry_name(const creds_table_t *table, apr_uint32_t number);

/* The part of it behind its domain; NULL if it has none. */
const char *creds_entry_user(const creds_table_t *table, apr_uint32_t number);

/* Whether size bytes are a table that can be asked: all that it refers to is in it, and every
 * search ends. For one that another process has made. */
bool creds_index_is_sound(const void *bytes, apr_size_t size);

/* The next one of its user, or CREDS_NO_ENTRY. */
apr_uint32_t creds_entry_next(const creds_table_t *table, apr_uint32_t number);

/* The entry of that name, without regard to case, or CREDS_NO_ENTRY. */
apr_uint32_t creds_index_find(const creds_table_t *table, const char *name);

/* The last entry of that user in some domain, likewise. */
apr_uint32_t creds_index_find_user(const creds_table_t *table, const char *user);

/* While a table is made: adds an entry to the index of names, unless there is one of that name
 * already. Gives that one; CREDS_NO_ENTRY if it was added. */
apr_uint32_t creds_index_add(creds_table_t *table, apr_uint32_t number);

/* Likewise, to the index of users and to those of its user, if it has a domain. */
void creds_index_add_user(creds_table_t *table, apr_uint32_t number);

#endif
