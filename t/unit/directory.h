/* directory.h - a directory server that can say a few sentences, in a process of its own. */
#ifndef NTLM_UNIT_DIRECTORY_H
#define NTLM_UNIT_DIRECTORY_H

#include "folder.h"

#include <arpa/inet.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

/* What it does when it is searched, or asked for TLS. */
typedef enum manner_t {
    ONE_ENTRY,
    ONE_ENTRY_AND_GONE, /* closes the connection behind it */
    NO_ENTRY,
    TWO_ENTRIES,
    TWO_OF_MORE, /* and a limit for what it tells */
    NO_SUCH_BASE,
    REFERS,      /* names another server that knows more */
    REFERS_ONLY, /* with a result that says so */
    ADMIN_LIMIT, /* refuses the search */
    BIND_REFUSED,
    TLS_PROMISED /* and never begun */
} manner_t;

#define ENTRY_HASH "00d1002233445566778899aabbccdd00"

enum { BER_SEQUENCE = 0x30, BER_OCTETS = 0x04, BER_SET = 0x31, BER_ENUM = 0x0A };
enum { BIND_REQUEST = 0x60, UNBIND_REQUEST = 0x42, SEARCH_REQUEST = 0x63, EXTENDED_REQUEST = 0x77 };
enum {
    BIND_RESPONSE = 0x61,
    SEARCH_ENTRY = 0x64,
    SEARCH_DONE = 0x65,
    SEARCH_REFERENCE = 0x73,
    EXTENDED_RESPONSE = 0x78
};

/* ---- what it says ---- */

typedef struct said_t {
    size_t len;
    uint8_t bytes[127];
} said_t;

/* One element around what is there. */
static said_t element(uint8_t tag, const void *content, size_t len)
{
    said_t said = {.len = len + 2};
    if (said.len > sizeof said.bytes) _exit(3);
    said.bytes[0] = tag;
    said.bytes[1] = (uint8_t)len;
    memcpy(said.bytes + 2, content, len);
    return said;
}

static said_t joined(said_t a, said_t b)
{
    if (a.len + b.len > sizeof a.bytes) _exit(3);
    memcpy(a.bytes + a.len, b.bytes, b.len);
    a.len += b.len;
    return a;
}

static said_t inside(uint8_t tag, said_t content)
{
    return element(tag, content.bytes, content.len);
}

static said_t attribute(const char *name, const void *value, size_t len)
{
    said_t values = inside(BER_SET, element(BER_OCTETS, value, len));
    return inside(BER_SEQUENCE, joined(element(BER_OCTETS, name, strlen(name)), values));
}

static void say(int fd, uint8_t id, said_t what)
{
    said_t message = inside(BER_SEQUENCE, joined((said_t){3, {2, 1, id}}, what));
    if (write(fd, message.bytes, message.len) < 0) _exit(0);
}

static void say_result(int fd, uint8_t id, uint8_t tag, uint8_t code)
{
    say(fd, id, element(tag, (const uint8_t[]){BER_ENUM, 1, code, 4, 0, 4, 0}, 7));
}

static void say_entry(int fd, uint8_t id)
{
    static const uint8_t hash[] = {0x00, 0xd1, 0x00, 0x22, 0x33, 0x44, 0x55, 0x66,
                                   0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0x00};
    said_t attributes =
        joined(attribute("uid", "alice", 5), attribute("ipaNTHash", hash, sizeof hash));
    said_t entry = joined(element(BER_OCTETS, "uid=alice", 9), inside(BER_SEQUENCE, attributes));
    say(fd, id, inside(SEARCH_ENTRY, entry));
}

/* ---- what it hears ---- */

static void hear(int fd, void *room, size_t len)
{
    for (size_t at = 0; at < len;) {
        ssize_t got = read(fd, (char *)room + at, len - at);
        if (got <= 0) _exit(0);
        at += (size_t)got;
    }
}

/* One message: its number, and what it asks for. */
static uint8_t hear_request(int fd, uint8_t *id)
{
    uint8_t head[2], more[4] = {0}, body[4096];
    hear(fd, head, 2);
    size_t len = head[1];
    if (len & 0x80) {
        size_t digits = len & 0x7f;
        if (digits > 4) _exit(3);
        hear(fd, more, digits);
        len = 0;
        for (size_t i = 0; i < digits; i++) len = len << 8 | more[i];
    }
    if (len < 4 || len > sizeof body) _exit(3);
    hear(fd, body, len);
    *id = body[2];
    return body[3];
}

static void say_reference(int fd, uint8_t id)
{
    say(fd, id, inside(SEARCH_REFERENCE, element(BER_OCTETS, "ldap://b/dc=x", 13)));
}

static void search_answer(int fd, uint8_t id, manner_t manner)
{
    static const uint8_t results[] = {
        [TWO_OF_MORE] = 4, [NO_SUCH_BASE] = 32, [REFERS_ONLY] = 10, [ADMIN_LIMIT] = 11};
    bool some = manner == ONE_ENTRY || manner == ONE_ENTRY_AND_GONE || manner == TWO_ENTRIES ||
                manner == TWO_OF_MORE;
    if (some) say_entry(fd, id);
    if (manner == TWO_ENTRIES || manner == TWO_OF_MORE) say_entry(fd, id);
    if (manner == REFERS) say_reference(fd, id);
    say_result(fd, id, SEARCH_DONE, manner < sizeof results ? results[manner] : 0);
    if (manner == ONE_ENTRY_AND_GONE) _exit(0);
}

static void serve(int fd, manner_t manner)
{
    for (;;) {
        uint8_t id, asked = hear_request(fd, &id);
        if (asked == UNBIND_REQUEST) _exit(0);
        if (asked == BIND_REQUEST)
            say_result(fd, id, BIND_RESPONSE, manner == BIND_REFUSED ? 49 : 0);
        if (asked == SEARCH_REQUEST) search_answer(fd, id, manner);
        if (asked == EXTENDED_REQUEST) {
            say_result(fd, id, EXTENDED_RESPONSE, manner == TLS_PROMISED ? 0 : 2);
            while (manner == TLS_PROMISED) pause();
        }
    }
}

/* ---- the server ---- */

/* A socket that has that port, 0 for any. */
static int bound_socket(int *port)
{
    const int on = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)*port)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    *port = ntohs(address.sin_port);
    return fd;
}

/* It takes connections and says nothing. */
static int silent_server(int *port)
{
    int fd = bound_socket(port);
    assert_int_equal(listen(fd, 16), 0);
    return fd;
}

/* A port where nobody listens. The socket stays, so that nobody else is given it. */
static int silent_port(void)
{
    int port = 0;
    (void)bound_socket(&port);
    return port;
}

/* Each connection is served by a process of its own. */
static pid_t start_directory(manner_t manner, int *port)
{
    int listener = silent_server(port);
    pid_t server = fork();
    assert_true(server >= 0);
    if (server == 0) {
        setpgid(0, 0);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        signal(SIGCHLD, SIG_IGN);
        for (;;) {
            int fd = accept(listener, NULL, NULL);
            if (fd < 0) _exit(3);
            if (fork() == 0) {
                prctl(PR_SET_PDEATHSIG, SIGKILL);
                serve(fd, manner);
            }
            close(fd);
        }
    }
    setpgid(server, server);
    close(listener);
    return server;
}

/* With all who serve. */
static void stop_directory(pid_t server)
{
    kill(-server, SIGKILL);
    assert_int_equal(waitpid(server, NULL, 0), server);
}

#endif
