#include "blob.h"

#include "../../finding/phrase.h"

enum {
    SHORT,
    AT_END,
    NO_PROOF,
    PROOF_LEN,
    RESP_TYPE,
    DISPLACED,
    SWAPPED,
    CHARACTERS,
    TWICE,
    LENGTH,
    BINDING_LENGTH,
    NO_END,
    END_LENGTH,
    BROKEN,
};

const remark_row_t blob_remarks[] = {
    [SHORT] = {.id = "response-too-short",
               .kind = REMARK_CAUSE,
               .sentence = "NtChallengeResponse is too short for a response of NTLMv2",
               .source = "MS-NLMP 2.2.2.8"},
    [AT_END] = {.id = "proof-at-end",
                .kind = REMARK_CAUSE,
                .sentence = "NTProofStr stands at the end of NtChallengeResponse, where it begins",
                .source = "MS-NLMP 2.2.2.8"},
    [NO_PROOF] =
        {.id = "proof-missing",
         .kind = REMARK_CAUSE,
         .sentence =
             "NtChallengeResponse has no NTProofStr: it begins with NTLMv2_CLIENT_CHALLENGE",
         .source = "MS-NLMP 2.2.2.8"},
    [PROOF_LEN] = {.id = "proof-length",
                   .kind = REMARK_CAUSE,
                   .sentence = "NTProofStr has not 16 bytes",
                   .source = "MS-NLMP 2.2.2.8"},
    [RESP_TYPE] = {.id = "resp-type",
                   .kind = REMARK_CAUSE,
                   .sentence = "RespType or HiRespType is not 1",
                   .source = "MS-NLMP 2.2.2.7"},
    [DISPLACED] = {.id = "pairs-displaced",
                   .kind = REMARK_CAUSE,
                   .sentence = "the AV pairs stand at another place than behind Reserved3",
                   .source = "MS-NLMP 2.2.2.7"},
    [SWAPPED] = {.id = "pairs-big-endian",
                 .kind = REMARK_CAUSE,
                 .sentence = "AvId and AvLen are big endian",
                 .source = "MS-NLMP 2.2.2.1"},
    [CHARACTERS] = {.id = "pairs-in-characters",
                    .kind = REMARK_CAUSE,
                    .sentence = "AvLen of names counts characters, not bytes",
                    .source = "MS-NLMP 2.2.2.1"},
    [TWICE] = {.id = "av-pair-twice",
               .kind = REMARK_CAUSE,
               .sentence = "an AV pair that may stand there once came twice",
               .source = "MS-NLMP 2.2.2.1"},
    [LENGTH] = {.id = "av-pair-length",
                .kind = REMARK_CAUSE,
                .sentence = "an AV pair has another length than it must have",
                .source = "MS-NLMP 2.2.2.1"},
    [BINDING_LENGTH] = {.id = "binding-length",
                        .kind = REMARK_CAUSE,
                        .sentence = "MsvAvChannelBindings has not 16 bytes: its value is an MD5",
                        .source = "MS-NLMP 2.2.2.1"},
    [NO_END] = {.id = "pairs-no-end",
                .kind = REMARK_CAUSE,
                .sentence = "no MsvAvEOL ends the AV pairs",
                .source = "MS-NLMP 2.2.2.1"},
    [END_LENGTH] = {.id = "pairs-end-length",
                    .kind = REMARK_CAUSE,
                    .sentence = "AvLen of MsvAvEOL is not 0",
                    .source = "MS-NLMP 2.2.2.1"},
    [BROKEN] = {.id = "pairs-broken",
                .kind = REMARK_CAUSE,
                .sentence = "an AV pair is longer than what is left of the response",
                .source = "MS-NLMP 2.2.2.1"},
    {.id = NULL},
};

/* Where what stands in NtChallengeResponse: NTProofStr, RespType to Reserved3, AV pairs. */
enum { BLOB_AT = NTLM_PROOF_LEN, PAIRS_BEHIND = 28, PAIRS_AT = BLOB_AT + PAIRS_BEHIND };

static void say(diagnosis_t *diagnosis, int row)
{
    diagnosis_add(diagnosis, &blob_remarks[row], NULL);
}

/* ---- where it begins ---- */

/* RespType, HiRespType, Reserved1 and Reserved2. */
static bool begins_at(bytes_t nt, size_t at)
{
    reader_t in = reader_over(bytes_from(nt, at));
    return read_u64(&in) == 0x0101 && !in.error;
}

/* How many bytes follow the end of the list; SIZE_MAX: it has none. */
static size_t behind_list(bytes_t pairs)
{
    reader_t in = reader_over(pairs);
    av_pair_t pair;
    while (avpairs_next(&in, &pair)) continue;
    return in.error || pair.value.len > 0 ? SIZE_MAX : pairs.len - in.at;
}

/* A list that gives our first pair back. */
static bool is_list(bytes_t pairs, bytes_t ours)
{
    reader_t in = reader_over(ours);
    av_pair_t first;
    return avpairs_next(&in, &first) && behind_list(pairs) != SIZE_MAX &&
           avpairs_contain(pairs, &first);
}

static int about_beginning(bytes_t nt, bytes_t ours)
{
    enum { LONGEST_PROOF = 64 };
    if (begins_at(nt, 0)) {
        const size_t behind = behind_list(bytes_from(nt, PAIRS_BEHIND));
        return behind != SIZE_MAX && behind >= NTLM_PROOF_LEN ? AT_END : NO_PROOF;
    }
    if (nt.len < PAIRS_AT) return SHORT;
    for (size_t at = 1; at <= LONGEST_PROOF; at++)
        if (at != BLOB_AT && begins_at(nt, at) && is_list(bytes_from(nt, at + PAIRS_BEHIND), ours))
            return PROOF_LEN;
    return -1;
}

/* ---- the pairs ---- */

/* The list with the bytes of AvId and AvLen changed about has its end in it. */
static bool is_swapped_list(bytes_t pairs)
{
    reader_t in = reader_over(pairs);
    size_t count = 0;
    for (uint16_t id = 1; id != MsvAvEOL && !in.error; count++) {
        id = read_u16(&in);
        const uint16_t len = read_u16(&in);
        (void)read_bytes(&in, (size_t)((len & 0xFF) << 8 | len >> 8));
        if (id != 0 && (id & 0xFF) != 0) return false;
    }
    return !in.error && count > 1;
}

static bool is_displaced(bytes_t nt, bytes_t ours)
{
    if (is_list(bytes_from(nt, PAIRS_AT), ours)) return false;
    for (size_t at = PAIRS_AT - 16; at <= PAIRS_AT + 16; at++)
        if (at != PAIRS_AT && is_list(bytes_from(nt, at), ours)) return true;
    return false;
}

static size_t needed_len(uint16_t av_id)
{
    static const size_t lens[] = {
        [MsvAvFlags] = 4, [MsvAvTimestamp] = 8, [MsvAvChannelBindings] = NTLM_BINDING_LEN};
    return av_id < sizeof lens / sizeof lens[0] ? lens[av_id] : 0;
}

/* The first one that the core refuses. */
static bool say_pair(diagnosis_t *diagnosis, bytes_t pairs)
{
    reader_t in = reader_over(pairs);
    av_pair_t pair;
    uint32_t seen = 0;
    while (avpairs_next(&in, &pair)) {
        const size_t needed = needed_len(pair.av_id);
        const uint32_t bit = pair.av_id < 32 ? UINT32_C(1) << pair.av_id : 0;
        if (needed && pair.value.len != needed) {
            diagnosis_add(
                diagnosis,
                &blob_remarks[pair.av_id == MsvAvChannelBindings ? BINDING_LENGTH : LENGTH],
                "%s has %zu bytes, not %zu", phrase_av_name(pair.av_id), pair.value.len, needed);
            return true;
        }
        if ((needed || pair.av_id == MsvAvTargetName) && seen & bit) {
            diagnosis_add(diagnosis, &blob_remarks[TWICE], "%s", phrase_av_name(pair.av_id));
            return true;
        }
        seen |= bit;
    }
    return false;
}

/* Names count characters there, not bytes. */
static bool is_list_in_characters(bytes_t pairs)
{
    reader_t in = reader_over(pairs);
    uint16_t av_id = 1;
    size_t count = 0;
    for (; av_id != MsvAvEOL && !in.error; count++) {
        av_id = read_u16(&in);
        const bool is_name =
            (av_id >= MsvAvNbComputerName && av_id <= MsvAvDnsTreeName) || av_id == MsvAvTargetName;
        (void)read_bytes(&in, (is_name ? 2U : 1U) * read_u16(&in));
        if (av_id > MsvAvChannelBindings) return false;
    }
    return !in.error && count > 1;
}

static void say_list(diagnosis_t *diagnosis, bytes_t pairs)
{
    reader_t in = reader_over(pairs);
    av_pair_t pair;
    size_t good = 0;
    while (avpairs_next(&in, &pair)) good = in.at;
    if (is_list_in_characters(pairs))
        say(diagnosis, CHARACTERS);
    else if (!in.error && pair.value.len > 0)
        say(diagnosis, END_LENGTH);
    else if (in.error)
        say(diagnosis, good == pairs.len ? NO_END : BROKEN);
}

/* ---- all of it ---- */

static void look_at(diagnosis_t *diagnosis, bytes_t nt, bytes_t ours)
{
    const bytes_t pairs = bytes_from(nt, PAIRS_AT);
    const int beginning = about_beginning(nt, ours);
    if (beginning >= 0)
        say(diagnosis, beginning);
    else if (nt.data[BLOB_AT] != 1 || nt.data[BLOB_AT + 1] != 1)
        diagnosis_add(diagnosis, &blob_remarks[RESP_TYPE], "%u and %u", nt.data[BLOB_AT],
                      nt.data[BLOB_AT + 1]);
    else if (is_displaced(nt, ours))
        say(diagnosis, DISPLACED);
    else if (is_swapped_list(pairs))
        say(diagnosis, SWAPPED);
    else if (!say_pair(diagnosis, pairs))
        say_list(diagnosis, pairs);
}

void blob_causes(diagnosis_t *diagnosis, const subject_t *subject)
{
    const replay_t *replay = subject->replay;
    if (!replay || replay->status != NTLM_MALFORMED || diagnosis->causes.count > 0) return;
    if (!replay_passed(replay, "anonymous") || replay_passed(replay, "response")) return;
    look_at(diagnosis, replay->claim.type3.nt, replay->challenge.target_info);
}
