#include "diagnose.h"

#include <string.h>

#include "../shape/blob.h"
#include "../shape/envelope.h"
#include "../shape/header_text.h"
#include "../shape/layout.h"
#include "../shape/response_kind.h"
#include "../shape/service.h"
#include "../shape/strings.h"
#include "../shape/token_text.h"
#include "../shape/user_name.h"
#include "../warnings/in_messages.h"
#include "../warnings/in_response.h"
#include "binding.h"
#include "course_causes.h"
#include "domain_case.h"
#include "mic.h"
#include "proof.h"
#include "request_causes.h"

/* One a line. */
/* clang-format off */
const remark_row_t *const remark_tables[] = {
    domain_case_remarks,
    hashed_password_remarks,
    name_form_remarks,
    proof_remarks,
    mic_key_remarks,
    mic_field_remarks,
    mic_cover_remarks,
    mic_mac_remarks,
    mic_remarks,
    binding_hash_remarks,
    binding_data_remarks,
    binding_struct_remarks,
    binding_value_remarks,
    binding_remarks,
    token_text_remarks,
    header_text_remarks,
    in_response_remarks,
    in_messages_remarks,
    envelope_remarks,
    layout_remarks,
    course_remarks,
    request_remarks,
    strings_remarks,
    user_name_remarks,
    service_remarks,
    blob_remarks,
    response_kind_remarks,
    NULL,
};

/* Each sees all that is known, and says nothing of what it cannot know. */
static void (*const families[])(diagnosis_t *diagnosis, const subject_t *subject) = {
    domain_case_causes,
    proof_causes,
    mic_causes,
    binding_causes,
    header_text_causes,
    in_response_warnings,
    in_messages_warnings,
    envelope_causes,
    layout_causes,
    course_causes,
    request_causes,
    strings_causes,
    user_name_causes,
    service_causes,
    blob_causes,
    response_kind_causes,
};
/* clang-format on */

const remark_row_t *remark_find(const char *id)
{
    for (size_t i = 0; remark_tables[i]; i++)
        for (const remark_row_t *row = remark_tables[i]; row->id; row++)
            if (strcmp(row->id, id) == 0) return row;
    return NULL;
}

void diagnose(diagnosis_t *diagnosis, const subject_t *subject)
{
    memset(diagnosis, 0, sizeof *diagnosis);
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
        families[i](diagnosis, subject);
}
