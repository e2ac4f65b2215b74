/* ntlm-testbench - a server for authors of NTLM clients, until it is stopped. See ntlm-testbench.1.
 *
 * It starts a private httpd with mod_auth_ntlmv2 and mod_ntlm_testbench, says where it is, and
 * waits.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "testbench_certificates.h"
#include "testbench_conf.h"
#include "testbench_guard.h"
#include "testbench_options.h"
#include "testbench_ports.h"
#include "testbench_ready.h"
#include "testbench_server.h"

enum { TRIES = 20 };

/* ---- before it starts ---- */

/* Whom httpd's children become: Debian's, Fedora's, else anybody's. */
static bool find_user(testbench_site_t *site)
{
    static const char *const names[] = {"www-data", "apache", "nobody"};
    const struct passwd *user = NULL;
    if (geteuid() != 0) return true;
    for (size_t i = 0; !user && i < sizeof names / sizeof names[0]; i++) user = getpwnam(names[i]);
    if (!user) return false;
    site->uid = user->pw_uid;
    site->gid = user->pw_gid;
    return true;
}

/* Seen from this program's folder: in a checkout, and installed. Else where httpd's are. */
static void find_own_modules(testbench_site_t *site)
{
    static const char *const places[] = {"../.libs", "../lib/ntlm-testbench"};
    char program[PATH_MAX], path[PATH_MAX + 64];
    if (site->own_modules) return;
    site->own_modules = site->modules;
    const ssize_t len = readlink("/proc/self/exe", program, sizeof program - 1);
    if (len <= 0) return;
    program[len] = '\0';
    *strrchr(program, '/') = '\0';
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        snprintf(path, sizeof path, "%s/%s/mod_ntlm_testbench.so", program, places[i]);
        if (access(path, R_OK) != 0) continue;
        *strrchr(path, '/') = '\0';
        site->own_modules = realpath(path, NULL);
        return;
    }
}

/* A pipe with a name, since httpd opens a log by its name. -1: it cannot be made. */
static int open_requests(const testbench_site_t *site)
{
    char path[PATH_MAX];
    if (mkfifo(testbench_path(site, "requests", path), 0600) != 0) return -1;
    return open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
}

/* What is in the folder before httpd starts. */
static bool fill_folder(const testbench_site_t *site, int *requests)
{
    const char *why = site->ports[PORT_HTTPS].off ? NULL : testbench_certificates(site);
    if (!why && site->log && (*requests = open_requests(site)) < 0) why = strerror(errno);
    if (why) warnx("%s: %s", site->dir, why);
    return !why;
}

/* ---- starting ---- */

/* Files that a try has left would stand in the way of the next one. */
static void remove_files(const testbench_site_t *site)
{
    static const char *const names[] = {"httpd.conf", "users", "httpd.pid", "startup.log",
                                        "error.log"};
    char path[PATH_MAX];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        unlink(testbench_path(site, names[i], path));
}

static bool give_to_user(const testbench_site_t *site)
{
    char path[PATH_MAX];
    return !site->uid || chown(testbench_path(site, "users", path), site->uid, site->gid) == 0;
}

/* One try. PORT_TAKEN: somebody was faster, and another port might do. */
static testbench_state_t try_to_start(testbench_site_t *site, const testbench_guard_t *guard,
                                      pid_t *httpd)
{
    testbench_port_t port;
    const char *why = testbench_ports_take(site, &port);
    if (why) {
        warnx("port %d of %s for %s: %s", site->ports[port].number, site->listen,
              testbench_ports[port].kind, why);
        return ENDED;
    }
    why = testbench_conf(site);
    if (!why && !give_to_user(site)) why = strerror(errno);
    if (why) {
        warnx("%s: %s", site->dir, why);
        return ENDED;
    }
    *httpd = testbench_start(site);
    if (*httpd < 0) {
        warn("fork");
        return ENDED;
    }
    testbench_guard_tell(guard, (testbench_duty_t){.httpd = *httpd});
    return testbench_wait(site, *httpd);
}

static testbench_state_t start(testbench_site_t *site, const testbench_guard_t *guard, pid_t *httpd)
{
    testbench_state_t state = PORT_TAKEN;
    for (int tries = 0; tries < TRIES && state == PORT_TAKEN; tries++) {
        if (tries > 0) {
            testbench_stop(*httpd);
            if (!testbench_ports_give_up(site)) break;
            remove_files(site);
        }
        state = try_to_start(site, guard, httpd);
    }
    if (state == ANSWERS || state == STOPPED) return state;
    warnx("httpd (%s) did not start%s", site->httpd, *httpd > 0 ? "; it said:" : "");
    testbench_show_log(site);
    return state;
}

/* ---- while it runs ---- */

/* To standard error. Who does not read there misses lines: waiting for him would let httpd wait,
 * and who stops us. */
static void copy_requests(int from)
{
    char bytes[PIPE_BUF];
    struct pollfd out = {.fd = STDERR_FILENO, .events = POLLOUT};
    ssize_t len;
    while ((len = read(from, bytes, sizeof bytes)) > 0)
        if (poll(&out, 1, 0) == 1 && write(STDERR_FILENO, bytes, (size_t)len) < 0) continue;
}

/* True when standard input has ended. */
static bool read_stdin(void)
{
    char bytes[4096];
    const ssize_t len = read(STDIN_FILENO, bytes, sizeof bytes);
    return len == 0 || (len < 0 && errno != EINTR && errno != EAGAIN);
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* A signal that came: true if it is one to stop by; of SIGCHLD, if it is httpd that ended. */
static bool is_end(int signals, pid_t httpd)
{
    struct signalfd_siginfo info;
    if (read(signals, &info, sizeof info) != sizeof info) return false;
    return info.ssi_signo != SIGCHLD || testbench_has_ended(httpd);
}

/* Until something ends it. */
static void stay(const testbench_site_t *site, int signals, int requests, pid_t httpd)
{
    const int64_t end = now_ms() + (int64_t)site->exit_after * 1000;
    struct pollfd fds[] = {{.fd = signals, .events = POLLIN},
                           {.fd = site->stdin_eof ? STDIN_FILENO : -1, .events = POLLIN},
                           {.fd = requests, .events = POLLIN}};
    for (;;) {
        const int64_t left = site->exit_after ? end - now_ms() : 60000;
        if (site->exit_after && left <= 0) return;
        const int ready = poll(fds, 3, left > 60000 ? 60000 : (int)left);
        if (ready < 0 && errno != EINTR) return;
        if (ready <= 0) continue;
        if (fds[2].revents & POLLIN) copy_requests(requests);
        if (fds[1].revents && read_stdin()) return;
        if (fds[0].revents && is_end(signals, httpd)) return;
    }
}

/* They are read by signalfd(). A reader of standard output that goes is no reason to end. */
static int take_signals(void)
{
    sigset_t taken;
    sigemptyset(&taken);
    sigaddset(&taken, SIGTERM);
    sigaddset(&taken, SIGINT);
    sigaddset(&taken, SIGHUP);
    sigaddset(&taken, SIGCHLD);
    signal(SIGPIPE, SIG_IGN);
    if (sigprocmask(SIG_BLOCK, &taken, NULL) != 0) return -1;
    return signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Says where it is, and stays. False, after it has said why, if that was not to be. */
static bool serve(const testbench_site_t *site, const testbench_guard_t *guard, pid_t httpd,
                  int signals, int requests)
{
    testbench_guard_tell(guard, (testbench_duty_t){httpd, site->ready_file != NULL});
    const char *why = testbench_ready(site);
    if (why) {
        warnx("--ready-file %s: %s", site->ready_file ? site->ready_file : "-", why);
        return false;
    }
    stay(site, signals, requests, httpd);
    if (!testbench_has_ended(httpd)) return true;
    warnx("httpd has ended by itself; it said:");
    testbench_show_log(site);
    return false;
}

static bool run(testbench_site_t *site, const testbench_guard_t *guard, int signals)
{
    int requests = -1;
    pid_t httpd = -1;
    /* Of one that was ended with all its processes, as containers are. */
    if (site->ready_file) unlink(site->ready_file);
    if (!fill_folder(site, &requests)) return false;
    const testbench_state_t state = start(site, guard, &httpd);
    const bool ok =
        state == STOPPED || (state == ANSWERS && serve(site, guard, httpd, signals, requests));
    testbench_stop(httpd);
    testbench_guard_tell(guard, (testbench_duty_t){0, state == ANSWERS && site->ready_file});
    if (requests >= 0) copy_requests(requests);
    return ok;
}

/* Who closed them would have files of ours there. Standard input has ended then. */
static bool open_standard(void)
{
    int fd = open("/dev/null", O_RDWR);
    while (fd >= 0 && fd <= STDERR_FILENO) fd = open("/dev/null", O_RDWR);
    return fd >= 0 && close(fd) == 0;
}

int main(int argc, char **argv)
{
    if (!open_standard()) return TESTBENCH_CANNOT_START;
    testbench_site_t site = {.listen = "127.0.0.1",
                             .nb_domain = "WONDERLAND",
                             .dns_domain = "mad-hatters.example",
                             .nb_computer = "TEAPOT",
                             .dns_computer = "kettle.tea-party.example",
                             .httpd = TESTBENCH_HTTPD,
                             .modules = TESTBENCH_MODULES};
    for (int port = 0; port < PORTS; port++) site.ports[port].keeper = -1;
    if (!testbench_options(argc, argv, &site)) return TESTBENCH_USAGE;
    for (testbench_port_t port = 0; port < PORTS; port++)
        if (testbench_ports[port].certificate && site.ports[PORT_HTTPS].off)
            site.ports[port].off = true;
    find_own_modules(&site);
    if (!find_user(&site))
        errx(TESTBENCH_CANNOT_START, "there is no user www-data, apache or nobody");
    const int signals = take_signals();
    const char *why = testbench_folder(&site);
    if (why) errx(TESTBENCH_CANNOT_START, "/tmp: %s", why);
    testbench_guard_t guard;
    if (signals < 0 || !testbench_guard_start(&guard, &site)) {
        warn("starting");
        rmdir(site.dir);
        return TESTBENCH_CANNOT_START;
    }
    const bool ok = run(&site, &guard, signals);
    testbench_guard_end(&guard);
    return ok ? TESTBENCH_STOPPED : TESTBENCH_CANNOT_START;
}
