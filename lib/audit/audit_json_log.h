/* audit_json_log.h - a line of the access log in JSON: one object a request, whose member "ntlm"
 * has the fields of the error log's line, and "login", true of the request that logged in.
 */
#ifndef NTLM_AUDIT_JSON_LOG_H
#define NTLM_AUDIT_JSON_LOG_H

#include "audit_line.h"

/* text: without the end of the line. For AUDIT_OURS the line borrows until
 * audit_json_log_forget(). */
audit_kind_t audit_json_log_line(bytes_t text, audit_line_t *line);
void audit_json_log_forget(audit_line_t *line);

#endif
