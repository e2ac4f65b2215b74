/* A Type 3 from anybody: every field that is parsed lies within the message. */
#include "fuzz.h"

#include "../../lib/ntlm/claim.h"

static void within(const type3_t *type3, bytes_t field)
{
    const uint8_t *start = type3->message.data, *end = start + type3->message.len;
    REQUIRE(field.len == 0 || (field.data >= start && field.data + field.len <= end));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static ntlm_claim_t claim;
    ntlmv2_response_t response;
    for (uint32_t flags = 0; flags <= NTLMSSP_NEGOTIATE_UNICODE; flags++) {
        if (claim_open(&claim, (bytes_t){data, size}, flags) != NTLM_OK) continue;
        const type3_t *type3 = &claim.type3;
        const bytes_t fields[] = {type3->lm,   type3->nt,          type3->domain,
                                  type3->user, type3->workstation, type3->session_key};
        for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) within(type3, fields[i]);
        size_t mic = type3_mic_offset(type3);
        REQUIRE(mic == 0 || mic + NTLM_MIC_LEN <= size);
        if (claim_names(&claim) == NULL) REQUIRE(unicode_is_name(claim.user) && *claim.user);
        if (ntlmv2_response_parse(type3->nt, &response) == NULL) within(type3, response.temp);
    }
    return 0;
}
