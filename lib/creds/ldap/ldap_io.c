#include "ldap_io.h"

#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include <lber.h>

static int setup(Sockbuf_IO_Desc *layer, void *fd)
{
    layer->sbiod_pvt = fd;
    return 0;
}

static int removed(Sockbuf_IO_Desc *layer)
{
    layer->sbiod_pvt = NULL;
    return 0;
}

/* It keeps nothing back, so that no data is ever ready here. */
static int control(Sockbuf_IO_Desc *layer, int option, void *value)
{
    (void)layer;
    (void)option;
    (void)value;
    return 0;
}

static int fd_of(const Sockbuf_IO_Desc *layer)
{
    return (int)(intptr_t)layer->sbiod_pvt;
}

static ber_slen_t receive(Sockbuf_IO_Desc *layer, void *into, ber_len_t size)
{
    return recv(fd_of(layer), into, size, MSG_DONTWAIT);
}

static ber_slen_t transmit(Sockbuf_IO_Desc *layer, void *data, ber_len_t size)
{
    return send(fd_of(layer), data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static int end(Sockbuf_IO_Desc *layer)
{
    (void)shutdown(fd_of(layer), SHUT_RDWR);
    return close(fd_of(layer));
}

bool ldap_io_use(void *sockbuf, int fd)
{
    static Sockbuf_IO io = {setup, removed, control, receive, transmit, end};
    return ber_sockbuf_add_io(sockbuf, &io, LBER_SBIOD_LEVEL_PROVIDER, (void *)(intptr_t)fd) == 0;
}
