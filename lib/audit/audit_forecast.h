/* audit_forecast.h - which directives would have refused a login that was let in: one table.
 *
 * What each demands of NTLM is in ntlm/demands.c and ntlm/checks.c, and of Basic in
 * policy_allows_basic(); t/http/audit.t proves that they are the same.
 */
#ifndef NTLM_AUDIT_FORECAST_H
#define NTLM_AUDIT_FORECAST_H

#include "audit_line.h"

typedef enum audit_demand_t {
    AUDIT_DEMAND_MIC,
    AUDIT_DEMAND_BINDING,
    AUDIT_DEMAND_SERVICE,
    AUDIT_DEMAND_TLS,
    AUDIT_DEMAND_COUNT
} audit_demand_t;

typedef struct audit_demand_row_t {
    const char *directive, *value; /* "NTLMRequireMIC", "on" */
    const char *column;            /* its head in a table */
    bool (*refuses)(const audit_line_t *line);
} audit_demand_row_t;

const audit_demand_row_t *audit_demand_row(audit_demand_t demand);

/* One bit for each of them, 1 << AUDIT_DEMAND_MIC, ... */
typedef unsigned audit_demands_t;
enum { AUDIT_DEMANDS_ALL = (1 << AUDIT_DEMAND_COUNT) - 1 };

/* line: a login. */
audit_demands_t audit_forecast(const audit_line_t *line);

/* Directives by their names, in any case, with commas between them. False: one is none of them. */
bool audit_demands_read(const char *names, audit_demands_t *demands);

/* The login came by NTLM, and the client listed Kerberos too. */
bool audit_lists_kerberos(const audit_line_t *line);

#endif
