#include "testbench_guard.h"

#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int remove_one(const char *path, const struct stat *found, int kind, struct FTW *where)
{
    (void)found;
    (void)kind;
    (void)where;
    remove(path);
    return 0;
}

static void clear_up(const testbench_site_t *site, testbench_duty_t duty)
{
    if (duty.httpd > 0) kill(-duty.httpd, SIGKILL);
    if (duty.ready_file) unlink(site->ready_file);
    nftw(site->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* A session of its own: what ends that of ntlm-testbench, or its group, leaves it alone. The
 * signals that ntlm-testbench takes are blocked here, too. It holds nothing that others wait for.
 */
static void keep_guard(const testbench_site_t *site, int from)
{
    testbench_duty_t duty = {0}, said;
    setsid();
    const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) dup2(nothing, fd);
    while (read(from, &said, sizeof said) == sizeof said) duty = said;
    clear_up(site, duty);
    _exit(0);
}

bool testbench_guard_start(testbench_guard_t *guard, const testbench_site_t *site)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return false;
    guard->pid = fork();
    if (guard->pid < 0) return false;
    if (guard->pid == 0) {
        close(ends[1]);
        keep_guard(site, ends[0]);
    }
    close(ends[0]);
    guard->to = ends[1];
    return true;
}

void testbench_guard_tell(const testbench_guard_t *guard, testbench_duty_t duty)
{
    /* If it is gone, httpd still ends with us (testbench_server.c). */
    if (write(guard->to, &duty, sizeof duty) < 0) return;
}

void testbench_guard_end(testbench_guard_t *guard)
{
    close(guard->to);
    waitpid(guard->pid, NULL, 0);
}
