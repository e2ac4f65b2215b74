#include "layout.h"

enum {
    ZERO,
    RELATIVE,
    FROM_FIELD,
    SHIFTED,
    BEYOND,
    CHARACTERS,
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

/* ---- fields ---- */

enum { LM, NT, DOMAIN, USER, WORKSTATION, SESSION_KEY, FIELDS, FIRST_AT = 12, HEADER_MIN = 64 };

typedef struct place_t {
    size_t len, at;
} place_t;

typedef struct places_t {
    place_t field[FIELDS];
    size_t lowest, sum, end; /* of those that are not empty */
    size_t message_len;
} places_t;

static void sum_up(places_t *places)
{
    places->lowest = SIZE_MAX;
    places->sum = places->end = 0;
    for (int i = 0; i < FIELDS; i++) {
        const place_t *field = &places->field[i];
        if (field->len == 0) continue;
        places->sum += field->len;
        if (field->at < places->lowest) places->lowest = field->at;
        if (field->at + field->len > places->end) places->end = field->at + field->len;
    }
}

static bool read_places(bytes_t message, places_t *places)
{
    reader_t in = reader_over(message);
    (void)read_bytes(&in, FIRST_AT);
    for (int i = 0; i < FIELDS; i++) {
        places->field[i].len = read_u16(&in);
        (void)read_u16(&in);
        places->field[i].at = read_u32(&in);
    }
    places->message_len = message.len;
    sum_up(places);
    return !in.error && places->sum > 0;
}

/* Side by side, from the lowest to the end of the last one. */
static bool are_joined(const places_t *places)
{
    return places->lowest + places->sum == places->end;
}

bool layout_fits(bytes_t type3, uint32_t flags)
{
    ntlm_claim_t claim;
    places_t places;
    return read_places(type3, &places) && are_joined(&places) && places.end == type3.len &&
           claim_open(&claim, type3, flags) == NTLM_OK && !claim_names(&claim) &&
           !ntlmv2_response_parse(claim.type3.nt, &claim.response);
}

/* ---- each undoes a mistake, and gives false if it is not that ---- */

static void shift(places_t *places, size_t by)
{
    for (int i = 0; i < FIELDS; i++) places->field[i].at += by;
}

static bool not_relative(places_t *places)
{
    if (places->lowest != 0 || !are_joined(places) || places->end > places->message_len)
        return false;
    shift(places, places->message_len - places->end);
    return true;
}

static bool not_shifted(places_t *places)
{
    if (!are_joined(places) || places->end == places->message_len) return false;
    shift(places,
          places->message_len - places->end); /* less than zero wraps, and is what is meant */
    return true;
}

static bool not_from_field(places_t *places)
{
    for (size_t i = 0; i < FIELDS; i++) places->field[i].at += FIRST_AT + 8 * i;
    return true;
}

static bool not_lens_swapped(places_t *places)
{
    for (int i = 0; i < FIELDS; i++) {
        const size_t n = places->field[i].len;
        places->field[i].len = (n & 0xFF) << 8 | (n >> 8 & 0xFF);
    }
    return true;
}

static bool not_offsets_swapped(places_t *places)
{
    for (int i = 0; i < FIELDS; i++) {
        const size_t n = places->field[i].at;
        places->field[i].at =
            (n & 0xFF) << 24 | (n >> 8 & 0xFF) << 16 | (n >> 16 & 0xFF) << 8 | (n >> 24 & 0xFF);
    }
    return true;
}

static bool not_swapped(places_t *places)
{
    return not_lens_swapped(places) && not_offsets_swapped(places);
}

static const struct {
    int row;
    bool (*mend)(places_t *places);
} mends[] = {
    {RELATIVE, not_relative},
    {SHIFTED, not_shifted},
    {FROM_FIELD, not_from_field},
    {LENS_SWAPPED, not_lens_swapped},
    {OFFSETS_SWAPPED, not_offsets_swapped},
    {SWAPPED, not_swapped},
};

static bool mended_fits(bytes_t message, const places_t *places, uint32_t flags)
{
    enum { FIELDS_END = FIRST_AT + 8 * FIELDS };
    uint8_t memory[LAYOUT_MAX];
    writer_t out = writer_to(memory, sizeof memory);
    write_bytes(&out, (bytes_t){message.data, FIRST_AT});
    for (int i = 0; i < FIELDS; i++) {
        const place_t *field = &places->field[i];
        if (field->len > UINT16_MAX || (field->len > 0 && field->at > message.len)) return false;
        write_field(&out, field->len, field->len > 0 ? field->at : 0);
    }
    write_bytes(&out, bytes_from(message, FIELDS_END));
    return !out.overflow && layout_fits(written(&out), flags);
}

/* Of all names, or of some. */
static bool are_in_characters(bytes_t message, const places_t *places, uint32_t flags)
{
    for (unsigned which = 1; which < 8; which++) {
        places_t mended = *places;
        for (int i = 0; i < 3; i++)
            if (which >> i & 1) mended.field[DOMAIN + i].len *= 2;
        if (mended_fits(message, &mended, flags)) return true;
    }
    return false;
}

/* ---- what is wrong ---- */

static bool offsets_are_zero(const places_t *places)
{
    for (int i = 0; i < FIELDS; i++)
        if (places->field[i].len > 0 && places->field[i].at != 0) return false;
    return true;
}

/* Without a mend that makes it whole: -1, if every field lies where it may. */
static int about_bounds(const places_t *places, size_t len)
{
    if (places->end > len)
        return are_joined(places) && places->lowest >= HEADER_MIN ? TRUNCATED : OUTSIDE;
    return places->lowest < HEADER_MIN ? IN_HEADER : -1;
}

/* NT 4's header has five fields: where the sixth would be the payload begins. */
static bool has_old_header(places_t places, size_t len)
{
    enum { OLD_HEADER_LEN = 52 };
    places.field[SESSION_KEY].len = 0;
    sum_up(&places);
    return places.lowest == OLD_HEADER_LEN && are_joined(&places) && places.end == len;
}

static int about_places(bytes_t message, const places_t *places, uint32_t flags)
{
    enum { FEW = 64 };
    if (offsets_are_zero(places)) return ZERO;
    for (size_t i = 0; i < sizeof mends / sizeof mends[0]; i++) {
        places_t mended = *places;
        if (!mends[i].mend(&mended) || !mended_fits(message, &mended, flags)) continue;
        const size_t beyond = places->end > message.len ? places->end - message.len : 0;
        return mends[i].row == SHIFTED && beyond > FEW ? BEYOND : mends[i].row;
    }
    if (are_in_characters(message, places, flags)) return CHARACTERS;
    if (has_old_header(*places, message.len)) return OLD_HEADER;
    return about_bounds(places, message.len);
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
    places_t places;
    if (!replay || message_type(replay->type3) != 3 || replay_passed(replay, "proof")) return;
    const bytes_t message = replay->type3;
    const uint32_t flags = replay->challenge.flags;
    int row = -1;
    if (message.len < HEADER_MIN)
        row = TRUNCATED;
    else if (read_places(message, &places) && !layout_fits(message, flags))
        row = about_places(message, &places, flags);
    if (row < 0 && replay_passed(replay, "message") && are_responses_swapped(&replay->claim))
        row = RESPONSES;
    if (row >= 0) diagnosis_add(diagnosis, &layout_remarks[row], NULL);
}
