#include "dump_verify.h"

#include <err.h>
#include <stdio.h>
#include <string.h>

#include "../lib/explain/causes/diagnose.h"
#include "../lib/explain/report.h"
#include "../lib/ntlm/crypto.h"
#include "dump_input.h"
#include "dump_options.h"
#include "dump_policy.h"
#include "dump_recording.h"

typedef struct verify_t {
    wanted_t wanted;
    uint8_t type1[TOKEN_MAX], type2[TOKEN_MAX], type3[TOKEN_MAX]; /* room for the options' */
    dump_recording_t recorded;
    char password[PASSWORD_ROOM];
    certificates_t certificates;
    uint8_t binding[1][NTLM_BINDING_LEN];
    replay_t replay;
    subject_t subject;
    diagnosis_t diagnosis;
} verify_t;

/* ---- the messages ---- */

static dump_exit_t read_options(verify_t *verify)
{
    const wanted_t *wanted = &verify->wanted;
    replay_t *replay = &verify->replay;
    dump_exit_t result = input_message("--type1", wanted->type1, verify->type1, &replay->type1);
    if (result == DUMP_OK)
        result = input_message("--type2", wanted->type2, verify->type2, &replay->type2);
    if (result == DUMP_OK)
        result = input_message("--type3", wanted->type3, verify->type3, &replay->type3);
    if (result == DUMP_OK && replay->type1.len > 0 && message_type(replay->type1) != 1)
        warnx("--type1 is no Type 1 message; it is used as it is");
    return result;
}

static bytes_t message_of(const recorded_t *recorded)
{
    return recorded ? recorded->message : bytes_none();
}

static dump_exit_t read_recording(verify_t *verify)
{
    const recorded_login_t *login = &verify->recorded.login;
    dump_exit_t result =
        recording_open(verify->wanted.recording, verify->wanted.login, &verify->recorded);
    if (result != DUMP_OK) return result;
    verify->replay.type1 = message_of(login->type1);
    verify->replay.type2 = message_of(login->type2);
    verify->replay.type3 = message_of(login->type3);
    verify->subject.header = login->type3->value;
    verify->subject.proxy = login->type3->proxy;
    verify->subject.tls = login->type3->tls && !login->type3->proxy;
    return DUMP_OK;
}

/* ---- the account ---- */

static dump_exit_t read_key(const wanted_t *wanted, char password[PASSWORD_ROOM], ntlm_key_t *key)
{
    bytes_t hash;
    if (wanted->password) return input_password(wanted->password, password, key->nt_hash);
    dump_exit_t result =
        input_hex("--nt-hash", wanted->nt_hash, key->nt_hash, sizeof key->nt_hash, &hash);
    if (result != DUMP_OK || hash.len == sizeof key->nt_hash) return result;
    warnx("--nt-hash: it has not 32 hex digits");
    return DUMP_UNUSABLE;
}

/* ---- the verdict ---- */

/* A server reads one up to the first blank. */
static bool has_scheme(const recorded_t *answer)
{
    size_t len = answer->scheme ? strlen(answer->scheme) : 0;
    return len > 0 && answer->value.len > len && answer->value.data[len] == ' ';
}

/* What stands in the place of a Type 3 was no message. */
static void report_unread(outline_t *out, const recorded_t *answer)
{
    ntlm_status_t status = has_scheme(answer) ? NTLM_MALFORMED : NTLM_SCHEME_REFUSED;
    outline_text(out, "verdict", "reject");
    outline_text(out, "status", ntlm_status_row(status)->name);
    outline_text(out, "sentence", ntlm_status_row(status)->sentence);
    outline_text(out, "detail", answer->why);
}

static void report(verify_t *verify)
{
    outline_t out = outline_to(stdout, verify->wanted.as_json);
    diagnose(&verify->diagnosis, &verify->subject);
    detail_open(&out, NULL);
    if (verify->subject.replay)
        report_replay(&out, &verify->replay);
    else
        report_unread(&out, verify->recorded.login.type3);
    report_diagnosis(&out, &verify->diagnosis);
    if (verify->wanted.recording) recording_report(&out, &verify->recorded);
    detail_close(&out);
}

static dump_exit_t judge(verify_t *verify)
{
    replay_t *replay = &verify->replay;
    if (verify->wanted.recording && (replay->type2.len == 0 || replay->type3.len == 0)) {
        report(verify);
        return DUMP_REFUSED;
    }
    const char *why = replay_run(replay);
    if (why) {
        warnx("%s: %s", verify->wanted.recording ? "the Type 2" : "--type2", why);
        return DUMP_UNUSABLE;
    }
    if (replay->status == NTLM_CRYPTO_FAILED) {
        warnx("%s", ntlm_status_row(replay->status)->sentence);
        return DUMP_UNUSABLE;
    }
    verify->subject.replay = replay;
    verify->subject.let_in = replay->status == NTLM_OK;
    report(verify);
    return replay->status == NTLM_OK ? DUMP_OK : DUMP_REFUSED;
}

/* ---- all of it ---- */

static void wipe_text(char *text)
{
    if (text) secret_wipe(text, strlen(text));
}

static dump_exit_t run(verify_t *verify)
{
    wanted_t *wanted = &verify->wanted;
    dump_exit_t result = read_key(wanted, verify->password, &verify->replay.key);
    verify->subject = (subject_t){.has_password = wanted->password != NULL,
                                  .password = bytes_of(verify->password),
                                  .header = bytes_none(),
                                  .tls_unique = bytes_none()};
    wipe_text(wanted->nt_hash);
    wipe_text(wanted->password);
    if (result == DUMP_OK)
        result = wanted->recording ? read_recording(verify) : read_options(verify);
    if (result == DUMP_OK && wanted->cert)
        result = certificates_read(wanted->cert, &verify->certificates);
    if (result == DUMP_OK)
        result =
            policy_read(wanted, &verify->certificates, verify->binding, &verify->replay.policy);
    if (result != DUMP_OK) return result;
    verify->subject.certificates = verify->certificates.list;
    verify->subject.certificates_count = verify->certificates.count;
    if (wanted->binding_data || wanted->cert) verify->subject.tls = true;
    return judge(verify);
}

dump_exit_t dump_verify(int argc, char **argv, bool as_json)
{
    static verify_t verify;
    const char *why = crypto_open();
    if (why) errx(DUMP_UNUSABLE, "%s", why);
    verify.wanted.as_json = as_json;
    dump_exit_t result = options_read(argc, argv, &verify.wanted);
    if (result == DUMP_OK) result = run(&verify);
    recording_close(&verify.recorded);
    certificates_free(&verify.certificates);
    secret_wipe(verify.password, sizeof verify.password);
    secret_wipe(&verify.replay, sizeof verify.replay);
    return result;
}
