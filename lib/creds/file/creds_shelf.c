#include "creds_shelf.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../system/clock.h"
#include "creds_segment.h"

struct creds_shelf_t {
    int giver, taker; /* the two ends of a socket; giver: the parent's, -1 in children */
    creds_word_t newest;
    pid_t maker;
    /* in a child: */
    apr_uint32_t lacks_since; /* in clock_msec(), when it has not had the newest one; 0: it has */
    _Atomic bool is_left;
};

/* ---- making ---- */

/* Children run this too, when they end. */
static apr_status_t drop_shelf(void *data)
{
    creds_shelf_t *shelf = data;
    const bool maker = shelf->maker == getpid();
    if (maker) creds_word_set(&shelf->newest, CREDS_SHELF_CLOSED);
    creds_segment_close(&shelf->giver);
    creds_segment_close(&shelf->taker);
    creds_word_drop(&shelf->newest, maker);
    return APR_SUCCESS;
}

apr_status_t creds_shelf_make(apr_pool_t *pool, apr_uint32_t number, creds_shelf_t **shelf)
{
    int ends[2];
    creds_word_t newest;
    apr_status_t rv = creds_word_make(&newest);
    if (rv != APR_SUCCESS) return rv;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0) {
        rv = apr_get_os_error();
        creds_word_drop(&newest, true);
        return rv;
    }
    shutdown(ends[0], SHUT_RD);
    creds_word_set(&newest, number);
    *shelf = apr_pcalloc(pool, sizeof **shelf);
    **shelf =
        (creds_shelf_t){.giver = ends[0], .taker = ends[1], .newest = newest, .maker = getpid()};
    apr_pool_cleanup_register(pool, *shelf, drop_shelf, apr_pool_cleanup_null);
    return APR_SUCCESS;
}

void creds_shelf_is_childs(creds_shelf_t *shelf)
{
    creds_segment_close(&shelf->giver);
}

/* ---- messages ---- */

/* One message and its descriptor. */
typedef struct message_t {
    _Alignas(struct cmsghdr) char beside[CMSG_SPACE(sizeof(int))];
    struct iovec part;
    struct msghdr whole;
} message_t;

static void lay_out(message_t *message, creds_parcel_t *parcel)
{
    memset(message, 0, sizeof *message);
    message->part = (struct iovec){parcel, sizeof *parcel};
    message->whole.msg_iov = &message->part;
    message->whole.msg_iovlen = 1;
    message->whole.msg_control = message->beside;
    message->whole.msg_controllen = sizeof message->beside;
}

static bool give(const creds_shelf_t *shelf, const creds_parcel_t *parcel, int segment)
{
    creds_parcel_t copy; /* between whose members there is nothing of this process's stack */
    message_t message;
    memset(&copy, 0, sizeof copy);
    copy.number = parcel->number;
    copy.stamp = parcel->stamp;
    lay_out(&message, &copy);
    struct cmsghdr *head = CMSG_FIRSTHDR(&message.whole);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof segment);
    memcpy(CMSG_DATA(head), &segment, sizeof segment);
    return sendmsg(shelf->giver, &message.whole, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0;
}

/* False when there is none. */
static bool take(const creds_shelf_t *shelf, creds_parcel_t *parcel, int *segment)
{
    message_t message;
    *segment = -1;
    lay_out(&message, parcel);
    const ssize_t len = recvmsg(shelf->taker, &message.whole, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    const struct cmsghdr *head = len > 0 ? CMSG_FIRSTHDR(&message.whole) : NULL;
    if (head && head->cmsg_type == SCM_RIGHTS && head->cmsg_len == CMSG_LEN(sizeof *segment))
        memcpy(segment, CMSG_DATA(head), sizeof *segment);
    return len == (ssize_t)sizeof *parcel;
}

/* What is there in vain, since segments go when nobody has them. Gives how much that was. */
static int clear(const creds_shelf_t *shelf)
{
    creds_parcel_t parcel;
    int segment, messages = 0;
    for (; take(shelf, &parcel, &segment); messages++) creds_segment_close(&segment);
    return messages;
}

/* Of what is on its way a user who is not root may have no more than RLIMIT_NOFILE in all his
 * processes: what is not needed in one shelf may be what another one lacks. */
void creds_shelf_put(creds_shelf_t *shelf, const creds_parcel_t *parcel, int segment)
{
    const bool is_new = creds_shelf_newest(shelf) != parcel->number;
    const bool is_left = clear(shelf) > 0 && !is_new;
    int messages = is_left ? CREDS_SHELF_FEW : CREDS_SHELF_MESSAGES;
    creds_word_set(&shelf->newest, parcel->number);
    while (messages-- > 0 && give(shelf, parcel, segment)) continue;
}

static bool lacks_for_long(creds_shelf_t *shelf, apr_uint32_t held, apr_uint32_t now)
{
    enum { PATIENCE = 2 * 60 * 1000 };
    if (creds_shelf_newest(shelf) == held)
        shelf->lacks_since = 0;
    else if (shelf->lacks_since == 0)
        shelf->lacks_since = now | 1;
    return shelf->lacks_since != 0 && clock_msec_between(shelf->lacks_since, now) > PATIENCE;
}

void creds_shelf_look(creds_shelf_t *shelf, apr_uint32_t held, apr_uint32_t now)
{
    if (getppid() != shelf->maker || lacks_for_long(shelf, held, now)) shelf->is_left = true;
}

apr_uint32_t creds_shelf_newest(const creds_shelf_t *shelf)
{
    return shelf->is_left ? CREDS_SHELF_CLOSED : creds_word_get(&shelf->newest);
}

int creds_shelf_take(creds_shelf_t *shelf, creds_parcel_t *parcel)
{
    int segment;
    while (take(shelf, parcel, &segment)) {
        if (segment >= 0 && parcel->number == creds_shelf_newest(shelf)) return segment;
        creds_segment_close(&segment);
    }
    return -1;
}
