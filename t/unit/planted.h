/* planted.h - Type 3 messages with mistakes in their layout and their bytes, for the tests of what
 * is said of them. */
#ifndef NTLM_UNIT_PLANTED_H
#define NTLM_UNIT_PLANTED_H

#include "connection.h"

#include "../../lib/explain/diagnosis.h"
#include "../../lib/explain/subject.h"

/* All zeros but the names: as MS-NLMP has it, without a MIC. */
typedef struct plant_t {
    const char *user, *domain, *workstation;
    const uint8_t *user_bytes, *domain_bytes; /* instead, as they stand in the message */
    size_t user_len, domain_len;
    bool own_time;
    uint64_t time;        /* TimeStamp, if own_time */
    const uint8_t *pairs; /* instead of the server's, without their end */
    size_t pairs_len;
    const uint8_t *av_flags; /* of MsvAvFlags, 4 bytes */
    const uint8_t *spn;      /* of MsvAvTargetName */
    size_t spn_len;
    const uint8_t *binding; /* of MsvAvChannelBindings, 16 bytes */
    bool no_nonce;          /* ChallengeFromClient is zero */
    const uint8_t *behind;  /* 12 bytes behind MsvAvEOL */
    bool no_end, no_tail;   /* leave MsvAvEOL, or the 4 zero bytes behind it, out */
    const uint8_t *lm;      /* NULL: 24 zero bytes */
    size_t lm_len, session_key_len;
    uint32_t flags; /* of the Type 3; 0: those of the Type 2 */
    size_t header;  /* where the payload begins; 0: 72 */
    bool mic;       /* with a right MIC: its header is 88 */
} plant_t;

static replay_t planted;
static uint8_t planted_type3[CLIENT_MESSAGE_MAX]; /* to be altered, before it is judged */
static size_t planted_len;

static void plant_pairs(writer_t *out, const plant_t *plant, bytes_t ours)
{
    write_bytes(out, plant->pairs ? (bytes_t){plant->pairs, plant->pairs_len}
                                  : (bytes_t){ours.data, ours.len - 4});
    if (plant->av_flags) avpairs_append(out, MsvAvFlags, (bytes_t){plant->av_flags, 4});
    if (plant->spn) avpairs_append(out, MsvAvTargetName, (bytes_t){plant->spn, plant->spn_len});
    if (plant->binding)
        avpairs_append(out, MsvAvChannelBindings, (bytes_t){plant->binding, NTLM_BINDING_LEN});
    if (!plant->no_end) write_u32(out, 0);
    if (plant->behind) write_bytes(out, (bytes_t){plant->behind, 12});
    if (!plant->no_tail) write_u32(out, 0);
}

static bytes_t plant_response(const plant_t *plant, const type2_t *type2, bytes_t user,
                              bytes_t domain, uint8_t session_key[NTLM_KEY_LEN])
{
    static uint8_t response[2048];
    uint8_t name[2048], v2[NTLM_KEY_LEN];
    writer_t out = writer_to(response, sizeof response), named = writer_to(name, sizeof name);
    reader_t time = reader_over(type2->said.timestamp);
    unicode_write_upper(&named, user, UNICODE_UPPER_NT4);
    write_bytes(&named, domain);
    out.len = NTLM_PROOF_LEN;
    write_u64(&out, 0x0101);
    write_u64(&out, plant->own_time ? plant->time : read_u64(&time));
    write_u64(&out, plant->no_nonce ? 0 : 0x1111111111111111U);
    write_u32(&out, 0);
    plant_pairs(&out, plant, type2->target_info);
    if (!ntowfv2(key.nt_hash, written(&named), v2) ||
        !nt_proof(v2, type2->challenge, bytes_from(written(&out), NTLM_PROOF_LEN), response) ||
        !session_base_key(v2, (bytes_t){response, NTLM_PROOF_LEN}, session_key))
        abort();
    return written(&out);
}

static bytes_t plant_name(const char *text, const uint8_t *bytes, size_t len, uint8_t *room,
                          size_t size)
{
    return bytes ? (bytes_t){bytes, len} : client_text(room, size, text ? text : "");
}

static void plant_type3(const plant_t *plant)
{
    static const uint8_t zeros[NTLM_MIC_LEN + 8] = {0};
    uint8_t user[512], domain[512], workstation[512], session_key[NTLM_KEY_LEN];
    type2_t type2;
    if (type2_parse(planted.type2, &type2)) abort();
    const bytes_t names[] = {
        plant_name(plant->domain, plant->domain_bytes, plant->domain_len, domain, sizeof domain),
        plant_name(plant->user, plant->user_bytes, plant->user_len, user, sizeof user),
        client_text(workstation, sizeof workstation, plant->workstation ? plant->workstation : "")};
    const bytes_t parts[] = {plant->lm ? (bytes_t){plant->lm, plant->lm_len} : (bytes_t){zeros, 24},
                             plant_response(plant, &type2, names[1], names[0], session_key),
                             names[0],
                             names[1],
                             names[2],
                             {(const uint8_t *)"0123456789abcdef", plant->session_key_len}};
    const size_t header = plant->mic ? 88 : plant->header ? plant->header : 72;
    size_t at = header;
    writer_t out = writer_to(planted_type3, sizeof planted_type3);
    write_bytes(&out, (bytes_t){(const uint8_t *)"NTLMSSP", 8});
    write_u32(&out, 3);
    for (int i = 0; i < 6; at += parts[i++].len) write_field(&out, parts[i].len, at);
    write_u32(&out, plant->flags ? plant->flags : type2.flags);
    write_bytes(&out, (bytes_t){zeros, header - 64});
    for (int i = 0; i < 6; i++) write_bytes(&out, parts[i]);
    planted_len = out.len;
    const bytes_t messages[] = {planted.type1, planted.type2, written(&out)};
    if (plant->mic && !message_mic(session_key, messages, 72, planted_type3 + 72)) abort();
}

/* A login by that Type 3, recorded with a real acceptor and not judged yet. */
static replay_t *plant_with(const plant_t *plant, bytes_t type1)
{
    static connection_t *c;
    c = connect_client();
    assert_int_equal(send_token(c, type1), NTLM_CHALLENGE_SENT);
    bytes_t type2 = ntlm_reply(&c->acceptor);
    memcpy(c->type2, type2.data, c->type2_len = type2.len);
    planted =
        (replay_t){.type1 = type1, .type2 = {c->type2, c->type2_len}, .policy = policy, .key = key};
    plant_type3(plant);
    planted.type3 = (bytes_t){planted_type3, planted_len};
    return &planted;
}

static replay_t *plant(const plant_t *plant)
{
    return plant_with(plant, client_type1(CLIENT_FLAGS));
}

static plant_t right(void)
{
    return (plant_t){.user = "alice", .domain = "CORP", .workstation = "WS1"};
}

typedef void family_t(diagnosis_t *diagnosis, const subject_t *subject);

/* What a family says of it: the ids of causes and warnings, with a blank between them. */
static const char *said_by(family_t *family, const subject_t *subject)
{
    static char ids[2 * REMARKS_MAX * REMARK_ID_MAX];
    diagnosis_t diagnosis;
    memset(&diagnosis, 0, sizeof diagnosis);
    family(&diagnosis, subject);
    ids[0] = '\0';
    for (int warning = 0; warning < 2; warning++) {
        const remarks_t *remarks = warning ? &diagnosis.warnings : &diagnosis.causes;
        for (size_t i = 0; i < remarks->count; i++)
            snprintf(ids + strlen(ids), sizeof ids - strlen(ids), "%s%s", ids[0] ? " " : "",
                     remarks->list[i].id);
    }
    return ids;
}

/* The same of a replay that is run now, and comes out so. */
static const char *judged_by(family_t *family, replay_t *replay, ntlm_status_t status)
{
    assert_null(replay_run(replay));
    assert_string_equal(ntlm_status_name(replay->status), ntlm_status_name(status));
    return said_by(family, &(subject_t){.replay = replay});
}

#endif
