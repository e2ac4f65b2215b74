#include "audit_forecast.h"

#include <string.h>

#include "../config/schemes.h"
#include "../ntlm/claim.h"
#include "../ntlm/spnego/mech.h"
#include "../ntlm/unicode.h"

static bool is_basic(const audit_line_t *line)
{
    return audit_line_says(line, AUDIT_SCHEME, scheme_name(SCHEME_BASIC));
}

static bool mic_refuses(const audit_line_t *line)
{
    return is_basic(line) || !audit_line_says(line, AUDIT_MIC, ntlm_mic_word(NTLM_MIC_OK));
}

static bool binding_refuses(const audit_line_t *line)
{
    const char *right = ntlm_binding_word(NTLM_BINDING_OK);
    return is_basic(line) || !audit_line_says(line, AUDIT_BINDING, right);
}

static bool service_refuses(const audit_line_t *line)
{
    const char *right = ntlm_service_word(NTLM_SERVICE_OK);
    return is_basic(line) || !audit_line_says(line, AUDIT_SERVICE, right);
}

static bool tls_refuses(const audit_line_t *line)
{
    return !audit_line_says(line, AUDIT_TLS, "on");
}

static const audit_demand_row_t rows[AUDIT_DEMAND_COUNT] = {
    [AUDIT_DEMAND_MIC] = {"NTLMRequireMIC", "on", "MIC", mic_refuses},
    [AUDIT_DEMAND_BINDING] = {"NTLMExtendedProtection", "require", "binding", binding_refuses},
    [AUDIT_DEMAND_SERVICE] = {"NTLMServiceNames", "require", "service", service_refuses},
    [AUDIT_DEMAND_TLS] = {"NTLMRequireTLS", "on", "TLS", tls_refuses},
};

const audit_demand_row_t *audit_demand_row(audit_demand_t demand)
{
    return &rows[demand];
}

audit_demands_t audit_forecast(const audit_line_t *line)
{
    audit_demands_t refusing = 0;
    for (unsigned i = 0; i < AUDIT_DEMAND_COUNT; i++)
        if (rows[i].refuses(line)) refusing |= 1U << i;
    return refusing;
}

/* ---- words ---- */

/* The demand that the first len bytes name; 0: none. */
static audit_demands_t demand_named(const char *name, size_t len)
{
    char room[32];
    if (len >= sizeof room) return 0;
    memcpy(room, name, len);
    room[len] = '\0';
    for (unsigned i = 0; i < AUDIT_DEMAND_COUNT; i++)
        if (unicode_casecmp(room, rows[i].directive) == 0) return 1U << i;
    return 0;
}

bool audit_demands_read(const char *names, audit_demands_t *demands)
{
    *demands = 0;
    for (;; names++) {
        size_t len = strcspn(names, ",");
        audit_demands_t demand = demand_named(names, len);
        if (!demand) return false;
        *demands |= demand;
        names += len;
        if (!*names) return true;
    }
}

static bool is_listed(bytes_t words, const char *word)
{
    while (words.len > 0) {
        size_t len = 0;
        while (len < words.len && words.data[len] != ',') len++;
        if (bytes_equal((bytes_t){words.data, len}, bytes_of(word))) return true;
        words = bytes_from(words, len + 1);
    }
    return false;
}

bool audit_lists_kerberos(const audit_line_t *line)
{
    bytes_t mechs = line->fields[AUDIT_MECHS];
    if (!audit_line_says(line, AUDIT_SCHEME, scheme_name(SCHEME_NEGOTIATE))) return false;
    return is_listed(mechs, spnego_mech_word(SPNEGO_KERBEROS)) ||
           is_listed(mechs, spnego_mech_word(SPNEGO_MS_KERBEROS));
}
