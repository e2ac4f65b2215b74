#include "challenge.h"

#include <string.h>

#include "../../ntlm/message.h"

/* As lib/ntlm/acceptor.c answers them. */
static uint32_t usual_flags(uint32_t offered)
{
    const uint32_t always = NTLMSSP_NEGOTIATE_UNICODE | NTLMSSP_REQUEST_TARGET |
                            NTLMSSP_NEGOTIATE_NTLM | NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY |
                            NTLMSSP_NEGOTIATE_TARGET_INFO | NTLMSSP_TARGET_TYPE_DOMAIN;
    const uint32_t session =
        NTLMSSP_NEGOTIATE_ALWAYS_SIGN | NTLMSSP_NEGOTIATE_SIGN | NTLMSSP_NEGOTIATE_SEAL;
    const uint32_t echoed = session | NTLMSSP_NEGOTIATE_128 | NTLMSSP_NEGOTIATE_56 |
                            NTLMSSP_NEGOTIATE_KEY_EXCH | NTLMSSP_NEGOTIATE_VERSION;
    return always | (offered & echoed) | (offered & session ? NTLMSSP_NEGOTIATE_VERSION : 0);
}

static uint32_t flags_of(const shape_t *shape, uint32_t offered)
{
    if (shape->has_flags) return shape->flags;
    return (usual_flags(offered) | shape->flags_with) & ~shape->flags_without;
}

static void append_time(writer_t *out, const shape_t *shape, int64_t now)
{
    const uint64_t from_1601_to_1970 = 116444736000000000U;
    uint8_t filetime[8];
    writer_t time = writer_to(filetime, sizeof filetime);
    write_u64(&time, shape->has_time ? shape->filetime : (uint64_t)now * 10 + from_1601_to_1970);
    avpairs_append(out, MsvAvTimestamp, written(&time));
}

static void write_pairs(writer_t *out, const ntlm_policy_t *names, const shape_t *shape,
                        int64_t now)
{
    avpairs_append(out, MsvAvNbDomainName, names->nb_domain);
    avpairs_append(out, MsvAvNbComputerName, names->nb_computer);
    avpairs_append(out, MsvAvDnsDomainName, names->dns_domain);
    avpairs_append(out, MsvAvDnsComputerName, names->dns_computer);
    if (!shape->no_time) append_time(out, shape, now);
    avpairs_append(out, MsvAvEOL, bytes_none());
}

void challenge_write(writer_t *out, const site_t *site, const shape_t *shape, uint32_t client_flags,
                     const uint8_t *nonce, int64_t now)
{
    uint8_t info[NTLM_TYPE2_MAX];
    writer_t pairs = writer_to(info, sizeof info);
    type2_t type2 = {.flags = flags_of(shape, client_flags),
                     .target_name = site->names.nb_domain,
                     .target_info = bytes_none()};
    memcpy(type2.challenge, shape->has_challenge ? shape->challenge : nonce, NTLM_CHALLENGE_LEN);
    write_pairs(&pairs, &site->names, shape, now);
    if (type2.flags & NTLMSSP_NEGOTIATE_TARGET_INFO) type2.target_info = written(&pairs);
    type2_write(out, &type2);
}
