#include "in_response.h"

enum {
    OWN_CLOCK,
    FAR_OFF,
    SINCE_1970,
    TIME_SWAPPED,
    LMV2_BESIDE,
    MIC_LEFT_OUT,
    MIC_UNANNOUNCED,
    AV_FLAGS_SWAPPED,
    TAIL_SHORT,
    BEHIND_END,
    NO_NONCE,
    ZERO_BINDING,
};

const remark_row_t in_response_remarks[] = {
    [OWN_CLOCK] = {.id = "timestamp-own-clock",
                   .kind = REMARK_WARNING,
                   .sentence = "TimeStamp of the response is another time than MsvAvTimestamp of "
                               "the CHALLENGE",
                   .source = "MS-NLMP 3.1.5.1.2"},
    [FAR_OFF] = {.id = "timestamp-far-off",
                 .kind = REMARK_WARNING,
                 .sentence = "TimeStamp of the response is more than 30 minutes away from "
                             "MsvAvTimestamp of the CHALLENGE, instead of the same",
                 .source = "MS-NLMP 3.1.1.1 (MaxLifetime), 3.1.5.1.2"},
    [SINCE_1970] = {.id = "timestamp-since-1970",
                    .kind = REMARK_WARNING,
                    .sentence = "TimeStamp of the response counts from 1970, or other ticks than "
                                "100 ns",
                    .source = "MS-NLMP 2.2.2.7"},
    [TIME_SWAPPED] = {.id = "timestamp-big-endian",
                      .kind = REMARK_WARNING,
                      .sentence = "TimeStamp of the response is big endian",
                      .source = "MS-NLMP 2.2"},
    [LMV2_BESIDE] = {.id = "lmv2-beside-timestamp",
                     .kind = REMARK_WARNING,
                     .sentence = "an LmChallengeResponse came, although the CHALLENGE has an "
                                 "MsvAvTimestamp: 24 zero bytes, or none, belong there",
                     .source = "MS-NLMP 3.1.5.1.2"},
    [MIC_LEFT_OUT] = {.id = "mic-left-out",
                      .kind = REMARK_WARNING,
                      .sentence = "no MIC came, although the CHALLENGE has an MsvAvTimestamp",
                      .source = "MS-NLMP 3.1.5.1.2"},
    [MIC_UNANNOUNCED] = {.id = "mic-unannounced",
                         .kind = REMARK_WARNING,
                         .sentence = "a right MIC came, but MsvAvFlags does not say so: nobody "
                                     "looks at it",
                         .source = "MS-NLMP 2.2.2.1"},
    [AV_FLAGS_SWAPPED] = {.id = "av-flags-big-endian",
                          .kind = REMARK_WARNING,
                          .sentence = "MsvAvFlags is big endian: what it says is not seen",
                          .source = "MS-NLMP 2.2.2.1"},
    [TAIL_SHORT] = {.id = "response-tail-missing",
                    .kind = REMARK_WARNING,
                    .sentence = "4 zero bytes end the response, where an MsvAvEOL and 4 zero bytes "
                                "behind it belong",
                    .source = "MS-NLMP 3.3.2"},
    [BEHIND_END] = {.id = "pairs-behind-end",
                    .kind = REMARK_WARNING,
                    .sentence = "AV pairs stand behind MsvAvEOL, where nobody reads them",
                    .source = "MS-NLMP 2.2.2.1"},
    [NO_NONCE] = {.id = "client-challenge-zero",
                  .kind = REMARK_WARNING,
                  .sentence = "ChallengeFromClient is 8 zero bytes, where a random number belongs",
                  .source = "MS-NLMP 3.1.5.1.2"},
    [ZERO_BINDING] = {.id = "binding-zero-over-tls",
                      .kind = REMARK_WARNING,
                      .sentence = "MsvAvChannelBindings is 16 zero bytes over TLS: the client does "
                                  "not bind to the channel, and says so",
                      .source = "IIS with Extended Protection, even if it is only allowed"},
    {.id = NULL},
};

/* ---- TimeStamp ---- */

/* Ticks of 100 ns: of a second, and from 1601 to 1970. */
static const uint64_t second = 10000000, from_1601 = UINT64_C(116444736000000000);

static uint64_t distance(uint64_t a, uint64_t b)
{
    return a > b ? a - b : b - a;
}

static uint64_t swapped(uint64_t value)
{
    uint64_t out = 0;
    for (int i = 0; i < 8; i++, value >>= 8) out = out << 8 | (value & 0xFF);
    return out;
}

static bool is_within_a_day(uint64_t a, uint64_t b, uint64_t per_second)
{
    return distance(a, b) <= 86400 * per_second;
}

/* Now, in one of the units in which programs count from 1970. */
static bool counts_from_1970(uint64_t value, uint64_t now)
{
    const uint64_t units[] = {1, 1000, 1000000, second, 1000000000};
    const uint64_t since = now - from_1601;
    for (size_t i = 0; now > from_1601 && i < sizeof units / sizeof units[0]; i++)
        if (is_within_a_day(value, since / second * units[i], units[i])) return true;
    return false;
}

static const remark_row_t *about_time(uint64_t ours, uint64_t theirs)
{
    enum { MINUTES_30 = 30 * 60 };
    if (ours == theirs) return NULL;
    if (distance(ours, theirs) <= MINUTES_30 * second) return &in_response_remarks[OWN_CLOCK];
    if (counts_from_1970(theirs, ours)) return &in_response_remarks[SINCE_1970];
    if (is_within_a_day(swapped(theirs), ours, second)) return &in_response_remarks[TIME_SWAPPED];
    return &in_response_remarks[FAR_OFF];
}

static void look_at_time(diagnosis_t *diagnosis, const replay_t *replay)
{
    enum { BEFORE_TIME = 8 }; /* RespType to Reserved2 */
    reader_t ours = reader_over(replay->challenge.said.timestamp);
    reader_t theirs = reader_over(bytes_from(replay->claim.response.temp, BEFORE_TIME));
    const uint64_t wanted = read_u64(&ours), found = read_u64(&theirs);
    const remark_row_t *row = about_time(wanted, found);
    if (ours.error || theirs.error || !row) return;
    const uint64_t away = distance(wanted, found) / (second / 1000);
    if (row == &in_response_remarks[OWN_CLOCK] || row == &in_response_remarks[FAR_OFF])
        diagnosis_add(diagnosis, row, "%llu.%03llu s %s", (unsigned long long)(away / 1000),
                      (unsigned long long)(away % 1000), found > wanted ? "later" : "earlier");
    else
        diagnosis_add(diagnosis, row, NULL);
}

/* ---- MsvAvFlags and the MIC ---- */

static bool is_swapped(uint32_t av_flags)
{
    const uint32_t known =
        MSV_AV_FLAG_CONSTRAINED | MSV_AV_FLAG_MIC_PRESENT | MSV_AV_FLAG_UNTRUSTED_SPN;
    return (av_flags & 0x00FFFFFF) == 0 && av_flags != 0 && (av_flags >> 24 & ~known) == 0;
}

static bool has_right_mic(const replay_t *replay)
{
    uint8_t mic[NTLM_MIC_LEN];
    const size_t at = type3_mic_offset(&replay->claim.type3);
    return replay_mic(replay, mic) && bytes_equal((bytes_t){mic, sizeof mic},
                                                  (bytes_t){replay->type3.data + at, NTLM_MIC_LEN});
}

static void look_at_mic(diagnosis_t *diagnosis, const replay_t *replay)
{
    const av_values_t *said = &replay->claim.response.said;
    if (said->flags & MSV_AV_FLAG_MIC_PRESENT) return;
    if (is_swapped(said->flags))
        diagnosis_add(diagnosis, &in_response_remarks[AV_FLAGS_SWAPPED], "0x%08X",
                      (unsigned)said->flags);
    else if (has_right_mic(replay))
        diagnosis_add(diagnosis, &in_response_remarks[MIC_UNANNOUNCED], NULL);
    else if (replay->challenge.said.timestamp.len > 0)
        diagnosis_add(diagnosis, &in_response_remarks[MIC_LEFT_OUT], NULL);
}

/* ---- the rest ---- */

/* What is read as the end of the list are the zeros behind one that is missing, or the other way
 * round: the bytes are the same. */
static bytes_t behind_end(bytes_t pairs)
{
    reader_t in = reader_over(pairs);
    av_pair_t pair;
    while (avpairs_next(&in, &pair)) continue;
    return bytes_from(pairs, in.at);
}

/* Pairs that were appended to a list with its end in it. */
static bool is_list(bytes_t bytes)
{
    reader_t in = reader_over(bytes);
    av_pair_t pair;
    size_t count = 0;
    for (; avpairs_next(&in, &pair); count++)
        if (pair.av_id > MsvAvChannelBindings) return false;
    return count > 0 && !in.error;
}

static void look_at_end(diagnosis_t *diagnosis, const ntlmv2_response_t *response)
{
    const bytes_t behind = behind_end(response->pairs);
    if (behind.len == 0) diagnosis_add(diagnosis, &in_response_remarks[TAIL_SHORT], NULL);
    if (is_list(behind)) diagnosis_add(diagnosis, &in_response_remarks[BEHIND_END], NULL);
}

static void look_at_nonce(diagnosis_t *diagnosis, bytes_t temp)
{
    enum { NONCE_AT = 16, NONCE_LEN = 8 };
    reader_t in = reader_over(bytes_from(temp, NONCE_AT));
    if (bytes_are_zero(read_bytes(&in, NONCE_LEN)) && !in.error)
        diagnosis_add(diagnosis, &in_response_remarks[NO_NONCE], NULL);
}

void in_response_warnings(diagnosis_t *diagnosis, const subject_t *subject)
{
    const replay_t *replay = subject->replay;
    if (!replay || !replay_passed(replay, "proof") || replay->status == NTLM_ECHO_MISMATCH) return;
    const ntlm_claim_t *claim = &replay->claim;
    if (replay->challenge.said.timestamp.len > 0) {
        look_at_time(diagnosis, replay);
        if (!bytes_are_zero(claim->type3.lm))
            diagnosis_add(diagnosis, &in_response_remarks[LMV2_BESIDE], NULL);
    }
    look_at_mic(diagnosis, replay);
    look_at_end(diagnosis, &claim->response);
    look_at_nonce(diagnosis, claim->response.temp);
    if (subject->tls && claim->binding == NTLM_BINDING_ZERO)
        diagnosis_add(diagnosis, &in_response_remarks[ZERO_BINDING], NULL);
}
