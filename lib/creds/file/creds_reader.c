#include "creds_reader.h"

#include <dirent.h>
#include <errno.h>
#include <grp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include <apr_atomic.h>
#include <apr_strings.h>

#include "../../system/clock.h"
#include "creds_segment.h"

enum { BETWEEN_LOOKS = 250 * 1000 * 1000 /* nanoseconds */, TRY_AGAIN = 60 * 1000 /* msec */ };

/* ---- in the process ---- */

/* It ends with who has started it. The kernel forgets this with a change of the user. */
static bool end_with(pid_t parent)
{
    return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent;
}

/* What httpd does at a signal is not for this process. Others of its user cannot look into it. */
static bool settle(pid_t parent)
{
    static const int signals[] = {SIGHUP,  SIGINT,  SIGTERM,  SIGUSR1, SIGUSR2, SIGQUIT, SIGCHLD,
                                  SIGPIPE, SIGSEGV, SIGWINCH, SIGBUS,  SIGABRT, SIGILL,  SIGFPE};
    sigset_t none;
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) signal(signals[i], SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prctl(PR_SET_NAME, "ntlm-accounts");
    return prctl(PR_SET_DUMPABLE, 0) == 0 && end_with(parent);
}

/* All but where errors are written and that one: a port that its parent has given up would stay
 * taken as long as a reader has it. */
static bool close_all_but(int kept)
{
    const struct dirent *entry;
    DIR *all = opendir("/proc/self/fd");
    if (!all) return false;
    while ((entry = readdir(all)) != NULL) {
        const int descriptor = (int)strtol(entry->d_name, NULL, 10);
        if (descriptor > STDERR_FILENO && descriptor != kept && descriptor != dirfd(all))
            close(descriptor);
    }
    return closedir(all) == 0;
}

static bool become(const creds_reader_user_t *user, pid_t parent)
{
    if (geteuid() != 0) return true;
    return setgroups(0, NULL) == 0 && setgid(user->group) == 0 && setuid(user->user) == 0 &&
           prctl(PR_SET_DUMPABLE, 0) == 0 && end_with(parent);
}

/* The content is read as root, and taken apart as somebody else. */
static const char *take_apart(apr_pool_t *pool, const creds_file_t *file, const own_file_t *own,
                              int segment)
{
    creds_table_t *table = NULL;
    const char *why =
        creds_table_parse(pool, file->path, (const char *)own->text, own->len, &table);
    if (why) return why;
    creds_table_succeed(table, file->held.table);
    apr_status_t rv = creds_segment_fill(segment, table, creds_table_size(table));
    return rv == APR_SUCCESS ? NULL : creds_cannot(pool, "hold", file->path, rv);
}

static const char *read_file(apr_pool_t *pool, const creds_file_t *file,
                             const creds_reader_t *reader, const creds_reader_user_t *user,
                             pid_t parent)
{
    own_file_t own;
    creds_stamp_t stamp;
    const char *why = creds_half_written(pool, file->path);
    if (why) return why;
    if ((why = creds_read(pool, file->path, file->world_readable, &own, &stamp)) != NULL)
        return why;
    reader->report->stamp = stamp;
    why = become(user, parent)
              ? take_apart(pool, file, &own, reader->segment)
              : creds_cannot(pool, "give up root to take apart", file->path, errno);
    own_file_forget(&own);
    return why;
}

static void report_on(const creds_file_t *file, const creds_reader_t *reader,
                      const creds_reader_user_t *user, pid_t parent)
{
    apr_pool_t *pool;
    creds_report_t *report = reader->report;
    if (apr_pool_create_unmanaged_ex(&pool, NULL, NULL) != APR_SUCCESS) return;
    const char *why = read_file(pool, file, reader, user, parent);
    if (why) apr_cpystrn(report->why, why, sizeof report->why);
    report->outcome = why ? CREDS_READER_REFUSED : CREDS_READER_DONE;
    apr_pool_destroy(pool);
}

/* What was refused may have been the machine's fault. */
static void forgive(creds_file_t *file)
{
    if (clock_msec_between(file->refused_at, clock_msec()) >= TRY_AGAIN) file->refused.size = -1;
}

/* Gives true when one had changed. */
static bool look_at(creds_file_t *files, const creds_reader_t *reader, apr_pool_t *pool,
                    const creds_reader_user_t *user, pid_t parent)
{
    creds_stamp_t stamp;
    apr_uint32_t number = 1;
    for (; files; files = files->next, number++) {
        if (!files->shelf) continue;
        forgive(files);
        if (!creds_live_has_changed(files, apr_time_now(), pool, &stamp)) continue;
        reader->report->stamp = stamp;
        apr_atomic_set32(&reader->report->since, clock_msec());
        apr_atomic_set32(&reader->report->file, number);
        report_on(files, reader, user, parent);
        return true;
    }
    return false;
}

static void be_reader(creds_file_t *files, const creds_reader_t *reader,
                      const creds_reader_user_t *user, pid_t parent)
{
    static const struct timespec pause = {.tv_nsec = BETWEEN_LOOKS};
    apr_pool_t *pool;
    if (!settle(parent) || !close_all_but(reader->segment)) return;
    if (apr_pool_create_unmanaged_ex(&pool, NULL, NULL) != APR_SUCCESS) return;
    while (!look_at(files, reader, pool, user, parent)) {
        apr_pool_clear(pool);
        nanosleep(&pause, NULL);
    }
}

/* ---- in the parent ---- */

void creds_reader_forget(creds_reader_t *reader)
{
    creds_segment_close(&reader->segment);
    if (reader->report) munmap(reader->report, sizeof *reader->report);
    *reader = (creds_reader_t){.segment = -1};
}

bool creds_reader_start(creds_reader_t *reader, creds_file_t *files,
                        const creds_reader_user_t *user)
{
    const pid_t parent = getpid();
    void *report = mmap(NULL, sizeof *reader->report, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    *reader = (creds_reader_t){.segment = creds_segment_new()};
    if (report != MAP_FAILED) reader->report = report;
    reader->pid = reader->report && reader->segment >= 0 ? fork() : -1;
    if (reader->pid == 0) {
        be_reader(files, reader, user, parent);
        _exit(0);
    }
    if (reader->pid > 0 && madvise(report, sizeof *reader->report, MADV_DONTFORK) == 0) return true;
    const int error = errno;
    if (reader->pid > 0) kill(reader->pid, SIGKILL);
    creds_reader_forget(reader);
    errno = error;
    return false;
}

creds_file_t *creds_reader_file(const creds_reader_t *reader, creds_file_t *files)
{
    apr_uint32_t number = apr_atomic_read32(&reader->report->file);
    if (number == 0) return NULL;
    while (files && --number > 0) files = files->next;
    return files;
}
