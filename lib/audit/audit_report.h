/* audit_report.h - what was counted, as a table for people and as JSON for programs.
 *
 * Rows are those of whom something is in the way of, or all of them (all_rows). Both are printable
 * ASCII, whatever the logs hold.
 */
#ifndef NTLM_AUDIT_REPORT_H
#define NTLM_AUDIT_REPORT_H

#include <stdio.h>

#include "audit_tally.h"

void audit_report_text(FILE *out, const audit_tally_t *tally, bool all_rows);

#endif
