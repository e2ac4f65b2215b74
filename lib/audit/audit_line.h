/* audit_line.h - what a line of a log says of a login, as the log spells it.
 *
 * The fields have the names that docs/statuses.md gives them, in the error log and in the JSON
 * log. All bytes are borrowed from the line, and as long as audit_json_log_forget() was not called.
 */
#ifndef NTLM_AUDIT_LINE_H
#define NTLM_AUDIT_LINE_H

#include <time.h>

#include "../ntlm/wire.h"

typedef enum audit_field_t {
    AUDIT_STATUS,
    AUDIT_USER,
    AUDIT_DOMAIN,
    AUDIT_WORKSTATION,
    AUDIT_SCHEME,
    AUDIT_MECHS,
    AUDIT_WHY,
    AUDIT_TLS,
    AUDIT_MIC,
    AUDIT_BINDING,
    AUDIT_SERVICE,
    AUDIT_FIELD_COUNT
} audit_field_t;

typedef enum audit_source_t { AUDIT_ERROR_LOG, AUDIT_JSON_LOG, AUDIT_SOURCE_COUNT } audit_source_t;

typedef struct audit_line_t {
    bytes_t fields[AUDIT_FIELD_COUNT]; /* nothing known: "-" */
    bytes_t client, agent;             /* an address without its port; the User-Agent, or "-",
                                          which the error log has of passwords alone */
    audit_source_t source;             /* the error log's text is escaped (audit_text.h) */
    bool is_kept;                      /* a request of a login that was made before */
    bool is_dated;
    time_t at;  /* 0 unless dated */
    void *held; /* what the bytes are borrowed from, or NULL */
} audit_line_t;

/* What a line is: garbled is one that begins as one of ours and does not go on so. */
typedef enum audit_kind_t { AUDIT_OTHERS, AUDIT_OURS, AUDIT_GARBLED } audit_kind_t;

/* "user", "domain", ... */
const char *audit_field_name(audit_field_t field);

/* A line about which nothing is known: all is "-". */
audit_line_t audit_line_empty(audit_source_t source);

/* Without regard to anything but the bytes. */
bool audit_line_says(const audit_line_t *line, audit_field_t field, const char *word);

#endif
