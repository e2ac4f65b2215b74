#include "layout.h"

#include "fields.h"

enum {
    ZERO,
    RELATIVE,
    FROM_FIELD,
    SHIFTED,
    BEYOND,
    CHARACTERS,
    ONE_OFFSET,
    ONE_LEN,
    LENS_SWAPPED,
    OFFSETS_SWAPPED,
    SWAPPED,
    TRUNCATED,
    OLD_HEADER,
    OUTSIDE,
    IN_HEADER,
    RESPONSES,
};

const remark_row_t layout_remarks[] = {
    [ZERO] = {.id = "offsets-zero",
              .kind = REMARK_CAUSE,
              .sentence = "all offsets of the fields are zero",
              .source = "MS-NLMP 2.2.1.3"},
    [RELATIVE] = {.id = "offsets-relative",
                  .kind = REMARK_CAUSE,
                  .sentence = "offsets count from the beginning of the payload, not of the message",
                  .source = "MS-NLMP 2.2.1.3"},
    [FROM_FIELD] = {.id = "offsets-from-field",
                    .kind = REMARK_CAUSE,
                    .sentence = "offsets count from the field that they stand in, not from the "
                                "beginning of the message",
                    .source = "MS-NLMP 2.2.1.3"},
    [SHIFTED] = {.id = "offsets-shifted",
                 .kind = REMARK_CAUSE,
                 .sentence = "all offsets are wrong by the same few bytes",
                 .source = "MS-NLMP 2.2.1.3"},
    [BEYOND] =
        {.id = "offsets-beyond",
         .kind = REMARK_CAUSE,
         .sentence =
             "all offsets are wrong by the same number of bytes, and lie outside of the message",
         .source = "MS-NLMP 2.2.1.3"},
    [CHARACTERS] = {.id = "lengths-in-characters",
                    .kind = REMARK_CAUSE,
                    .sentence = "lengths of names count characters, not bytes",
                    .source = "MS-NLMP 2.2.1.3"},
    [ONE_OFFSET] = {.id = "offset-wrong",
                    .kind = REMARK_CAUSE,
                    .sentence = "the offset of one field is wrong by a few bytes",
                    .source = "MS-NLMP 2.2.1.3"},
    [ONE_LEN] = {.id = "length-wrong",
                 .kind = REMARK_CAUSE,
                 .sentence = "the length of one name is wrong by a few bytes",
                 .source = "MS-NLMP 2.2.1.3"},
    [LENS_SWAPPED] = {.id = "lengths-big-endian",
                      .kind = REMARK_CAUSE,
                      .sentence = "lengths of the fields are big endian",
                      .source = "MS-NLMP 2.2"},
    [OFFSETS_SWAPPED] = {.id = "offsets-big-endian",
                         .kind = REMARK_CAUSE,
                         .sentence = "offsets of the fields are big endian",
                         .source = "MS-NLMP 2.2"},
    [SWAPPED] = {.id = "fields-big-endian",
                 .kind = REMARK_CAUSE,
                 .sentence = "lengths and offsets of the fields are big endian",
                 .source = "MS-NLMP 2.2"},
    [TRUNCATED] = {.id = "message-truncated",
                   .kind = REMARK_CAUSE,
                   .sentence = "the message ends before its last field does",
                   .source = "MS-NLMP 2.2.1.3"},
    [OLD_HEADER] = {.id = "header-short",
                    .kind = REMARK_CAUSE,
                    .sentence = "the header ends behind Workstation: EncryptedRandomSessionKey and "
                                "NegotiateFlags are missing",
                    .source = "MS-NLMP 2.2.1.3"},
    [OUTSIDE] = {.id = "field-outside",
                 .kind = REMARK_CAUSE,
                 .sentence = "a field lies outside of the message",
                 .source = "MS-NLMP 2.2.1.3"},
    [IN_HEADER] = {.id = "field-in-header",
                   .kind = REMARK_CAUSE,
                   .sentence = "a field lies in the header",
                   .source = "MS-NLMP 2.2.1.3"},
    [RESPONSES] = {.id = "responses-swapped",
                   .kind = REMARK_CAUSE,
                   .sentence =
                       "LmChallengeResponse and NtChallengeResponse stand in each other's place",
                   .source = "MS-NLMP 2.2.1.3"},
    {.id = NULL},
};

const remark_row_t *const layout_cut = &layout_remarks[TRUNCATED];

bool layout_fits(bytes_t type3, uint32_t flags)
{
    ntlm_claim_t claim;
    fields_t fields;
    return fields_read(type3, &fields) && fields_are_joined(&fields) && fields.end == type3.len &&
           claim_open(&claim, type3, flags) == NTLM_OK && !claim_names(&claim) &&
           !ntlmv2_response_parse(claim.type3.nt, &claim.response);
}

/* ---- each undoes a mistake, and gives false if it is not that ---- */

static void shift(fields_t *fields, size_t by)
{
    for (int i = 0; i < FIELDS; i++) fields->field[i].at += by;
}

static bool not_relative(fields_t *fields)
{
    if (fields->lowest != 0 || !fields_are_joined(fields) || fields->end > fields->message_len)
        return false;
    shift(fields, fields->message_len - fields->end);
    return true;
}

static bool not_shifted(fields_t *fields)
{
    if (!fields_are_joined(fields) || fields->end == fields->message_len) return false;
    shift(fields,
          fields->message_len - fields->end); /* less than zero wraps, and is what is meant */
    return true;
}

static bool not_from_field(fields_t *fields)
{
    for (size_t i = 0; i < FIELDS; i++) fields->field[i].at += FIELDS_AT + FIELD_SIZE * i;
    return true;
}

static bool not_lens_swapped(fields_t *fields)
{
    for (int i = 0; i < FIELDS; i++) {
        const size_t n = fields->field[i].len;
        fields->field[i].len = (n & 0xFF) << 8 | (n >> 8 & 0xFF);
    }
    return true;
}

static bool not_offsets_swapped(fields_t *fields)
{
    for (int i = 0; i < FIELDS; i++) {
        const size_t n = fields->field[i].at;
        fields->field[i].at =
            (n & 0xFF) << 24 | (n >> 8 & 0xFF) << 16 | (n >> 16 & 0xFF) << 8 | (n >> 24 & 0xFF);
    }
    return true;
}

static bool not_swapped(fields_t *fields)
{
    return not_lens_swapped(fields) && not_offsets_swapped(fields);
}

static const struct {
    int row;
    bool (*mend)(fields_t *fields);
} mends[] = {
    {RELATIVE, not_relative},
    {SHIFTED, not_shifted},
    {FROM_FIELD, not_from_field},
    {LENS_SWAPPED, not_lens_swapped},
    {OFFSETS_SWAPPED, not_offsets_swapped},
    {SWAPPED, not_swapped},
};

/* Where payloads begin: behind the flags, a Version, a MIC, or both. */
static bool has_header(bytes_t type3)
{
    fields_t fields;
    return fields_read(type3, &fields) && (fields.lowest == 64 || fields.lowest == 72 ||
                                           fields.lowest == 80 || fields.lowest == 88);
}

static bool mended_fits(bytes_t message, const fields_t *fields, uint32_t flags)
{
    uint8_t memory[LAYOUT_MAX];
    writer_t out = writer_to(memory, sizeof memory);
    return fields_write(&out, message, fields) && has_header(written(&out)) &&
           layout_fits(written(&out), flags);
}

/* Of all names, or of some. */
static bool are_in_characters(bytes_t message, const fields_t *fields, uint32_t flags)
{
    for (unsigned which = 1; which < 8; which++) {
        fields_t mended = *fields;
        for (int i = 0; i < 3; i++)
            if (which >> i & 1) mended.field[FIELD_DOMAIN + i].len *= 2;
        if (mended_fits(message, &mended, flags)) return true;
    }
    return false;
}

/* One field alone, by so many bytes more or less. */
static bool is_wrong_by(bytes_t message, const fields_t *fields, uint32_t flags, int field, int by,
                        bool len)
{
    fields_t mended = *fields;
    place_t *place = &mended.field[field];
    if (place->len == 0) return false;
    *(len ? &place->len : &place->at) -= (size_t)by;
    return mended_fits(message, &mended, flags);
}

static bool say_one(diagnosis_t *diagnosis, bytes_t message, const fields_t *fields, uint32_t flags)
{
    enum { FEW = 16 };
    for (int field = FIELD_NT; field <= FIELD_WORKSTATION; field++)
        for (int by = -FEW; by <= FEW; by++)
            for (int len = field == FIELD_NT ? 0 : 1; len >= 0; len--) {
                if (!is_wrong_by(message, fields, flags, field, by, len)) continue;
                diagnosis_add(diagnosis, &layout_remarks[len ? ONE_LEN : ONE_OFFSET], "%s, by %+d",
                              field_name(field), by);
                return true;
            }
    return false;
}

/* ---- what is wrong ---- */

static bool offsets_are_zero(const fields_t *fields)
{
    for (int i = 0; i < FIELDS; i++)
        if (fields->field[i].len > 0 && fields->field[i].at != 0) return false;
    return true;
}

/* Without a mend that makes it whole: -1, if every field lies where it may. */
static int about_bounds(const fields_t *fields, size_t len)
{
    if (fields->end > len)
        return fields_are_joined(fields) && fields->lowest >= HEADER_MIN ? TRUNCATED : OUTSIDE;
    return fields->lowest < HEADER_MIN ? IN_HEADER : -1;
}

/* NT 4's header has five fields: where the sixth would be the payload begins. */
static bool has_old_header(fields_t fields, size_t len)
{
    enum { OLD_HEADER_LEN = 52 };
    fields.field[FIELD_KEY].len = 0;
    fields_sum(&fields);
    return fields.lowest == OLD_HEADER_LEN && fields_are_joined(&fields) && fields.end == len;
}

static int about_fields(bytes_t message, const fields_t *fields, uint32_t flags)
{
    enum { FEW = 64 };
    if (offsets_are_zero(fields)) return ZERO;
    for (size_t i = 0; i < sizeof mends / sizeof mends[0]; i++) {
        fields_t mended = *fields;
        if (!mends[i].mend(&mended) || !mended_fits(message, &mended, flags)) continue;
        const size_t beyond = fields->end > message.len ? fields->end - message.len : 0;
        return mends[i].row == SHIFTED && beyond > FEW ? BEYOND : mends[i].row;
    }
    if (are_in_characters(message, fields, flags)) return CHARACTERS;
    return has_old_header(*fields, message.len) ? OLD_HEADER : -1;
}

static bool are_responses_swapped(const ntlm_claim_t *claim)
{
    ntlmv2_response_t response;
    return !ntlmv2_response_parse(claim->type3.lm, &response) &&
           ntlmv2_response_parse(claim->type3.nt, &response);
}

void layout_causes(diagnosis_t *diagnosis, const subject_t *subject)
{
    const replay_t *replay = subject->replay;
    fields_t fields;
    if (!replay || message_type(replay->type3) != 3 || replay_passed(replay, "proof")) return;
    const bytes_t message = replay->type3;
    const uint32_t flags = replay->challenge.flags;
    int row = -1;
    if (message.len < HEADER_MIN) {
        row = TRUNCATED;
    } else if (fields_read(message, &fields) && !layout_fits(message, flags)) {
        row = about_fields(message, &fields, flags);
        if (row < 0 && say_one(diagnosis, message, &fields, flags)) return;
        if (row < 0) row = about_bounds(&fields, message.len);
    }
    if (row < 0 && replay_passed(replay, "message") && are_responses_swapped(&replay->claim))
        row = RESPONSES;
    if (row >= 0) diagnosis_add(diagnosis, &layout_remarks[row], NULL);
}
