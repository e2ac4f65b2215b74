/* Preloaded into an httpd (t/lib/Clocks.pm): its clocks are the system's, and what a file says
 * more. Two numbers stand in it, microseconds: for the wall clock, and for the one that is
 * never set. The test writes them while httpd runs. */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { WALL, BOOT, CLOCKS };
static const volatile int64_t *ahead;

__attribute__((constructor)) static void open_file(void)
{
    const char *path = getenv("NTLM_TEST_CLOCKS");
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0) return;
    void *map = mmap(NULL, CLOCKS * sizeof *ahead, PROT_READ, MAP_SHARED, fd, 0);
    if (map != MAP_FAILED) ahead = map;
    close(fd);
}

static int64_t ahead_of(clockid_t clock)
{
    if (!ahead) return 0;
    if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) return ahead[WALL];
    return clock == CLOCK_BOOTTIME ? ahead[BOOT] : 0;
}

int clock_gettime(clockid_t clock, struct timespec *at)
{
    int failed = (int)syscall(SYS_clock_gettime, clock, at);
    if (failed) return failed;
    int64_t microseconds = at->tv_nsec / 1000 + ahead_of(clock) % 1000000;
    at->tv_sec += ahead_of(clock) / 1000000;
    if (microseconds < 0) at->tv_sec--, microseconds += 1000000;
    if (microseconds >= 1000000) at->tv_sec++, microseconds -= 1000000;
    at->tv_nsec = microseconds * 1000 + at->tv_nsec % 1000;
    return 0;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone)
{
    struct timespec now;
    (void)zone;
    if (clock_gettime(CLOCK_REALTIME, &now)) return -1;
    *at = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
    return 0;
}

time_t time(time_t *at)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_REALTIME, &now);
    if (at) *at = now.tv_sec;
    return now.tv_sec;
}
