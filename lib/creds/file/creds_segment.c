#include "creds_segment.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <apr_atomic.h>

#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x0010
#endif

enum { SEALS = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE };
enum { WORD_SEALS = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE };

static int new_memory(const char *name)
{
    return memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
}

int creds_segment_new(void)
{
    return new_memory("ntlm-accounts");
}

/* Longer than ulimit -f allows it would end the process by a signal. */
static bool is_too_long(apr_size_t size)
{
    struct rlimit limit;
    return getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
           size > limit.rlim_cur;
}

apr_status_t creds_segment_fill(int segment, const void *bytes, apr_size_t size)
{
    const char *at = bytes;
    if (is_too_long(size)) return EFBIG;
    while (size > 0) {
        ssize_t len = write(segment, at, size);
        if (len < 0 && errno == EINTR) continue;
        if (len <= 0) return len < 0 ? errno : ENOSPC;
        at += len;
        size -= (apr_size_t)len;
    }
    return fcntl(segment, F_ADD_SEALS, SEALS) == 0 ? APR_SUCCESS : errno;
}

static bool is_sealed(int segment)
{
    const int seals = fcntl(segment, F_GET_SEALS);
    if (seals >= 0 && (seals & SEALS) == SEALS) return true;
    if (seals >= 0) errno = EPERM;
    return false;
}

/* Linux before 6.7 maps what is sealed through such a descriptor only. */
int creds_segment_reader(int segment)
{
    char path[64];
    if (!is_sealed(segment)) return -1;
    snprintf(path, sizeof path, "/proc/self/fd/%d", segment);
    return open(path, O_RDONLY | O_CLOEXEC);
}

const void *creds_segment_map(int reader, apr_size_t *size)
{
    struct stat is;
    if (!is_sealed(reader) || fstat(reader, &is) != 0) return NULL;
    *size = (apr_size_t)is.st_size;
    void *mapped = mmap(NULL, *size, PROT_READ, MAP_SHARED, reader, 0);
    return mapped == MAP_FAILED ? NULL : mapped;
}

void creds_segment_unmap(const void *mapped, apr_size_t size)
{
    munmap((void *)(uintptr_t)mapped, size);
}

int creds_segment_copy(int segment)
{
    return fcntl(segment, F_DUPFD_CLOEXEC, 0);
}

void creds_segment_close(int *segment)
{
    if (*segment >= 0) close(*segment);
    *segment = -1;
}

/* ---- a word ---- */

/* What is forked does not get the mapping that can be written. */
static apr_status_t map_word(creds_word_t *word, int memory)
{
    if (ftruncate(memory, sizeof *word->own) != 0) return errno;
    void *own = mmap(NULL, sizeof *word->own, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
    if (own == MAP_FAILED) return errno;
    word->own = own;
    if (madvise(own, sizeof *word->own, MADV_DONTFORK) != 0) return errno;
    if (fcntl(memory, F_ADD_SEALS, WORD_SEALS) != 0) return errno;
    void *seen = mmap(NULL, sizeof *word->seen, PROT_READ, MAP_SHARED, memory, 0);
    if (seen == MAP_FAILED) return errno;
    word->seen = seen;
    return APR_SUCCESS;
}

apr_status_t creds_word_make(creds_word_t *word)
{
    int memory = new_memory("ntlm-newest");
    *word = (creds_word_t){NULL, NULL};
    if (memory < 0) return errno;
    apr_status_t rv = map_word(word, memory);
    close(memory);
    if (rv != APR_SUCCESS) creds_word_drop(word, true);
    return rv;
}

/* The kernel waits for a word of memory, whoever can write it. */
void creds_word_wake(const creds_word_t *word)
{
    syscall(SYS_futex, word->seen, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

void creds_word_wait(const creds_word_t *word, apr_uint32_t value, int seconds)
{
    const struct timespec patience = {.tv_sec = seconds};
    syscall(SYS_futex, word->seen, FUTEX_WAIT, value, &patience, NULL, 0);
}

void creds_word_set(creds_word_t *word, apr_uint32_t value)
{
    apr_atomic_set32(word->own, value);
    creds_word_wake(word);
}

apr_uint32_t creds_word_get(const creds_word_t *word)
{
    return apr_atomic_read32((volatile apr_uint32_t *)(uintptr_t)word->seen);
}

void creds_word_drop(creds_word_t *word, bool maker)
{
    if (maker && word->own) munmap((void *)(uintptr_t)word->own, sizeof *word->own);
    if (word->seen) munmap((void *)(uintptr_t)word->seen, sizeof *word->seen);
    *word = (creds_word_t){NULL, NULL};
}
