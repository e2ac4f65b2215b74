/* negotiate.h - makes tokens of SPNEGO. All of them live until forget_hex(). */
#ifndef NTLM_UNIT_NEGOTIATE_H
#define NTLM_UNIT_NEGOTIATE_H

#include "unit.h"

/* OIDs of mechanisms, as elements. */
#define OID_NTLM "060a2b06010401823702020a"
#define OID_NEGOEX "060a2b06010401823702021e"
#define OID_KERBEROS "06092a864886f712010202"
#define OID_MS_KERBEROS "06092a864882f712010202"
#define OID_IAKERB "06062b0601050205"
#define OID_USER_TO_USER "060a2a864886f71201020203"
#define OID_SPNEGO "06062b0601050502"

/* As little as Type 1, 2 and 3 begin with. */
#define TYPE1 "4e544c4d5353500001000000"
#define TYPE2 "4e544c4d5353500002000000"
#define TYPE3 "4e544c4d5353500003000000"

static bytes_t joined(bytes_t a, bytes_t b)
{
    uint8_t *both = malloc(a.len + b.len + 1);
    if (!both || hex_count >= sizeof hex_memory / sizeof *hex_memory) abort();
    if (a.len) memcpy(both, a.data, a.len);
    if (b.len) memcpy(both + a.len, b.data, b.len);
    hex_memory[hex_count++] = both;
    return (bytes_t){both, a.len + b.len};
}

static bytes_t element(unsigned tag, bytes_t content)
{
    char head[32];
    int octets = content.len < 0x80 ? 0 : content.len <= 0xFF ? 1 : content.len <= 0xFFFF ? 2 : 3;
    if (octets == 0)
        snprintf(head, sizeof head, "%02x%02zx", tag, content.len);
    else
        snprintf(head, sizeof head, "%02x%02x%0*zx", tag, 0x80 + octets, 2 * octets, content.len);
    return joined(hex(head), content);
}

/* One field of those in the sequence of a token: empty, if it has no content. */
static bytes_t field(unsigned tag, unsigned inner, bytes_t content)
{
    return content.len ? element(tag, element(inner, content)) : bytes_none();
}

/* fields: what stands in the NegTokenInit's SEQUENCE. */
static bytes_t init_of(bytes_t fields)
{
    return element(0x60, joined(hex(OID_SPNEGO), element(0xA0, element(0x30, fields))));
}

static bytes_t resp_of(bytes_t fields)
{
    return element(0xA1, element(0x30, fields));
}

/* oids: OID_... behind each other. */
static bytes_t neg_token_init(const char *oids, bytes_t token)
{
    return init_of(joined(field(0xA0, 0x30, hex(oids)), field(0xA2, 0x04, token)));
}

/* state: -1 leaves negState out. */
static bytes_t neg_token_resp(int state, bytes_t token, bytes_t mic)
{
    const uint8_t raw = (uint8_t)state;
    bytes_t fields = state < 0 ? bytes_none() : field(0xA0, 0x0A, (bytes_t){&raw, 1});
    fields = joined(fields, field(0xA2, 0x04, token));
    return resp_of(joined(fields, field(0xA3, 0x04, mic)));
}

static bytes_t filler(size_t len)
{
    uint8_t *bytes = calloc(1, len + 1);
    if (!bytes || hex_count >= sizeof hex_memory / sizeof *hex_memory) abort();
    hex_memory[hex_count++] = bytes;
    return (bytes_t){bytes, len};
}

#endif
