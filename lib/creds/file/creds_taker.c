#include "creds_taker.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <apr_atomic.h>

#include "../../system/clock.h"

enum { PATIENCE = 2000 /* moments */ };
enum { STACK = 128 * 1024, NAP = 10 /* seconds: a call to stop may come just before the nap */ };

typedef struct taker_t {
    pid_t process; /* what that forks does not have the thread */
    pthread_t thread;
    creds_file_t *files;
    const creds_word_t *bell;
    volatile apr_uint32_t stopped;
} taker_t;

static void look_at(creds_file_t *file)
{
    if (!file->shelf) return;
    creds_live_take(file);
    creds_shelf_look(file->shelf, apr_atomic_read32(&file->generation), clock_msec());
}

static void *take_what_comes(void *data)
{
    taker_t *taker = data;
    while (!apr_atomic_read32(&taker->stopped)) {
        const apr_uint32_t heard = creds_word_get(taker->bell);
        for (creds_file_t *file = taker->files; file; file = file->next) look_at(file);
        if (!apr_atomic_read32(&taker->stopped)) creds_word_wait(taker->bell, heard, NAP);
    }
    apr_atomic_set32(&taker->stopped, 2);
    return NULL;
}

/* Before what it uses goes. Others that are woken sleep on. Not for ever: prefork does this in a
 * signal's handler, and may have been asking the table that the thread is about to give back. */
static apr_status_t stop(void *data)
{
    static const struct timespec moment = {.tv_nsec = 1000000};
    taker_t *taker = data;
    if (taker->process != getpid()) return APR_SUCCESS;
    apr_atomic_set32(&taker->stopped, 1);
    for (int i = 0; i < PATIENCE && apr_atomic_read32(&taker->stopped) != 2; i++) {
        creds_word_wake(taker->bell);
        nanosleep(&moment, NULL);
    }
    if (apr_atomic_read32(&taker->stopped) == 2) pthread_join(taker->thread, NULL);
    return APR_SUCCESS;
}

void creds_taker_start(apr_pool_t *pool, creds_file_t *files, const creds_word_t *bell)
{
    sigset_t all, before;
    pthread_attr_t how;
    taker_t *taker = apr_pcalloc(pool, sizeof *taker);
    taker->process = getpid();
    taker->files = files;
    taker->bell = bell;
    if (pthread_attr_init(&how) != 0) return;
    pthread_attr_setstacksize(&how, STACK);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const int error = pthread_create(&taker->thread, &how, take_what_comes, taker);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&how);
    if (!error) apr_pool_pre_cleanup_register(pool, taker, stop);
}
