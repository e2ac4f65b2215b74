/* The diagnosis as a whole, and the table of ids. */
#include "planted.h"
#include "replays.h"
#include "vectors.h"

#include <string.h>

#include "../../lib/explain/causes/diagnose.h"

static void every_id_is_there_once(void **state)
{
    (void)state;
    for (size_t i = 0; remark_tables[i]; i++)
        for (const remark_row_t *row = remark_tables[i]; row->id; row++) {
            assert_ptr_equal(remark_find(row->id), row);
            assert_true(strlen(row->id) < REMARK_ID_MAX / 2);
            assert_int_equal(strspn(row->id, "abcdefghijklmnopqrstuvwxyz0123456789-"),
                             strlen(row->id));
            assert_true(strlen(row->sentence) > 0);
            assert_true(row->sentence[strlen(row->sentence) - 1] != '.');
        }
    assert_null(remark_find("no-such-id"));
}

static void of_nothing_nothing_is_said(void **state)
{
    (void)state;
    diagnosis_t diagnosis;
    const subject_t subject = {.replay = NULL};
    memset(&diagnosis, 0xFF, sizeof diagnosis);
    diagnose(&diagnosis, &subject);
    assert_int_equal(diagnosis.causes.count, 0);
    assert_int_equal(diagnosis.warnings.count, 0);
}

static void each_family_has_its_say(void **state)
{
    (void)state;
    diagnosis_t diagnosis;
    client_t client = signing_alice();
    client.domain = "Corp";
    client.hash_domain = "CORP";
    const subject_t subject = {.replay = replay_login(&client, 0)};
    diagnose(&diagnosis, &subject);
    assert_int_equal(diagnosis.warnings.count, 2);
    assert_string_equal(diagnosis.warnings.list[0].id, "domain-upper-cased");
    assert_string_equal(diagnosis.warnings.list[1].id, "timestamp-far-off");
}

/* What of the exchanges in t/vectors is remarked; of all others nothing. */
static const struct {
    const char *vector, *ids;
} remarked[] = {
    {"msnlmp-4.2.4", "type1-version-missing"},
    {"drop-the-mic-zeroed", "mic-zero"},
    {"drop-the-mic-removed", "mic-field-missing"},
    {"stripped-mic-flag", "proof-over-other-pairs"},
    {"pyspnego-lmcompat0-ntlmv1-session", "ntlm2-session"},
    {"pyspnego-lmcompat0-ntlmv1", "ntlmv1"},
    {"ntlmauth-lmcompat1-ntlm2session", "ntlm2-session"},
    {"impacket-v2", "lmv2-beside-timestamp mic-left-out"},
    {"impacket-v1", "ntlm2-session"},
    {"anonymous-lm1", "anonymous"},
    {"anonymous-lm0", "anonymous"},
    {"lmv2-only", "lmv2-only"},
    {"nil-domain-hash", "domain-left-out mic-left-out"},
    {"blob-trailing-bytes", "mic-left-out"},
    {"malformed-nt-offset-huge", "field-outside"},
    {"malformed-nt-len", "field-outside"},
    {"malformed-short", "message-truncated"},
    {"odd-utf16-user", "length-wrong"},
    {"samba-basic", "mic-unannounced response-tail-missing"},
    {"samba-non-ascii", "mic-unannounced response-tail-missing"},
    {"samba-upcase-sharp-s", "mic-unannounced response-tail-missing"},
    {"samba-upcase-micro", "mic-unannounced response-tail-missing"},
    {"samba-upcase-dotless-i", "mic-unannounced response-tail-missing"},
    {"samba-upcase-y-diaeresis", "mic-unannounced response-tail-missing"},
    {"samba-upcase-fi-ligature", "mic-unannounced response-tail-missing"},
    {"curl-ntlm", "timestamp-own-clock lmv2-beside-timestamp mic-left-out type3-version-missing"},
    {"curl-ntlm-forced-unicode",
     "timestamp-own-clock lmv2-beside-timestamp mic-left-out type3-version-missing"},
    {"curl-ntlm-nonascii-oem", "password-utf8-as-latin1"},
    {"curl-ntlm-nonascii-unicode", "password-utf8-as-latin1"},
    {"curl-ntlm-post",
     "timestamp-own-clock lmv2-beside-timestamp mic-left-out type3-version-missing"},
    {"curl-ntlm-https",
     "timestamp-own-clock lmv2-beside-timestamp mic-left-out type3-version-missing"},
    {"wget", "ntlmv1"},
    {"ntlmauth-sharp-s-forced-unicode", "user-upper-cased-otherwise"},
    {"doc-heimdal-ntlm", "ntlm2-session type1-field-outside"},
    {"drop-the-mic-zeroed", "mic-zero"},
    {"drop-the-mic-removed", "mic-field-missing"},
    {"extra-dup-avflags", "av-pair-twice"},
    {"extra-avflags-len2", "av-pair-length"},
    {"extra-av-missing", "pairs-missing"},
    {"extra-resptype2", "resp-type"},
    {"extra-user-case", "mic-left-out"},
    {"extra-challenge-avflags-av-changed", "pairs-invented"},
};

static const char *remarks_wanted(const char *vector)
{
    for (size_t i = 0; i < sizeof remarked / sizeof remarked[0]; i++)
        if (strcmp(remarked[i].vector, vector) == 0) return remarked[i].ids;
    return "";
}

/* Of a real client that does nothing wrong nothing is said, and of others what is true of them. */
static void every_recorded_exchange_gets_its_remarks(void **state)
{
    (void)state;
    for (size_t i = 0; i < VECTORS; i++) {
        const vector_t *vector = &vectors[i];
        replay_t replay = {
            .type1 = hex(vector->type1), .type2 = hex(vector->type2), .type3 = hex(vector->type3)};
        memcpy(replay.key.nt_hash, hex(vector->nt_hash).data, NTLM_KEY_LEN);
        assert_null(replay_run(&replay));
        const subject_t subject = {.replay = &replay,
                                   .has_password = true,
                                   .password = bytes_of(vector->password),
                                   .tls = strstr(vector->id, "https") != NULL,
                                   .let_in = replay.status == NTLM_OK};
        const char *ids = said_by(diagnose, &subject);
        if (strcmp(ids, remarks_wanted(vector->id)) != 0)
            fail_msg("%s: %s, not %s", vector->id, ids, remarks_wanted(vector->id));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_id_is_there_once),
        TEST(of_nothing_nothing_is_said),
        TEST(each_family_has_its_say),
        TEST(every_recorded_exchange_gets_its_remarks),
    };
    return RUN_GROUP(tests);
}
