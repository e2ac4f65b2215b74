/* audit_report_json.h - the figures of audit_report.h as one object of JSON.
 *
 * Names are spelled as in the error log: printable ASCII. What is not known is null.
 */
#ifndef NTLM_AUDIT_REPORT_JSON_H
#define NTLM_AUDIT_REPORT_JSON_H

#include <stdio.h>

#include "audit_tally.h"

void audit_report_json(FILE *out, const audit_tally_t *tally, bool all_rows);

#endif
