#include "report.h"

#include <inttypes.h>

#include "findings.h"
#include "show.h"

static void report_status(outline_t *out, const replay_t *replay)
{
    const ntlm_status_row_t *row = ntlm_status_row(replay->status);
    char nt_status[11], text[FINDING_TEXT_ROOM];
    const finding_t finding = finding_of(replay->status, &replay->claim, &replay->policy);
    snprintf(nt_status, sizeof nt_status, "0x%08" PRIX32, row->nt_status);
    outline_text(out, "verdict", replay->status == NTLM_OK ? "accept" : "reject");
    outline_text(out, "status", row->name);
    outline_text(out, "nt_status", nt_status);
    outline_text(out, "sentence", row->sentence);
    outline_text(out, "detail", finding_text(&finding, text));
}

static void report_claim(outline_t *out, const replay_t *replay)
{
    const ntlm_claim_t *claim = &replay->claim;
    bool readable = replay_passed(replay, "message");
    bool proven = replay_passed(replay, "proof");
    outline_text(out, "user", readable ? claim->user : NULL);
    outline_text(out, "domain", readable ? claim->domain : NULL);
    outline_text(out, "workstation", readable ? claim->workstation : NULL);
    outline_text(out, "mic", ntlm_mic_word(claim->mic));
    if (claim->mic_offset) {
        outline_words(out, "mic_offset", "%zu", claim->mic_offset);
        detail_number(out, "mic_offset", claim->mic_offset);
    } else {
        detail_text(out, "mic_offset", NULL);
    }
    outline_text(out, "binding", ntlm_binding_word(claim->binding));
    outline_text(out, "service", ntlm_service_word(claim->service));
    outline_text(out, "domain_form", proven ? ntlm_domain_form_word(claim->domain_form) : NULL);
    outline_text(out, "upper_rule", proven ? ntlm_upper_rule_word(claim->upper_rule) : NULL);
}

static void report_check(outline_t *out, const ntlm_check_t *check, bool passed)
{
    char name[32];
    snprintf(name, sizeof name, "  %s", check->name);
    outline_words(out, name, "%-6s  %s", passed ? "ok" : "FAILED", check->sentence);
    detail_open(out, NULL);
    detail_text(out, "check", check->name);
    detail_bool(out, "passed", passed);
    detail_text(out, "rule", check->sentence);
    detail_close(out);
}

static void report_checks(outline_t *out, const replay_t *replay)
{
    const ntlm_check_t *last = replay->claim.check;
    outline_words(out, "checks", "%d ran", (int)(last - ntlm_checks) + 1);
    outline_open_list(out, "checks");
    for (const ntlm_check_t *check = ntlm_checks; check <= last; check++)
        report_check(out, check, check != last || replay->status == NTLM_OK);
    outline_close_list(out);
}

static void report_name(outline_t *out, const replay_name_t *name)
{
    char user[TEXT_ROOM], domain[TEXT_ROOM], digits[2 * NTLM_PROOF_LEN + 1];
    const char *form = ntlm_domain_form_word(name->candidate.form);
    const char *rule = ntlm_upper_rule_word(name->candidate.rule);
    bytes_t proof = {name->proof, NTLM_PROOF_LEN};
    show_words(name->user, true, user);
    show_words(name->domain, true, domain);
    outline_words(out, "  tried", "user \"%s\" (%s), domain \"%s\" (%s): NTProofStr %s", user, rule,
                  domain, form, hex_words(proof, digits, sizeof digits));
    detail_open(out, NULL);
    detail_text(out, "user", user);
    detail_text(out, "upper_rule", rule);
    detail_text(out, "domain", domain);
    detail_text(out, "domain_form", form);
    detail_hex(out, "expected", proof);
    detail_close(out);
}

static void report_tried(outline_t *out, const replay_t *replay)
{
    replay_name_t names[NTLM_CANDIDATES_MAX];
    size_t count = replay_names(replay, names);
    outline_open_list(out, "tried");
    for (size_t i = 0; i < count; i++) report_name(out, &names[i]);
    outline_close_list(out);
}

static void report_failure(outline_t *out, const replay_t *replay)
{
    const finding_t finding = replay_finding(replay);
    outline_text(out, "failed_check", replay->claim.check->name);
    outline_text(out, "expected", finding.wanted[0] ? finding.wanted : NULL);
    outline_text(out, "found", finding.found[0] ? finding.found : NULL);
    if (replay->status == NTLM_WRONG_PASSWORD) report_tried(out, replay);
}

void report_replay(outline_t *out, const replay_t *replay)
{
    report_status(out, replay);
    report_claim(out, replay);
    report_checks(out, replay);
    if (replay->status != NTLM_OK) report_failure(out, replay);
}

/* ---- the diagnosis ---- */

static void report_remark(outline_t *out, const remark_t *remark)
{
    char name[REMARK_ID_MAX + 2];
    const char *source = remark->source;
    snprintf(name, sizeof name, "  %s", remark->id);
    outline_words(out, name, "%s%s%s%s", remark->text, source ? " (" : "", source ? source : "",
                  source ? ")" : "");
    detail_open(out, NULL);
    detail_text(out, "id", remark->id);
    detail_text(out, "text", remark->text);
    detail_text(out, "source", source);
    detail_close(out);
}

static void report_remarks(outline_t *out, const char *name, const char *name_more,
                           const remarks_t *remarks)
{
    if (remarks->count == 0)
        outline_words(out, name, "none");
    else
        outline_words(out, name, "%zu%s", remarks->count, remarks->more ? " and more" : "");
    outline_open_list(out, name);
    for (size_t i = 0; i < remarks->count; i++) report_remark(out, &remarks->list[i]);
    outline_close_list(out);
    if (remarks->more) detail_bool(out, name_more, true);
}

void report_diagnosis(outline_t *out, const diagnosis_t *diagnosis)
{
    report_remarks(out, "causes", "causes_more", &diagnosis->causes);
    report_remarks(out, "warnings", "warnings_more", &diagnosis->warnings);
}
