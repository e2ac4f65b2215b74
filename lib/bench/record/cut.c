#include "cut.h"

#include <string.h>

#include "../../ntlm/message.h"

enum { NTLMV1_LEN = 24 };

/* part lies in message, of which copy is one. */
static void wipe(uint8_t *copy, bytes_t message, bytes_t part, size_t most)
{
    if (part.len > 0)
        memset(copy + (part.data - message.data), 0, part.len < most ? part.len : most);
}

bytes_t cut_type3(apr_pool_t *pool, bytes_t message)
{
    type3_t type3;
    if (type3_parse(message, &type3)) return bytes_none();
    uint8_t *copy = apr_palloc(pool, message.len);
    const size_t mic = type3_mic_offset(&type3);
    memcpy(copy, message.data, message.len);
    wipe(copy, message, type3.lm, SIZE_MAX);
    wipe(copy, message, type3.nt, type3.nt.len > NTLMV1_LEN ? NTLM_PROOF_LEN : SIZE_MAX);
    wipe(copy, message, type3.session_key, SIZE_MAX);
    if (mic) memset(copy + mic, 0, NTLM_MIC_LEN);
    return (bytes_t){copy, message.len};
}
