#include "audit_line.h"

static const char *const names[AUDIT_FIELD_COUNT] = {
    [AUDIT_STATUS] = "status",   [AUDIT_USER] = "user",
    [AUDIT_DOMAIN] = "domain",   [AUDIT_WORKSTATION] = "workstation",
    [AUDIT_SCHEME] = "scheme",   [AUDIT_MECHS] = "mechs",
    [AUDIT_WHY] = "why",         [AUDIT_TLS] = "tls",
    [AUDIT_MIC] = "mic",         [AUDIT_BINDING] = "binding",
    [AUDIT_SERVICE] = "service",
};

const char *audit_field_name(audit_field_t field)
{
    return names[field];
}

audit_line_t audit_line_empty(audit_source_t source)
{
    audit_line_t line = {.client = bytes_of("-"), .agent = bytes_of("-"), .source = source};
    for (size_t i = 0; i < AUDIT_FIELD_COUNT; i++) line.fields[i] = bytes_of("-");
    return line;
}

bool audit_line_says(const audit_line_t *line, audit_field_t field, const char *word)
{
    return bytes_equal(line->fields[field], bytes_of(word));
}
