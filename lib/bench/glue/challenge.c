#include "challenge.h"

#include <string.h>

#include "../../ntlm/message.h"
#include "../../ntlm/name.h"

/* ---- flags ---- */

/* As lib/ntlm/acceptor.c answers them. */
static uint32_t usual_flags(uint32_t offered)
{
    const uint32_t always = NTLMSSP_NEGOTIATE_UNICODE | NTLMSSP_NEGOTIATE_NTLM |
                            NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY |
                            NTLMSSP_NEGOTIATE_TARGET_INFO;
    const uint32_t session =
        NTLMSSP_NEGOTIATE_ALWAYS_SIGN | NTLMSSP_NEGOTIATE_SIGN | NTLMSSP_NEGOTIATE_SEAL;
    const uint32_t echoed = session | NTLMSSP_NEGOTIATE_128 | NTLMSSP_NEGOTIATE_56 |
                            NTLMSSP_NEGOTIATE_KEY_EXCH | NTLMSSP_NEGOTIATE_VERSION;
    return always | (offered & echoed) | (offered & session ? NTLMSSP_NEGOTIATE_VERSION : 0);
}

static uint32_t target_flags(target_t target)
{
    if (target == TARGET_NONE) return 0;
    return NTLMSSP_REQUEST_TARGET |
           (target == TARGET_SERVER ? NTLMSSP_TARGET_TYPE_SERVER : NTLMSSP_TARGET_TYPE_DOMAIN);
}

static uint32_t flags_of(const shape_t *shape, uint32_t offered)
{
    if (shape->has_flags) return shape->flags;
    return (usual_flags(offered) | target_flags(shape->target) | shape->flags_with) &
           ~shape->flags_without;
}

/* ---- names ---- */

/* Behind the name comes what makes it long: names that differ still do. */
static void write_name(writer_t *out, const shape_t *shape, bytes_t name)
{
    const size_t end = out->len + (size_t)2 * NTLM_DOMAIN_MAX;
    write_bytes(out, name);
    while (shape->long_names && out->len < end && !out->overflow) write_u16(out, 'x');
}

static void append_name(writer_t *out, const shape_t *shape, uint16_t av_id, bytes_t name)
{
    uint8_t room[2 * NTLM_DOMAIN_MAX];
    writer_t value = writer_to(room, sizeof room);
    write_name(&value, shape, name);
    if (name.len > 0) avpairs_append(out, av_id, written(&value));
    if (value.overflow) out->overflow = true;
}

/* Without Unicode each character is a byte; what is no ASCII has none that all would read. */
static void write_target(writer_t *out, const shape_t *shape, const ntlm_policy_t *names,
                         uint32_t flags)
{
    uint8_t room[2 * NTLM_DOMAIN_MAX];
    writer_t name = writer_to(room, sizeof room);
    if (shape->target == TARGET_NONE) return;
    write_name(&name, shape,
               shape->target == TARGET_SERVER ? names->nb_computer : names->nb_domain);
    if (flags & NTLMSSP_NEGOTIATE_UNICODE) {
        write_bytes(out, written(&name));
        return;
    }
    for (reader_t in = reader_over(written(&name)); in.at < in.message.len;) {
        const uint16_t unit = read_u16(&in);
        const uint8_t byte = unit < 0x80 ? (uint8_t)unit : '?';
        write_bytes(out, (bytes_t){&byte, 1});
    }
}

/* ---- pairs ---- */

static void append_time(writer_t *out, const shape_t *shape, int64_t now)
{
    const uint64_t from_1601_to_1970 = 116444736000000000U;
    uint8_t filetime[8];
    writer_t time = writer_to(filetime, sizeof filetime);
    write_u64(&time, shape->has_time ? shape->filetime : (uint64_t)now * 10 + from_1601_to_1970);
    avpairs_append(out, MsvAvTimestamp, written(&time));
}

static void append_flags(writer_t *out, uint32_t flags)
{
    uint8_t value[4];
    writer_t number = writer_to(value, sizeof value);
    write_u32(&number, flags);
    avpairs_append(out, MsvAvFlags, written(&number));
}

/* Of lengths from none to 8 bytes. */
static void append_unknown(writer_t *out, unsigned count)
{
    static const uint8_t value[] = "unknown.";
    for (unsigned i = 0; i < count; i++)
        avpairs_append(out, (uint16_t)(MsvAvChannelBindings + 1 + i), (bytes_t){value, i % 9});
}

static void append_filler(writer_t *out, unsigned len)
{
    write_u16(out, 0xFFFF);
    write_u16(out, (uint16_t)len);
    for (unsigned i = 0; i < len; i++) write_bytes(out, bytes_of("x"));
}

/* Single_Host_Data, MS-NLMP 2.2.2.2: its size, Z4, CustomData, MachineID. */
static void append_single_host(writer_t *out, unsigned size)
{
    uint8_t room[80];
    writer_t value = writer_to(room, sizeof room);
    write_u32(&value, size);
    write_u32(&value, 0);
    write_u64(&value, 1);
    while (value.len < size && !value.overflow) write_u64(&value, 0x6D616368696E6520U);
    avpairs_append(out, MsvAvSingleHost, written(&value));
}

static void write_pairs(writer_t *out, const ntlm_policy_t *names, const shape_t *shape,
                        int64_t now)
{
    if (!shape->no_names) {
        append_name(out, shape, MsvAvNbDomainName, names->nb_domain);
        append_name(out, shape, MsvAvNbComputerName, names->nb_computer);
        append_name(out, shape, MsvAvDnsDomainName, names->dns_domain);
        append_name(out, shape, MsvAvDnsComputerName, names->dns_computer);
    }
    append_unknown(out, shape->unknown_pairs);
    if (shape->filler) append_filler(out, shape->filler);
    if (shape->has_av_flags) append_flags(out, shape->av_flags);
    if (!shape->no_time) append_time(out, shape, now);
    if (shape->single_host) append_single_host(out, shape->single_host);
    avpairs_append(out, MsvAvEOL, bytes_none());
}

void challenge_write(writer_t *out, const site_t *site, const shape_t *shape, uint32_t client_flags,
                     const uint8_t *nonce, int64_t now)
{
    uint8_t info[CHALLENGE_MAX], target[2 * NTLM_DOMAIN_MAX];
    writer_t pairs = writer_to(info, sizeof info), name = writer_to(target, sizeof target);
    type2_t type2 = {.flags = flags_of(shape, client_flags), .target_info = bytes_none()};
    memcpy(type2.challenge, shape->has_challenge ? shape->challenge : nonce, NTLM_CHALLENGE_LEN);
    write_target(&name, shape, &site->names, type2.flags);
    type2.target_name = written(&name);
    write_pairs(&pairs, &site->names, shape, now);
    if (type2.flags & NTLMSSP_NEGOTIATE_TARGET_INFO) type2.target_info = written(&pairs);
    if (pairs.overflow) out->overflow = true;
    type2_write(out, &type2);
}
