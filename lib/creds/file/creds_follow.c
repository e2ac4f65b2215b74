#include "creds_follow.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <apr_atomic.h>
#include <apr_strings.h>
#include <apr_thread_proc.h>

#include "../../system/clock.h"
#include "creds_keep.h"
#include "creds_segment.h"
#include "creds_taker.h"

enum { PATIENCE = 60 * 1000 /* msec */ };

/* One configuration is followed at a time. */
static struct {
    apr_pool_t *pool; /* NULL: none is */
    pid_t parent;
    creds_follow_t how;
    creds_file_t *files;
    creds_word_t bell; /* rung when something has been laid out */
    creds_reader_t reader;
    apr_pool_t *reader_pool; /* lasts as long as the reader */
} following = {.reader = {.segment = -1}};

/* ---- what a reader has left ---- */

static void lay_out(creds_file_t *file)
{
    const creds_parcel_t parcel = {apr_atomic_read32(&file->generation), file->served};
    creds_shelf_put(file->shelf, &parcel, file->segment);
    creds_word_set(&following.bell, creds_word_get(&following.bell) + 1);
}

static bool take_over(creds_file_t *file, const creds_reader_t *reader)
{
    int segment = creds_segment_reader(reader->segment);
    if (segment < 0) return false;
    if (!creds_live_serve(file, segment, &reader->report->stamp)) {
        creds_segment_close(&segment);
        return false;
    }
    creds_segment_close(&file->segment);
    file->segment = segment;
    creds_keep_put(following.pool, file->path, file->world_readable, segment, &file->served);
    lay_out(file);
    return true;
}

/* One line for each state of the file, however often it is tried. */
static void refuse(creds_file_t *file, const creds_stamp_t *stamp, const char *why)
{
    const bool told = creds_stamp_equal(&file->told, stamp);
    file->refused = file->told = *stamp;
    file->refused_at = clock_msec();
    if (!told) following.how.complain(why);
}

static const char *say(apr_pool_t *pool, const creds_file_t *file, creds_report_t *report,
                       int status)
{
    const bool killed = WIFSIGNALED(status);
    const char *why = report->why;
    report->why[sizeof report->why - 1] = '\0';
    if (report->outcome == CREDS_READER_DONE)
        why = apr_psprintf(pool, "cannot take over what was read of %s", file->path);
    else if (report->outcome != CREDS_READER_REFUSED)
        why = apr_psprintf(pool, "the process that was reading %s has ended (%s %d)", file->path,
                           killed ? "signal" : "status",
                           killed ? WTERMSIG(status) : WEXITSTATUS(status));
    return apr_pstrcat(pool, why, "; the accounts that were read before go on serving", NULL);
}

/* Gives false if it was waiting. */
static bool collect(int status)
{
    creds_report_t *report = following.reader.report;
    creds_file_t *file = creds_reader_file(&following.reader, following.files);
    if (!file) return false;
    if (report->outcome != CREDS_READER_DONE || !take_over(file, &following.reader))
        refuse(file, &report->stamp, say(following.reader_pool, file, report, status));
    return true;
}

/* ---- readers come and go ---- */

static void forget_reader(void)
{
    creds_reader_forget(&following.reader);
    apr_pool_destroy(following.reader_pool);
}

static void reader_ended(int reason, void *data, int status);

static void start_reader(void)
{
    if (apr_pool_create(&following.reader_pool, following.pool) != APR_SUCCESS) return;
    if (!creds_reader_start(&following.reader, following.files, &following.how.user)) {
        following.how.complain(creds_cannot(following.reader_pool, "start a process that reads",
                                            "password files", apr_get_os_error()));
        apr_pool_destroy(following.reader_pool);
        return;
    }
    apr_proc_t *process = apr_pcalloc(following.reader_pool, sizeof *process);
    process->pid = following.reader.pid;
    apr_proc_other_child_register(process, reader_ended, process, NULL, following.reader_pool);
}

/* httpd's parent has seen it end. One that had nothing to do may be one that cannot live here: the
 * next one can wait. */
static void reader_ended(int reason, void *data, int status)
{
    (void)data;
    if (reason != APR_OC_REASON_DEATH && reason != APR_OC_REASON_LOST) return;
    const bool was_busy = collect(status);
    forget_reader();
    if (was_busy) start_reader();
}

/* ---- the parent ---- */

/* Children run this too, when they end. */
static apr_status_t end(void *data)
{
    (void)data;
    if (following.parent == getpid() && following.reader.pid > 0) {
        kill(following.reader.pid, SIGKILL);
        waitpid(following.reader.pid, NULL, 0);
        creds_reader_forget(&following.reader);
    }
    creds_word_drop(&following.bell, following.parent == getpid());
    following.pool = NULL;
    return APR_SUCCESS;
}

static bool follow(creds_file_t *file)
{
    if (file->segment < 0) return false;
    if (creds_shelf_make(following.pool, file->generation, &file->shelf) != APR_SUCCESS)
        return false;
    creds_keep_put(following.pool, file->path, file->world_readable, file->segment, &file->served);
    return true;
}

void creds_follow_begin(apr_pool_t *pool, const creds_follow_t *how)
{
    bool any = false;
    following.pool = pool;
    following.parent = getpid();
    following.how = *how;
    following.files = creds_live_all(pool);
    if (creds_word_make(&following.bell) == APR_SUCCESS)
        for (creds_file_t *file = following.files; file; file = file->next) any |= follow(file);
    creds_keep_sweep(pool);
    apr_pool_pre_cleanup_register(pool, NULL, end);
    if (any) start_reader();
}

void creds_follow_look(void)
{
    bool any = false;
    if (!following.pool || following.parent != getpid()) return;
    for (creds_file_t *file = following.files; file; file = file->next) {
        if (file->shelf) lay_out(file);
        any |= file->shelf != NULL;
    }
    const creds_reader_t *reader = &following.reader;
    if (reader->pid <= 0) {
        if (any) start_reader();
    } else if (creds_reader_file(reader, following.files) &&
               clock_msec_between(apr_atomic_read32(&reader->report->since), clock_msec()) >
                   PATIENCE)
        kill(reader->pid, SIGKILL);
}

/* ---- a child ---- */

void creds_follow_child(apr_pool_t *pool)
{
    bool any = false;
    if (!following.pool) return;
    for (creds_file_t *file = following.files; file; file = file->next) {
        if (file->shelf) creds_shelf_is_childs(file->shelf);
        any |= file->shelf != NULL;
        creds_segment_close(&file->segment);
    }
    following.reader.report = NULL; /* it was not inherited */
    creds_reader_forget(&following.reader);
    creds_keep_nothing(following.pool);
    if (any) creds_taker_start(pool, following.files, &following.bell);
}
