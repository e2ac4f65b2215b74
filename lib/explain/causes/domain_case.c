#include "domain_case.h"

enum { UPPER, LEFT_OUT };

const remark_row_t domain_case_remarks[] = {
    [UPPER] = {.id = "domain-upper-cased",
               .kind = REMARK_WARNING,
               .sentence = "NTOWFv2 was computed over the domain in upper case, which was sent "
                           "otherwise",
               .source = "MS-NLMP 3.3.2"},
    [LEFT_OUT] = {.id = "domain-left-out",
                  .kind = REMARK_WARNING,
                  .sentence = "NTOWFv2 was computed without the domain that was sent",
                  .source = "MS-NLMP 3.3.2"},
    {.id = NULL},
};

void domain_case_causes(diagnosis_t *diagnosis, const subject_t *subject)
{
    const replay_t *replay = subject->replay;
    if (!replay || !replay_passed(replay, "proof")) return;
    if (replay->claim.domain_form == NTLM_DOMAIN_UPPER)
        diagnosis_add(diagnosis, &domain_case_remarks[UPPER], NULL);
    if (replay->claim.domain_form == NTLM_DOMAIN_EMPTY && replay->claim.domain[0] != '\0')
        diagnosis_add(diagnosis, &domain_case_remarks[LEFT_OUT], NULL);
}
