/* words.h - what stands behind Require NAME in the configuration. */
#ifndef NTLM_REQUIRE_WORDS_H
#define NTLM_REQUIRE_WORDS_H

#include <apr_pools.h>

/* Says (from pool) what is wrong with one word, or gives NULL; *word may become another (from
 * pool). */
typedef const char *words_reader_t(apr_pool_t *pool, const char **word);

/* Takes the words apart, in quotes or not: *list becomes all of them, NULL at the end. NULL, or
 * (from pool) what is wrong: there are none, or what read says. what: the Require
 * that they stand behind, with an example, as "Require NAME takes ...: write for example ...". */
const char *words_read(apr_pool_t *pool, const char *words, const char *what, words_reader_t *read,
                       const char *const **list);

#endif
