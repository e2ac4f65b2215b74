/* A connection within a time limit. */
#include "directory.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/un.h>

#include "../../lib/system/clock.h"
#include "../../lib/creds/ldap/ldap_socket.h"

static int opened(const char *host, int port, const char **why)
{
    const ldap_server_t server = {.host = host, .port = apr_itoa(pool, port)};
    *why = NULL;
    return ldap_socket_open(&server, clock_ticks() + apr_time_from_sec(10), pool, why);
}

static void a_server_that_listens_is_connected_to(void **state)
{
    (void)state;
    const char *why;
    int port = 0, listener = silent_server(&port), fd = opened("127.0.0.1", port, &why);
    assert_true(fd >= 0);
    assert_null(why);
    assert_true(fcntl(fd, F_GETFL) & O_NONBLOCK);
    assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    close(fd);
    fd = opened("localhost", port, &why); /* which may have another address, too */
    assert_true(fd >= 0);
    close(fd);
    close(listener);
}

static void a_server_that_does_not_is_said_to(void **state)
{
    (void)state;
    const char *why;
    assert_int_equal(opened("127.0.0.1", silent_port(), &why), -1);
    assert_string_equal(why, "cannot connect: Connection refused");
}

static void a_name_that_nobody_knows_is_said_to_be(void **state)
{
    (void)state;
    const char *why;
    assert_int_equal(opened("no.such.host.invalid", 389, &why), -1);
    assert_int_equal(strncmp(why, "cannot connect: ", 16), 0);
}

static void a_deadline_that_is_over_is_kept(void **state)
{
    (void)state;
    const char *why = NULL;
    int port = 0, listener = silent_server(&port);
    const ldap_server_t server = {.host = "127.0.0.1", .port = apr_itoa(pool, port)};
    int fd = ldap_socket_open(&server, clock_ticks() - 1, pool, &why);
    if (fd < 0) assert_string_equal(why, "it does not answer in time");
    if (fd >= 0) close(fd); /* it was there at once */
    close(listener);
}

static void a_local_socket_is_connected_to(void **state)
{
    (void)state;
    const char *why = NULL;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const ldap_server_t server = {.path = path_of("socket")};
    assert_int_equal(ldap_socket_open(&server, clock_ticks() + 1, pool, &why), -1);
    assert_string_equal(why, "cannot connect: No such file or directory");
    apr_cpystrn(address.sun_path, server.path, sizeof address.sun_path);
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(listener, (const struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(listener, 1), 0);
    int fd = ldap_socket_open(&server, clock_ticks() + APR_USEC_PER_SEC, pool, &why);
    assert_true(fd >= 0);
    close(fd);
    close(listener);
}

static void a_wait_ends_with_what_it_is_for_or_with_its_time(void **state)
{
    (void)state;
    enum { SHORT = 50000 };
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    apr_time_t began = clock_ticks();
    assert_int_equal(ldap_socket_wait(ends[0], POLLOUT, began + APR_USEC_PER_SEC), 0);
    assert_int_equal(ldap_socket_wait(ends[0], POLLIN, began + SHORT), ETIMEDOUT);
    assert_true(clock_ticks() >= began + SHORT);
    assert_int_equal(write(ends[1], "x", 1), 1);
    assert_int_equal(ldap_socket_wait(ends[0], POLLIN, clock_ticks() + SHORT), 0);
    assert_int_equal(ldap_socket_wait(ends[0], POLLIN, clock_ticks()), ETIMEDOUT);
    close(ends[1]);
    close(ends[0]);
}

int main(void)
{
    int failed;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_that_listens_is_connected_to),
        cmocka_unit_test(a_server_that_does_not_is_said_to),
        cmocka_unit_test(a_name_that_nobody_knows_is_said_to_be),
        cmocka_unit_test(a_deadline_that_is_over_is_kept),
        cmocka_unit_test(a_local_socket_is_connected_to),
        cmocka_unit_test(a_wait_ends_with_what_it_is_for_or_with_its_time),
    };
    RUN_GROUP_IN_FOLDER(tests, failed);
    return failed;
}
