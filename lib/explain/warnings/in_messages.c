#include "in_messages.h"

enum {
    TYPE1_UNFLAGGED,
    TYPE1_NAMELESS,
    TYPE1_OUTSIDE,
    TYPE1_VERSION,
    MAX_LEN,
    TYPE3_VERSION,
    TYPE3_FLAGS_SWAPPED,
    CHARSET,
    KEY_UNASKED,
};

const remark_row_t in_messages_remarks[] = {
    [TYPE1_UNFLAGGED] = {.id = "type1-name-without-flag",
                         .kind = REMARK_WARNING,
                         .sentence = "the Type 1 has a DomainName or a Workstation, but not the "
                                     "flag that says that it was supplied",
                         .source = "MS-NLMP 2.2.1.1"},
    [TYPE1_NAMELESS] = {.id = "type1-flag-without-name",
                        .kind = REMARK_WARNING,
                        .sentence = "the Type 1 says by a flag that it has a DomainName or a "
                                    "Workstation, and has none",
                        .source = "MS-NLMP 2.2.2.5"},
    [TYPE1_OUTSIDE] = {.id = "type1-field-outside",
                       .kind = REMARK_WARNING,
                       .sentence = "DomainName or Workstation of the Type 1 lies outside of it, or "
                                   "in its header",
                       .source = "MS-NLMP 2.2.1.1"},
    [TYPE1_VERSION] = {.id = "type1-version-missing",
                       .kind = REMARK_WARNING,
                       .sentence = "the Type 1 has NTLMSSP_NEGOTIATE_VERSION, and no Version",
                       .source = "MS-NLMP 2.2.1.1"},
    [MAX_LEN] = {.id = "maxlen-differs",
                 .kind = REMARK_WARNING,
                 .sentence = "MaxLen of a field is not its Len",
                 .source = "MS-NLMP 2.2.1.1, 2.2.1.3"},
    [TYPE3_VERSION] = {.id = "type3-version-missing",
                       .kind = REMARK_WARNING,
                       .sentence = "the Type 3 has NTLMSSP_NEGOTIATE_VERSION, and no Version: its "
                                   "payload begins at once behind the flags",
                       .source = "MS-NLMP 2.2.1.3"},
    [TYPE3_FLAGS_SWAPPED] = {.id = "type3-flags-big-endian",
                             .kind = REMARK_WARNING,
                             .sentence = "NegotiateFlags of the Type 3 are big endian",
                             .source = "MS-NLMP 2.2.2.5"},
    [CHARSET] = {.id = "charset-flags-differ",
                 .kind = REMARK_WARNING,
                 .sentence = "the Type 3 names another character set than the CHALLENGE has chosen",
                 .source = "MS-NLMP 2.2.2.5"},
    [KEY_UNASKED] = {.id = "session-key-unasked",
                     .kind = REMARK_WARNING,
                     .sentence = "an EncryptedRandomSessionKey came, although no key exchange is "
                                 "negotiated",
                     .source = "MS-NLMP 3.1.5.1.2"},
    {.id = NULL},
};

/* As a fields structure has it: no bytes are taken from there. */
typedef struct place_t {
    size_t len, max_len, offset;
} place_t;

static place_t read_place(reader_t *in)
{
    place_t place = {.len = read_u16(in)};
    place.max_len = read_u16(in);
    place.offset = read_u32(in);
    return place;
}

/* ---- the Type 1 ---- */

enum { OEM_DOMAIN_SUPPLIED = 0x1000, OEM_WORKSTATION_SUPPLIED = 0x2000, FIELDS_END = 32 };

static void look_at_name(diagnosis_t *diagnosis, const char *name, place_t place, bool flagged,
                         size_t message_len)
{
    if (place.len > 0 && !flagged)
        diagnosis_add(diagnosis, &in_messages_remarks[TYPE1_UNFLAGGED], "%s of %zu bytes", name,
                      place.len);
    if (place.len == 0 && flagged)
        diagnosis_add(diagnosis, &in_messages_remarks[TYPE1_NAMELESS], "%s", name);
    if (place.len > 0 && (place.offset < FIELDS_END || place.offset > message_len ||
                          place.len > message_len - place.offset))
        diagnosis_add(diagnosis, &in_messages_remarks[TYPE1_OUTSIDE],
                      "%s of %zu bytes at %zu, in a message of %zu", name, place.len, place.offset,
                      message_len);
    if (place.len != place.max_len)
        diagnosis_add(diagnosis, &in_messages_remarks[MAX_LEN], "%s of the Type 1 has %zu and %zu",
                      name, place.len, place.max_len);
}

/* One of 16 bytes ends with its flags: it has neither names nor a Version. */
static void look_at_type1(diagnosis_t *diagnosis, bytes_t message)
{
    enum { FLAGS_AT = 12, VERSION_END = 40 };
    reader_t in = reader_over(message);
    (void)read_bytes(&in, FLAGS_AT);
    const uint32_t flags = read_u32(&in);
    if (in.error) return;
    if (flags & NTLMSSP_NEGOTIATE_VERSION && message.len < VERSION_END)
        diagnosis_add(diagnosis, &in_messages_remarks[TYPE1_VERSION], "it has %zu bytes",
                      message.len);
    const place_t domain = read_place(&in), workstation = read_place(&in);
    if (in.error) return;
    look_at_name(diagnosis, "DomainName", domain, flags & OEM_DOMAIN_SUPPLIED, message.len);
    look_at_name(diagnosis, "Workstation", workstation, flags & OEM_WORKSTATION_SUPPLIED,
                 message.len);
}

/* ---- the Type 3 ---- */

static void look_at_max_len(diagnosis_t *diagnosis, bytes_t message)
{
    static const char *const names[] = {"LmChallengeResponse", "NtChallengeResponse",
                                        "DomainName",          "UserName",
                                        "Workstation",         "EncryptedRandomSessionKey"};
    enum { FIRST_AT = 12 };
    reader_t in = reader_over(message);
    (void)read_bytes(&in, FIRST_AT);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const place_t place = read_place(&in);
        if (!in.error && place.len != place.max_len)
            diagnosis_add(diagnosis, &in_messages_remarks[MAX_LEN],
                          "%s of the Type 3 has %zu and %zu", names[i], place.len, place.max_len);
    }
}

static uint32_t swapped(uint32_t value)
{
    return value << 24 | (value & 0xFF00) << 8 | (value >> 8 & 0xFF00) | value >> 24;
}

/* Bits that every client repeats: as they are they are not there, swapped they are. */
static bool are_swapped(uint32_t flags, uint32_t challenge)
{
    const uint32_t sure =
        challenge & (NTLMSSP_NEGOTIATE_UNICODE | NTLM_NEGOTIATE_OEM | NTLMSSP_NEGOTIATE_NTLM);
    return (flags & sure) != sure && (swapped(flags) & sure) == sure;
}

static void look_at_flags(diagnosis_t *diagnosis, const type3_t *type3, uint32_t challenge)
{
    enum { VERSION_END = 72 };
    const uint32_t flags = type3->flags;
    if (are_swapped(flags, challenge)) {
        diagnosis_add(diagnosis, &in_messages_remarks[TYPE3_FLAGS_SWAPPED], "0x%08X",
                      (unsigned)flags);
        return;
    }
    if ((flags ^ challenge) & NTLMSSP_NEGOTIATE_UNICODE)
        diagnosis_add(diagnosis, &in_messages_remarks[CHARSET], "%s, where %s was chosen",
                      flags & NTLMSSP_NEGOTIATE_UNICODE ? "Unicode" : "OEM",
                      challenge & NTLMSSP_NEGOTIATE_UNICODE ? "Unicode" : "OEM");
    if (flags & NTLMSSP_NEGOTIATE_VERSION && type3->payload < VERSION_END)
        diagnosis_add(diagnosis, &in_messages_remarks[TYPE3_VERSION], NULL);
    if (type3->session_key.len > 0 && !(flags & challenge & NTLMSSP_NEGOTIATE_KEY_EXCH))
        diagnosis_add(diagnosis, &in_messages_remarks[KEY_UNASKED], "%zu bytes",
                      type3->session_key.len);
}

void in_messages_warnings(diagnosis_t *diagnosis, const subject_t *subject)
{
    const replay_t *replay = subject->replay;
    if (!replay) return;
    look_at_type1(diagnosis, replay->type1);
    if (!replay_passed(replay, "proof")) return;
    look_at_max_len(diagnosis, replay->type3);
    look_at_flags(diagnosis, &replay->claim.type3, replay->challenge.flags);
}
