#include "fields.h"

void fields_sum(fields_t *fields)
{
    fields->lowest = SIZE_MAX;
    fields->sum = fields->end = 0;
    for (int i = 0; i < FIELDS; i++) {
        const place_t *field = &fields->field[i];
        if (field->len == 0) continue;
        fields->sum += field->len;
        if (field->at < fields->lowest) fields->lowest = field->at;
        if (field->at + field->len > fields->end) fields->end = field->at + field->len;
    }
}

bool fields_read(bytes_t type3, fields_t *fields)
{
    reader_t in = reader_over(type3);
    (void)read_bytes(&in, FIELDS_AT);
    for (int i = 0; i < FIELDS; i++) {
        fields->field[i].len = read_u16(&in);
        (void)read_u16(&in);
        fields->field[i].at = read_u32(&in);
    }
    fields->message_len = type3.len;
    fields_sum(fields);
    return !in.error && fields->sum > 0;
}

/* The one that begins there; NULL: none does. */
static const place_t *beginning_at(const fields_t *fields, size_t at)
{
    for (int i = 0; i < FIELDS; i++)
        if (fields->field[i].len > 0 && fields->field[i].at == at) return &fields->field[i];
    return NULL;
}

bool fields_are_joined(const fields_t *fields)
{
    const place_t *field;
    size_t at = fields->lowest;
    while (at < fields->end && (field = beginning_at(fields, at)) != NULL) at += field->len;
    return at == fields->end && fields->lowest + fields->sum == fields->end;
}

bool fields_write(writer_t *out, bytes_t type3, const fields_t *fields)
{
    write_bytes(out, (bytes_t){type3.data, FIELDS_AT});
    for (int i = 0; i < FIELDS; i++) {
        const place_t *field = &fields->field[i];
        if (field->len > UINT16_MAX || (field->len > 0 && field->at > type3.len)) return false;
        write_field(out, field->len, field->len > 0 ? field->at : 0);
    }
    write_bytes(out, bytes_from(type3, FIELDS_AT + FIELD_SIZE * FIELDS));
    return !out->overflow;
}

const char *field_name(int field)
{
    static const char *const names[FIELDS] = {"LmChallengeResponse", "NtChallengeResponse",
                                              "DomainName",          "UserName",
                                              "Workstation",         "EncryptedRandomSessionKey"};
    return names[field];
}
