#include "audit_json_log.h"

#include <jansson.h>

#include "audit_time.h"

/* A text, which may hold NULs; what is none, or empty, is not known. */
static bytes_t text_of(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    size_t len = json_is_string(value) ? json_string_length(value) : 0;
    if (len == 0) return bytes_of("-");
    return (bytes_t){(const uint8_t *)json_string_value(value), len};
}

audit_kind_t audit_json_log_line(bytes_t text, audit_line_t *line)
{
    json_error_t error;
    json_t *request = json_loadb((const char *)text.data, text.len,
                                 JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
    json_t *ntlm = json_object_get(request, "ntlm");
    *line = audit_line_empty(AUDIT_JSON_LOG);
    line->held = request;
    if (!json_is_object(ntlm)) {
        audit_json_log_forget(line);
        return request ? AUDIT_OTHERS : AUDIT_GARBLED;
    }
    for (size_t i = 0; i < AUDIT_FIELD_COUNT; i++)
        line->fields[i] = text_of(ntlm, audit_field_name((audit_field_t)i));
    line->client = text_of(request, "client");
    line->agent = text_of(request, "agent");
    line->is_kept = !json_is_true(json_object_get(ntlm, "login"));
    line->is_dated = audit_time(text_of(request, "time"), &line->at) > 0;
    if (!line->is_dated) line->at = 0;
    return AUDIT_OURS;
}

void audit_json_log_forget(audit_line_t *line)
{
    json_decref(line->held);
    line->held = NULL;
}
