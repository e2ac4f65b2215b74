#include "findings.h"

#include <stdio.h>

#include "show.h"

static void say_bytes(finding_t *out, bytes_t expected, bytes_t found)
{
    hex_words(expected, out->wanted, sizeof out->wanted);
    hex_words(found, out->found, sizeof out->found);
}

static void say_proof(finding_t *out, const replay_t *replay)
{
    replay_name_t names[NTLM_CANDIDATES_MAX];
    if (replay_names(replay, names) > 0)
        say_bytes(out, (bytes_t){names[0].proof, NTLM_PROOF_LEN}, replay->claim.response.proof);
}

static void say_mic(finding_t *out, const replay_t *replay)
{
    uint8_t mic[NTLM_MIC_LEN];
    if (replay_mic(replay, mic))
        say_bytes(out, (bytes_t){mic, sizeof mic},
                  (bytes_t){replay->type3.data + replay->claim.mic_offset, NTLM_MIC_LEN});
}

static void say_binding(finding_t *out, const replay_t *replay)
{
    say_bytes(out, (bytes_t){replay->policy.bindings[0], NTLM_BINDING_LEN},
              replay->claim.response.said.channel_bindings);
}

finding_t replay_finding(const replay_t *replay)
{
    finding_t out = finding_of(replay->status, &replay->claim, &replay->policy);
    switch (replay->status) {
    case NTLM_WRONG_PASSWORD: say_proof(&out, replay); break;
    case NTLM_BAD_MIC: say_mic(&out, replay); break;
    case NTLM_BINDING_MISMATCH: say_binding(&out, replay); break;
    default: break;
    }
    return out;
}
