/* creds_segment.h - memory that processes share, and that nobody can change any more.
 *
 * It is a memfd: memory with a descriptor and no name in any folder, given back when nobody has it
 * mapped or open. Sealed, it can be neither written, nor made shorter or longer, nor mapped for
 * writing, by whoever has it; and the seals cannot be taken off. (Anonymous shared memory that
 * is only protected can be made writable again with mprotect().) Descriptors are closed when a
 * program is started; what a process forks has them.
 */
#ifndef NTLM_CREDS_SEGMENT_H
#define NTLM_CREDS_SEGMENT_H

#include <stdbool.h>

#include <apr_errno.h>

/* An empty one, or -1 with errno where there is no such thing. */
int creds_segment_new(void);

/* Writes size bytes into an empty one and seals it. Nobody may have it mapped for writing. */
apr_status_t creds_segment_fill(int segment, const void *bytes, apr_size_t size);

/* A descriptor for reading alone of a sealed segment; -1 with errno if it is not sealed. */
int creds_segment_reader(int segment);

/* Maps all of a sealed segment, through a descriptor for reading. NULL with errno if it is not
 * sealed, or there is no room. */
const void *creds_segment_map(int reader, apr_size_t *size);
void creds_segment_unmap(const void *mapped, apr_size_t size);

/* Another descriptor of it, or -1. */
int creds_segment_copy(int segment);

/* Closes it, if it is one, and makes it -1. */
void creds_segment_close(int *segment);

/* A word that this process alone can write, and that what it forks can read: neither has the
 * other's mapping. */
typedef struct creds_word_t {
    volatile apr_uint32_t *own;        /* of the process that has made it */
    const volatile apr_uint32_t *seen; /* of that one and all that it forks */
} creds_word_t;

apr_status_t creds_word_make(creds_word_t *word);

/* Writes it, and wakes all that wait for it to be another one than it was. */
void creds_word_set(creds_word_t *word, apr_uint32_t value);
apr_uint32_t creds_word_get(const creds_word_t *word);

/* Waits until it is another one, until somebody says so with creds_word_wake(), or so long at the
 * most. */
void creds_word_wait(const creds_word_t *word, apr_uint32_t value, int seconds);
void creds_word_wake(const creds_word_t *word);

void creds_word_drop(creds_word_t *word, bool maker);

#endif
