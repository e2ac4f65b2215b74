/* creds_hash.h - where a name stands in a table: SipHash-2-4 (Aumasson and Bernstein, 2012).
 *
 * Clients choose the names that are looked up. Without the key, which is drawn at random for each
 * table, nobody can choose names that meet in one place of it.
 */
#ifndef NTLM_CREDS_HASH_H
#define NTLM_CREDS_HASH_H

#include "../../ntlm/wire.h"

enum { CREDS_HASH_KEY_LEN = 16 };

uint64_t creds_hash(const uint8_t key[CREDS_HASH_KEY_LEN], bytes_t text);

#endif
