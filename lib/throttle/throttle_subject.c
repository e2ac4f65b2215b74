#include "throttle_subject.h"

#include "../ntlm/crypto.h"
#include "../ntlm/name.h"

enum { IPV6_LEN = 16 };

/* An address is what one customer has: of IPv6 a network. Who has more of them, as a rule, has
 * a /56 or a /48. */
static const struct {
    size_t ipv6_bytes; /* how much of an IPv6 address it is about */
    bool is_of_user;   /* else of all of them */
    bool is_of_ipv4;
} kinds[THROTTLE_KINDS] = {
    [THROTTLE_USER] = {.ipv6_bytes = 8, .is_of_user = true, .is_of_ipv4 = true},
    [THROTTLE_ADDRESS] = {.ipv6_bytes = 8, .is_of_ipv4 = true},
    [THROTTLE_NET56] = {.ipv6_bytes = 7},
    [THROTTLE_NET48] = {.ipv6_bytes = 6},
};

static bytes_t without_mapping(bytes_t address)
{
    static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    const bytes_t prefix = {mapped, sizeof mapped};
    if (address.len != IPV6_LEN) return address;
    return bytes_equal((bytes_t){address.data, prefix.len}, prefix)
               ? bytes_from(address, prefix.len)
               : address;
}

/* Places with other limits count for themselves: they would end each other's times. */
static bool counter_name(const throttle_limit_t *limit, uint16_t kind, bytes_t address,
                         bytes_t user, uint8_t name[THROTTLE_NAME_LEN])
{
    uint8_t room[2 * sizeof(uint16_t) + 2 * sizeof(uint64_t) + IPV6_LEN + NAME_KEY_MAX];
    writer_t out = writer_to(room, sizeof room);
    write_u16(&out, kind);
    write_u64(&out, limit->failures);
    write_u64(&out, (uint64_t)limit->window);
    write_u16(&out, (uint16_t)address.len);
    write_bytes(&out, address);
    write_bytes(&out, user);
    return !out.overflow && md5(written(&out), name);
}

bool throttle_subjects(const throttle_limits_t *throttle, bytes_t address, const char *user,
                       throttle_subjects_t *subjects)
{
    uint8_t room[NAME_KEY_MAX];
    writer_t key = writer_to(room, sizeof room);
    bool ok = name_write_key(&key, user);
    address = without_mapping(address);
    subjects->count = 0;
    subjects->last_has_all = true;
    for (uint16_t kind = 0; ok && kind < THROTTLE_KINDS; kind++) {
        if (address.len != IPV6_LEN && !kinds[kind].is_of_ipv4) continue;
        throttle_subject_t *subject = &subjects->all[subjects->count++];
        bytes_t part = address;
        if (address.len == IPV6_LEN) part.len = kinds[kind].ipv6_bytes;
        subject->limit = &throttle->of[kind];
        ok = counter_name(subject->limit, kind, part,
                          kinds[kind].is_of_user ? written(&key) : bytes_none(), subject->name);
    }
    for (size_t i = 0; i < subjects->count; i++)
        if (subjects->all[i].limit->window > subjects->all[subjects->count - 1].limit->window)
            subjects->last_has_all = false;
    return ok;
}
