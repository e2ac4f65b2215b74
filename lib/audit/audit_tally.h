/* audit_tally.h - sums of logins, in bounded memory however many lines there are.
 *
 * There is a row for each user, workstation and client. Clients choose what they call themselves,
 * so the rows are counted, and when there are too many, who comes next goes to the others, which
 * are one sum. Who was not let in has rows of his own, so that nobody is pushed out by such.
 */
#ifndef NTLM_AUDIT_TALLY_H
#define NTLM_AUDIT_TALLY_H

#include <stdio.h>

#include "../config/schemes.h"
#include "audit_forecast.h"
#include "audit_remedy.h"

typedef struct audit_sums_t {
    uint64_t count; /* of logins, or of passwords */
    uint64_t refused[AUDIT_DEMAND_COUNT];
    uint64_t kerberos; /* by NTLM, where the client listed Kerberos */
    time_t last;       /* 0: of none is known when it was */
} audit_sums_t;

enum { AUDIT_ROWS = 50000, AUDIT_BASIC_ROWS = 10000 };

/* Printable ASCII (audit_text.h); "-" is not known. */
typedef struct audit_row_t {
    audit_sums_t sums;
    const char *user, *domain, *workstation, *client, *agent;
} audit_row_t;

typedef struct audit_rows_t {
    void *tree; /* of audit_row_t, in the order of their names (search.h) */
    size_t count, most;
    audit_sums_t others;
} audit_rows_t;

typedef struct audit_tally_t {
    audit_sums_t sums;
    audit_rows_t logins, basic; /* basic: passwords that came unasked; refused there by
                                   AUDIT_DEMAND_TLS are those without TLS */
    uint64_t schemes[SCHEME_COUNT];
    uint64_t why[AUDIT_REMEDY_COUNT];  /* of logins by Negotiate */
    uint64_t undated;                  /* logins and passwords */
    uint64_t from[AUDIT_SOURCE_COUNT]; /* logins, by the log that they are from */
    time_t first;                      /* login; 0 likewise */
    /* What the caller counts: lines, and those of them that were left out: too long or garbled,
     * and logins and passwords before the time from which on they count. */
    uint64_t lines, unreadable, before;
} audit_tally_t;

audit_tally_t audit_tally(void);
void audit_tally_forget(audit_tally_t *tally);

/* A login that was made; or that, or a password that came by Basic unasked. */
bool audit_tally_is_login(const audit_line_t *line);
bool audit_tally_counts(const audit_line_t *line);

/* Counts such a line. False: there is no memory. */
bool audit_tally_add(audit_tally_t *tally, const audit_line_t *line);

/* Each row in its order. */
void audit_rows_each(const audit_rows_t *rows, void (*visit)(const audit_row_t *row, void *closure),
                     void *closure);

/* Whether something is in the way of those demands, or of Kerberos. */
bool audit_sums_break(const audit_sums_t *sums, audit_demands_t demands);

#endif
