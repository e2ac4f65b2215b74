/* Reading and writing never wait, also on a socket that blocks. */
#include "folder.h"

#include <errno.h>
#include <signal.h>
#include <sys/socket.h>

#include <lber.h>

#include "../../lib/creds/ldap/ldap_io.h"

enum { OURS, THEIRS, ENDS };
static int fds[ENDS];
static Sockbuf *sockbuf;

static void open_pair(void)
{
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0); /* which block */
    sockbuf = ber_sockbuf_alloc();
    assert_non_null(sockbuf);
    assert_true(ldap_io_use(sockbuf, fds[OURS]));
}

/* What is read of a message; 0 and errno when there is not all of it. */
static ber_tag_t next(BerElement *ber)
{
    ber_len_t len = 0;
    errno = 0;
    ber_tag_t tag = ber_get_next(sockbuf, &len, ber);
    return tag == LBER_DEFAULT ? 0 : tag;
}

static void part_of_a_message_is_not_waited_for(void **state)
{
    (void)state;
    static const char message[] = {0x30, 3, 2, 1, 5};
    BerElement *ber = ber_alloc_t(0);
    open_pair();
    assert_int_equal(next(ber), 0);
    assert_int_equal(errno, EAGAIN);
    assert_int_equal(write(fds[THEIRS], message, 3), 3);
    assert_int_equal(next(ber), 0);
    assert_int_equal(errno, EAGAIN);
    assert_int_equal(write(fds[THEIRS], message + 3, 2), 2);
    assert_int_equal(next(ber), 0x30);
    ber_free(ber, 1);
    ber_sockbuf_free(sockbuf);
    close(fds[THEIRS]);
}

static bool flushes(char *content, ber_len_t size)
{
    BerElement *ber = ber_alloc_t(0);
    assert_int_equal(ber_write(ber, content, size, 0), size);
    errno = 0;
    return ber_flush2(sockbuf, ber, LBER_FLUSH_FREE_ALWAYS) == 0;
}

static void what_nobody_reads_is_not_waited_for(void **state)
{
    (void)state;
    enum { MUCH = 16 * 1024 * 1024 };
    open_pair();
    assert_false(flushes(apr_pcalloc(pool, MUCH), MUCH));
    assert_int_equal(errno, EAGAIN);
    close(fds[THEIRS]);
    assert_false(flushes(apr_pcalloc(pool, 1), 1)); /* and no signal */
    assert_int_equal(errno, EPIPE);
    ber_sockbuf_free(sockbuf);
}

static void the_socket_is_closed_with_it(void **state)
{
    (void)state;
    char byte;
    open_pair();
    ber_sockbuf_free(sockbuf);
    assert_int_equal(read(fds[THEIRS], &byte, 1), 0);
    assert_int_equal(close(fds[OURS]), -1);
    close(fds[THEIRS]);
}

int main(void)
{
    int failed;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(part_of_a_message_is_not_waited_for),
        cmocka_unit_test(what_nobody_reads_is_not_waited_for),
        cmocka_unit_test(the_socket_is_closed_with_it),
    };
    RUN_GROUP_IN_FOLDER(tests, failed);
    return failed;
}
