/* load PORT KIND CONNECTIONS TIMES ACCOUNTS: clients of an httpd on loopback that wait for nothing
 * but its answers, and one line of JSON about what they saw:
 *
 *     {"kind":"ntlm","done":10000,"wrong":0,"closed":2,"seconds":3.210,"status":{"200":9998}}
 *
 * KIND           open, basic, ntlm: each on a new connection (a page; 401 and 200; Type 1, 401 and
 *                Type 3); kept-open, kept-basic, kept-ntlm: pages on connections that stay
 * CONNECTIONS    at once; all of them send, then all of them read
 * TIMES          logins, or pages on connections that stay
 * ACCOUNTS       a file, USER PASSWORD NTHASH VERDICT a line: the status that is right, or 0 for
 * any
 *
 * closed: the connection ended before the answer did. wrong: another status than the account's; the
 * first of them are told on standard error. Exit status: 1 if there were wrong ones. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../../lib/ntlm/crypto.h"
#include "../unit/client.h"

enum { PATIENCE = 60, STATUSES = 600, TOLD = 10, TEXT_MAX = 8192 };

typedef struct account_t {
    char user[64], password[64];
    uint8_t nt_hash[NTLM_KEY_LEN];
    int verdict;
} account_t;

typedef struct line_t {
    int fd; /* -1: closed */
    const account_t *account;
    bool over;             /* the login */
    char in[TEXT_MAX + 1]; /* the last response */
} line_t;

typedef struct kind_t {
    const char *name;
    void (*legs[2])(const line_t *line, char *header); /* each writes its header */
    void (*again)(const line_t *line, char *header);   /* on a connection that stays, or NULL */
} kind_t;

static account_t *accounts;
static size_t account_count, next_account;
static unsigned long done, wrong, closed, statuses[STATUSES];

/* ---- what is sent ---- */

static void bare(const line_t *line, char *header)
{
    (void)line;
    *header = 0;
}

static void authorize(char *header, const char *scheme, const void *data, size_t len)
{
    int at = sprintf(header, "Authorization: %s ", scheme);
    at += EVP_EncodeBlock((unsigned char *)header + at, data, (int)len);
    strcpy(header + at, "\r\n");
}

static void basic(const line_t *line, char *header)
{
    char text[sizeof line->account->user + sizeof line->account->password + 1];
    int len = sprintf(text, "%s:%s", line->account->user, line->account->password);
    authorize(header, "Basic", text, (size_t)len);
}

static void type1(const line_t *line, char *header)
{
    (void)line;
    bytes_t message = client_type1(CLIENT_FLAGS);
    authorize(header, "NTLM", message.data, message.len);
}

/* The challenge is in the last response. Without one a Type 3 makes no sense, and is refused. */
static void type3(const line_t *line, char *header)
{
    static const char offer[] = "WWW-Authenticate: NTLM ";
    uint8_t type2[TEXT_MAX], message[CLIENT_MESSAGE_MAX];
    const char *text = strstr(line->in, offer);
    text = text ? text + sizeof offer - 1 : "";
    size_t len = strcspn(text, "\r=");
    int room = EVP_DecodeBlock(type2, (const unsigned char *)text, (int)(len + 3) / 4 * 4);
    type2_t parsed;
    const bytes_t received = {type2, room < 0 ? 0 : len * 3 / 4};
    if (type2_parse(received, &parsed)) {
        type1(line, header);
        return;
    }
    client_t client = {.user = line->account->user, .domain = "CORP"};
    memcpy(client.nt_hash, line->account->nt_hash, sizeof client.nt_hash);
    bytes_t sent = client_type3(&client, client_type1(CLIENT_FLAGS), received, message);
    authorize(header, "NTLM", sent.data, sent.len);
}

static const kind_t kinds[] = {
    {"open", {bare, NULL}, NULL},         {"basic", {bare, basic}, NULL},
    {"ntlm", {type1, type3}, NULL},       {"kept-open", {bare, NULL}, bare},
    {"kept-basic", {bare, basic}, basic}, {"kept-ntlm", {type1, type3}, bare},
};

/* ---- a connection ---- */

static void end(line_t *line)
{
    if (line->fd >= 0) close(line->fd);
    line->fd = -1;
}

static void begin(line_t *line, int port)
{
    static const struct timeval patience = {PATIENCE, 0};
    static const int on = 1;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    line->over = false;
    line->account = &accounts[next_account++ % account_count];
    line->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (line->fd < 0) abort();
    setsockopt(line->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(line->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(line->fd, (struct sockaddr *)&to, sizeof to) != 0) end(line);
}

static void ask(line_t *line, void (*leg)(const line_t *, char *))
{
    char header[TEXT_MAX], text[2 * TEXT_MAX];
    if (line->fd < 0) return;
    leg(line, header);
    int len = sprintf(text, "GET /page HTTP/1.1\r\nHost: 127.0.0.1\r\n%s\r\n", header);
    if (send(line->fd, text, (size_t)len, MSG_NOSIGNAL) != len) end(line);
}

/* Where the response in `in` ends, or 0 if that is not known yet. */
static size_t end_of(const char *in)
{
    const char *body = strstr(in, "\r\n\r\n"), *length = strstr(in, "Content-Length: ");
    if (!body) return 0;
    return (size_t)(body + 4 - in) +
           (length && length < body ? strtoul(length + strlen("Content-Length: "), NULL, 10) : 0);
}

/* The status; 0 if the connection ended before. */
static int answer(line_t *line)
{
    size_t len = 0, whole = 0;
    while (line->fd >= 0 && (whole == 0 || len < whole)) {
        ssize_t got = recv(line->fd, line->in + len, TEXT_MAX - len, 0);
        if (got <= 0) {
            end(line);
            break;
        }
        len += (size_t)got;
        line->in[len] = 0;
        whole = end_of(line->in);
    }
    return line->fd < 0 || len < 12 ? 0 : atoi(line->in + 9);
}

static void judge(line_t *line, int status)
{
    const account_t *account = line->account;
    done++;
    if (status > 0 && status < STATUSES) statuses[status]++;
    if (status == 0) {
        closed++;
    } else if (account->verdict && status != account->verdict && wrong++ < TOLD) {
        fprintf(stderr, "%s: %d, not %d\n", account->user, status, account->verdict);
    }
}

/* ---- all of them ---- */

/* Each leg on all lines. What is no 401 at first ends the login, too. */
static void log_in(line_t *lines, size_t count, const kind_t *kind, bool judged)
{
    for (int leg = 0; leg < 2 && kind->legs[leg]; leg++) {
        bool last = leg == 1 || !kind->legs[1];
        for (size_t i = 0; i < count; i++) ask(&lines[i], kind->legs[leg]);
        for (size_t i = 0; i < count; i++) {
            if (lines[i].over) continue;
            int status = answer(&lines[i]);
            if (!last && status == 401) continue;
            if (judged) judge(&lines[i], status);
            lines[i].over = true;
            if (!last) end(&lines[i]);
        }
    }
}

static void on_new_ones(line_t *lines, size_t count, int port, const kind_t *kind)
{
    for (size_t i = 0; i < count; i++) begin(&lines[i], port);
    log_in(lines, count, kind, true);
    for (size_t i = 0; i < count; i++) end(&lines[i]);
}

/* One that was closed begins again. */
static void on_kept(line_t *lines, size_t count, int port, const kind_t *kind)
{
    for (size_t i = 0; i < count; i++) {
        if (lines[i].fd >= 0) continue;
        begin(&lines[i], port);
        log_in(&lines[i], 1, kind, false);
    }
    for (size_t i = 0; i < count; i++) ask(&lines[i], kind->again);
    for (size_t i = 0; i < count; i++) judge(&lines[i], answer(&lines[i]));
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void read_accounts(const char *path)
{
    FILE *in = fopen(path, "r");
    account_t a;
    char hash[2 * NTLM_KEY_LEN + 1];
    if (!in) abort();
    while (fscanf(in, "%63s %63s %32s %d", a.user, a.password, hash, &a.verdict) == 4) {
        for (int i = 0; i < NTLM_KEY_LEN; i++) sscanf(hash + 2 * i, "%2hhx", &a.nt_hash[i]);
        accounts = realloc(accounts, (account_count + 1) * sizeof *accounts);
        if (!accounts) abort();
        accounts[account_count++] = a;
    }
    fclose(in);
    if (account_count == 0) abort();
}

static void run(int port, const kind_t *kind, size_t count, unsigned long times)
{
    line_t *lines = calloc(count, sizeof *lines);
    if (!lines) abort();
    for (size_t i = 0; i < count; i++) lines[i].fd = -1;
    if (kind->again) on_kept(lines, count, port, kind);
    done = wrong = closed = 0;
    memset(statuses, 0, sizeof statuses);
    double start = now();
    while (done < times) {
        size_t some = times - done < count ? times - done : count;
        (kind->again ? on_kept : on_new_ones)(lines, some, port, kind);
    }
    printf(
        "{\"kind\":\"%s\",\"done\":%lu,\"wrong\":%lu,\"closed\":%lu,\"seconds\":%.3f,\"status\":{",
        kind->name, done, wrong, closed, now() - start);
    const char *comma = "";
    for (int i = 0; i < STATUSES; i++) {
        if (statuses[i] == 0) continue;
        printf("%s\"%d\":%lu", comma, i, statuses[i]);
        comma = ",";
    }
    puts("}}");
    free(lines);
}

int main(int argc, char **argv)
{
    const struct rlimit files = {65536, 65536};
    const char *why = crypto_open();
    if (argc != 6 || why) {
        fprintf(stderr, "%s\n", why ? why : "load PORT KIND CONNECTIONS TIMES ACCOUNTS");
        return 2;
    }
    setrlimit(RLIMIT_NOFILE, &files);
    read_accounts(argv[5]);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kinds[i].name, argv[2]) == 0)
            run(atoi(argv[1]), &kinds[i], strtoul(argv[3], NULL, 10), strtoul(argv[4], NULL, 10));
    free(accounts);
    crypto_close();
    return wrong != 0;
}
