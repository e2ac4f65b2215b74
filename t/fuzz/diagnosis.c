/* A login from anybody, and all that may be known of it: whatever it is, what is said has an id of
 * docs/causes.md, is text for people, and the same the next time; who was let in made no mistake.
 *
 * The bytes: what is known, bit by bit, of the login (2) and of its course (4); then Type 1, Type
 * 2, Type 3, header, password, certificate and Finished message, each behind its length (2). */
#include "fuzz.h"

#include "../../lib/explain/causes/diagnose.h"
#include "../../lib/ntlm/crypto.h"
#include "../../lib/ntlm/response.h"

enum {
    HAS_PASSWORD = 1,
    TLS = 2,
    PROXY = 4,
    MISPLACED = 8,
    WATCHED = 16,
    KNOWN_USER = 32,
    SERVICE = 64,
    BINDING = 128,
    MIC = 256
};

static bytes_t part(reader_t *in)
{
    return read_bytes(in, read_u16(in));
}

/* ---- what is known ---- */

static bool hash(bytes_t password, uint8_t nt_hash[NTLM_KEY_LEN])
{
    char text[128];
    uint8_t wide[2 * sizeof text];
    writer_t out = writer_to(wide, sizeof wide);
    if (password.len >= sizeof text || memchr(password.data, '\0', password.len)) return false;
    memcpy(text, password.data, password.len);
    text[password.len] = '\0';
    return unicode_write_utf8(&out, text) && ntowfv1(written(&out), nt_hash);
}

static ntlm_policy_t policy_of(unsigned bits)
{
    static const char *const hosts[] = {"localhost", "web.corp.example", NULL};
    static const uint8_t bindings[1][NTLM_BINDING_LEN] = {{0x65, 0x86, 0xE9, 0x9D}};
    return (ntlm_policy_t){.require_mic = (bits & MIC) != 0,
                           .service = bits & SERVICE ? NTLM_REQUIRE : NTLM_ALLOW,
                           .service_hosts = hosts,
                           .binding = bits & BINDING ? NTLM_REQUIRE : NTLM_ALLOW,
                           .bindings = bindings,
                           .bindings_count = 1};
}

static course_request_t request_of(uint32_t bits)
{
    return (course_request_t){.method = bits & 1 ? bits & 2 ? "POST" : "GET" : NULL,
                              .http10 = bits & 4,
                              .keep_alive = bits & 8,
                              .closes = bits & 16,
                              .has_length = bits & 32,
                              .body_ended_early = bits & 64,
                              .knows_body = bits & 128,
                              .body_len = bits & 64};
}

static course_t course_of(uint32_t bits)
{
    course_challenge_t challenge = {.known = bits & 0x10000,
                                    .latest = bits & 0x20000,
                                    .same_connection = bits & 0x40000,
                                    .same_place = bits & 0x80000,
                                    .same_scheme = bits & 0x100000,
                                    .answered = (course_answered_t)(bits >> 21 & 1),
                                    .same_answer = bits & 0x400000,
                                    .end = (course_end_t)(bits >> 23 & 3),
                                    .request = request_of(bits >> 8 & 0xFF),
                                    .between = bits >> 25 & 1,
                                    .between_method = bits >> 25 & 1 ? "HEAD" : NULL};
    return (course_t){.connection = 2,
                      .message = bits >> 26 & 3,
                      .status = (ntlm_status_t)((bits >> 8) % NTLM_STATUS_COUNT),
                      .request = request_of(bits & 0xFF),
                      .challenge = challenge,
                      .challenged = bits >> 28 & 1,
                      .unanswered = bits >> 29 & 1,
                      .end = (course_end_t)(bits >> 30)};
}

/* ---- what is said ---- */

static void known_id(const char *id, remark_kind_t kind)
{
    char copy[REMARK_ID_MAX];
    snprintf(copy, sizeof copy, "%s", id);
    for (char *rest = copy, *one; (one = strtok_r(rest, "+", &rest));) {
        const remark_row_t *row = remark_find(one);
        REQUIRE(row && row->kind == kind);
    }
}

static void readable(const remarks_t *remarks, remark_kind_t kind)
{
    REQUIRE(remarks->count <= REMARKS_MAX);
    for (size_t i = 0; i < remarks->count; i++) {
        const remark_t *remark = &remarks->list[i];
        known_id(remark->id, kind);
        REQUIRE(remark->text[0] && memchr(remark->text, '\0', sizeof remark->text));
        for (const char *at = remark->text; *at; at++) REQUIRE((uint8_t)*at >= ' ');
    }
}

static void said_of(const subject_t *subject)
{
    static diagnosis_t first, again;
    diagnose(&first, subject);
    readable(&first.causes, REMARK_CAUSE);
    readable(&first.warnings, REMARK_WARNING);
    if (subject->let_in && !subject->course) REQUIRE(first.causes.count == 0);
    memset(&again, 0xFF, sizeof again);
    diagnose(&again, subject);
    REQUIRE(memcmp(&first, &again, sizeof first) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static replay_t replay;
    reader_t in = reader_over((bytes_t){data, size});
    const unsigned bits = read_u16(&in);
    const course_t course = course_of(read_u32(&in));
    const bytes_t type1 = part(&in), type2 = part(&in), type3 = part(&in), header = part(&in);
    const bytes_t password = part(&in), certificate = part(&in), finished = part(&in);
    REQUIRE(crypto_open() == NULL);
    replay = (replay_t){.type1 = type1, .type2 = type2, .type3 = type3, .policy = policy_of(bits)};
    const bool hashed = hash(password, replay.key.nt_hash);
    const bool judged = type3.len > 0 && type2.len > 0 && !replay_run(&replay);
    const bool ok = judged && replay.status == NTLM_OK;
    if (judged && replay.status == NTLM_WRONG_PASSWORD && !(bits & KNOWN_USER))
        replay.status = NTLM_NO_SUCH_USER;
    said_of(&(subject_t){.replay = judged ? &replay : NULL,
                         .has_password = hashed && bits & HAS_PASSWORD,
                         .password = password,
                         .certificates = &certificate,
                         .certificates_count = certificate.len > 0,
                         .tls_unique = finished,
                         .tls = bits & TLS,
                         .proxy = bits & PROXY,
                         .header = header,
                         .misplaced = bits & MISPLACED ? "Proxy-Authorization" : NULL,
                         .let_in = ok,
                         .course = bits & WATCHED ? &course : NULL});
    return 0;
}
