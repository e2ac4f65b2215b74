#include "shown.h"

#include <string.h>

#include <apr_cstr.h>
#include <apr_strings.h>

#include "../../explain/encoding.h"
#include "../../explain/unwrap.h"
#include "../../http/authorization.h"
#include "../../ntlm/message.h"
#include "../site/octets.h"
#include "cut.h"

enum { BEGINNING = 48 }; /* of a token: in no writing of a message it reaches a response */

bool shown_is_cut(const record_t *record)
{
    return record->type3.len > 0 && !record->knows_account;
}

bytes_t shown_type3(apr_pool_t *pool, const record_t *record)
{
    if (record->knows_account || record->type3.len == 0) return record->type3;
    return cut_type3(pool, record->type3);
}

/* Whatever a client may put credentials into, rightly or not. */
static bool is_for_credentials(const char *name)
{
    static const char *const names[] = {"Authorization", "Proxy-Authorization", "WWW-Authenticate",
                                        "Proxy-Authenticate"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (apr_cstr_casecmp(name, names[i]) == 0) return true;
    return false;
}

/* Under any other name credentials of ours, or NTLMSSP in base64, wherever it begins:
 * "Cookie: auth=NTLM TlRM...". */
static bool holds_token(const char *value)
{
    static const char *const signatures[] = {"TlRMTVNTUA", "5UTE1TU1AA", "OVExNU1NQA"};
    if (authorization_scheme(value) != SCHEME_NONE) return true;
    for (size_t i = 0; i < sizeof signatures / sizeof signatures[0]; i++)
        if (strstr(value, signatures[i])) return true;
    return false;
}

static bytes_t message_in(apr_pool_t *pool, const char *token)
{
    const size_t len = strlen(token);
    writer_t out = writer_to(apr_palloc(pool, len + 1), len + 1);
    if (decode_base64(bytes_of(token), &out)) return bytes_none();
    return unwrap(written(&out)).message;
}

const char *shown_value(apr_pool_t *pool, const record_t *record, const char *name,
                        const char *value)
{
    if (!is_for_credentials(name) && !holds_token(value)) return value;
    const size_t scheme = strcspn(value, " ");
    const char *token = value + scheme + strspn(value + scheme, " ");
    const bytes_t message = message_in(pool, token);
    const uint32_t type = message_type(message);
    if (type == 1 || type == 2) return value;
    if (type == 3 && record->knows_account && bytes_equal(message, record->type3)) return value;
    const bytes_t shown = type == 3 ? cut_type3(pool, message) : bytes_none();
    const char *beginning = apr_pstrndup(pool, value, scheme);
    if (shown.len > 0) return apr_pstrcat(pool, beginning, " ", octets_base64(pool, shown), NULL);
    if (apr_cstr_casecmp(beginning, "Basic") == 0)
        return apr_pstrcat(pool, beginning, " ...", NULL);
    if (strlen(value) <= BEGINNING) return value;
    return apr_pstrcat(pool, apr_pstrndup(pool, value, BEGINNING), "...", NULL);
}
