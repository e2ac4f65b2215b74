#include "testbench_server.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "testbench_ports.h"

enum { STEP_MS = 10, START_MS = 60000, STOP_MS = 5000 };

static void wait_ms(long ms)
{
    const struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    nanosleep(&time, NULL);
}

/* ---- the folder ---- */

/* Below /tmp, since httpd's children may not see TMPDIR. Others may read the certificates and the
 * log; keys and accounts are closed. */
const char *testbench_folder(testbench_site_t *site)
{
    snprintf(site->dir, sizeof site->dir, "/tmp/ntlm-testbench.XXXXXX");
    if (mkdtemp(site->dir) && chmod(site->dir, 0755) == 0) return NULL;
    return strerror(errno);
}

/* ---- httpd ---- */

/* In the child, which has a group of its own: Ctrl-C is for us, who then stop it. */
static void become_httpd(const testbench_site_t *site, pid_t parent)
{
    char conf[PATH_MAX], log[PATH_MAX];
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) _exit(1);
    const int out = open(testbench_path(site, "startup.log", log),
                         O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (out < 0 || in < 0) _exit(1);
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    testbench_path(site, "httpd.conf", conf);
    execlp(site->httpd, site->httpd, "-f", conf, "-DFOREGROUND", (char *)NULL);
    dprintf(STDERR_FILENO, "%s: %s\n", site->httpd, strerror(errno));
    _exit(1);
}

pid_t testbench_start(const testbench_site_t *site)
{
    const pid_t parent = getpid(), httpd = fork();
    if (httpd == 0) become_httpd(site, parent);
    return httpd;
}

/* httpd names its process in that file once it has its ports. */
static bool has_ports(const testbench_site_t *site, pid_t httpd)
{
    char path[PATH_MAX];
    FILE *in = fopen(testbench_path(site, "httpd.pid", path), "re");
    char line[32] = "";
    const bool read = in && fgets(line, sizeof line, in);
    if (in) fclose(in);
    return read && strtol(line, NULL, 10) == httpd;
}

static bool is_healthy(const testbench_site_t *site)
{
    static const char request[] = "GET /health HTTP/1.0\r\nHost: localhost\r\n\r\n";
    char answer[16] = "";
    const int connection = testbench_connect(site, PORT_HTTP);
    if (connection < 0) return false;
    size_t len = 0;
    if (send(connection, request, sizeof request - 1, MSG_NOSIGNAL) > 0)
        for (ssize_t got = 1; got > 0 && len < sizeof answer - 1; len += (size_t)got) {
            got = read(connection, answer + len, sizeof answer - 1 - len);
            if (got < 0) break;
        }
    close(connection);
    return strncmp(answer, "HTTP/1.1 200", 12) == 0;
}

static bool log_says(const testbench_site_t *site, const char *name, const char *words)
{
    char path[PATH_MAX], *line = NULL;
    size_t size = 0;
    bool says = false;
    FILE *in = fopen(testbench_path(site, name, path), "re");
    while (in && !says && getline(&line, &size, in) > 0) says = strstr(line, words) != NULL;
    free(line);
    if (in) fclose(in);
    return says;
}

/* It stays there, a zombie, so that its group is nobody else's until it is killed. */
bool testbench_has_ended(pid_t httpd)
{
    siginfo_t found = {.si_pid = 0};
    return waitid(P_PID, (id_t)httpd, &found, WEXITED | WNOHANG | WNOWAIT) != 0 || found.si_pid;
}

static bool is_asked_to_stop(void)
{
    sigset_t pending;
    return sigpending(&pending) == 0 &&
           (sigismember(&pending, SIGTERM) || sigismember(&pending, SIGINT) ||
            sigismember(&pending, SIGHUP));
}

testbench_state_t testbench_wait(const testbench_site_t *site, pid_t httpd)
{
    static const char taken[] = "Address already in use";
    for (int ms = 0; ms < START_MS; ms += STEP_MS) {
        if (testbench_has_ended(httpd))
            return log_says(site, "startup.log", taken) || log_says(site, "error.log", taken)
                       ? PORT_TAKEN
                       : ENDED;
        if (has_ports(site, httpd) && is_healthy(site)) return ANSWERS;
        if (is_asked_to_stop()) return STOPPED;
        wait_ms(STEP_MS);
    }
    return SILENT;
}

void testbench_stop(pid_t httpd)
{
    if (httpd <= 0) return;
    kill(httpd, SIGTERM);
    for (int ms = 0; ms < STOP_MS && !testbench_has_ended(httpd); ms += STEP_MS) wait_ms(STEP_MS);
    kill(-httpd, SIGKILL);
    waitpid(httpd, NULL, 0);
}

void testbench_show_log(const testbench_site_t *site)
{
    static const char *const names[] = {"startup.log", "error.log"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[PATH_MAX], *line = NULL;
        size_t size = 0;
        FILE *in = fopen(testbench_path(site, names[i], path), "re");
        while (in && getline(&line, &size, in) > 0) fputs(line, stderr);
        free(line);
        if (in) fclose(in);
    }
}
