/* For t/bench/threads, loaded before httpd (LD_PRELOAD): counts what its threads lock, for each
 * library that does, in the file that LOCKS names. What somebody else holds when it is wanted is
 * counted as waited for, too. Readers of one lock do not wait for each other: theirs counts only
 * while a writer has it. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { LIBRARIES = 64, NAME = 48 };

typedef struct library_t {
    atomic_ulong taken, waited;
    char name[NAME];
} library_t;

static library_t *libraries;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static struct {
    int (*lock)(pthread_mutex_t *);
    int (*try)(pthread_mutex_t *);
    int (*until)(pthread_mutex_t *, clockid_t, const struct timespec *);
    int (*read)(pthread_rwlock_t *);
    int (*try_read)(pthread_rwlock_t *);
    int (*write)(pthread_rwlock_t *);
    int (*try_write)(pthread_rwlock_t *);
} real;

static void open_counters(void)
{
    *(void **)&real.lock = dlsym(RTLD_NEXT, "pthread_mutex_lock");
    *(void **)&real.try = dlsym(RTLD_NEXT, "pthread_mutex_trylock");
    *(void **)&real.until = dlsym(RTLD_NEXT, "pthread_mutex_clocklock");
    *(void **)&real.read = dlsym(RTLD_NEXT, "pthread_rwlock_rdlock");
    *(void **)&real.try_read = dlsym(RTLD_NEXT, "pthread_rwlock_tryrdlock");
    *(void **)&real.write = dlsym(RTLD_NEXT, "pthread_rwlock_wrlock");
    *(void **)&real.try_write = dlsym(RTLD_NEXT, "pthread_rwlock_trywrlock");
    const char *path = getenv("LOCKS");
    int file = path ? open(path, O_RDWR) : -1;
    if (file < 0) return;
    const int may = PROT_READ | PROT_WRITE;
    void *at = mmap(NULL, LIBRARIES * sizeof *libraries, may, MAP_SHARED, file, 0);
    if (at != MAP_FAILED) libraries = at;
    close(file);
}

static library_t *library_of(const void *caller)
{
    Dl_info info;
    if (!libraries || !dladdr(caller, &info)) return NULL;
    const char *slash = strrchr(info.dli_fname, '/');
    const char *name = slash ? slash + 1 : info.dli_fname;
    for (int i = 0; i < LIBRARIES; i++) {
        if (!libraries[i].name[0]) strncpy(libraries[i].name, name, NAME - 1);
        if (strncmp(libraries[i].name, name, NAME - 1) == 0) return &libraries[i];
    }
    return NULL;
}

static void count(const void *caller, bool was_free)
{
    library_t *library = library_of(caller);
    if (!library) return;
    library->taken++;
    if (!was_free) library->waited++;
}

int pthread_mutex_lock(pthread_mutex_t *mutex)
{
    pthread_once(&once, open_counters);
    int error = real.try(mutex);
    count(__builtin_return_address(0), error != EBUSY);
    return error == EBUSY ? real.lock(mutex) : error;
}

int pthread_mutex_trylock(pthread_mutex_t *mutex)
{
    pthread_once(&once, open_counters);
    int error = real.try(mutex);
    if (error != EBUSY) count(__builtin_return_address(0), true);
    return error;
}

int pthread_mutex_clocklock(pthread_mutex_t *mutex, clockid_t clock, const struct timespec *until)
{
    pthread_once(&once, open_counters);
    count(__builtin_return_address(0), false);
    return real.until(mutex, clock, until);
}

int pthread_rwlock_rdlock(pthread_rwlock_t *lock)
{
    pthread_once(&once, open_counters);
    int error = real.try_read(lock);
    if (error != EBUSY) return error;
    count(__builtin_return_address(0), false);
    return real.read(lock);
}

int pthread_rwlock_wrlock(pthread_rwlock_t *lock)
{
    pthread_once(&once, open_counters);
    int error = real.try_write(lock);
    count(__builtin_return_address(0), error != EBUSY);
    return error == EBUSY ? real.write(lock) : error;
}
