/* audit_error_log.h - a line of httpd's error log (docs/statuses.md, "The line").
 *
 * Whatever its ErrorLogFormat is, the client's address with its port (%a) is the first address of
 * the line, and the message stands directly behind it. Lines of other modules hold text of
 * clients, which may look like ours: they are told by that, and by the module's name where the
 * line has it ([auth_ntlmv2:info]).
 */
#ifndef NTLM_AUDIT_ERROR_LOG_H
#define NTLM_AUDIT_ERROR_LOG_H

#include "audit_line.h"

/* text: without the end of the line. line is whole for AUDIT_OURS alone. */
audit_kind_t audit_error_log_line(bytes_t text, audit_line_t *line);

#endif
