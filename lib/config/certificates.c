#include "certificates.h"

#include <string.h>

#include <apr_strings.h>

#include <httpd.h>
#include <http_config.h>

#include "../system/own_file.h"
#include "../ntlm/crypto.h"
#include "../ntlm/response.h"
#include "intern.h"

bool certificate_binding(bytes_t pem, uint8_t binding[NTLM_BINDING_LEN])
{
    static const char kind[] = "tls-server-end-point:";
    uint8_t data[sizeof kind - 1 + CERTIFICATE_HASH_MAX];
    memcpy(data, kind, sizeof kind - 1);
    size_t len = certificate_hash(pem, data + sizeof kind - 1);
    return len > 0 && channel_binding((bytes_t){data, sizeof kind - 1 + len}, binding);
}

enum { CERTIFICATE_MAX = 1048576 };

static const char *read_certificate(apr_pool_t *pool, const char *path,
                                    uint8_t binding[NTLM_BINDING_LEN])
{
    own_file_t own = {.everybody_may = APR_FPROT_WREAD | APR_FPROT_WWRITE, .max = CERTIFICATE_MAX};
    char why[120];
    if (own_file_read(&own, pool, path) != OWN_FILE_FINE)
        return apr_psprintf(pool, "%s: %s", path, apr_strerror(own.status, why, sizeof why));
    bool found = certificate_binding((bytes_t){own.text, own.len}, binding);
    own_file_forget(&own); /* a key may stand beside it */
    if (found) return NULL;
    return apr_pstrcat(pool, path,
                       ": there is no certificate in it; name the file of SSLCertificateFile, or "
                       "the front end's, in PEM (-----BEGIN CERTIFICATE-----)",
                       NULL);
}

const char *certificates_read(apr_pool_t *pool, int argc, char *const argv[],
                              const config_member_t *member, void *value)
{
    const config_bindings_t **bindings = value;
    (void)member;
    const char *text = "certificates", *why = argc > 0 ? NULL : "name at least one file";
    uint8_t(*values)[NTLM_BINDING_LEN] = apr_pcalloc(pool, ((size_t)argc + 1) * sizeof *values);
    for (int i = 0; i < argc && !why; i++) {
        const char *path = ap_server_root_relative(pool, argv[i]);
        why = path ? read_certificate(pool, path, values[i]) : "that is no valid path";
        text = apr_pstrcat(pool, text, "\n", path, NULL);
    }
    if (why || (*bindings = intern_find(pool, text)) != NULL) return why;
    config_bindings_t *made = apr_pcalloc(pool, sizeof *made);
    made->count = (size_t)argc;
    made->values = (const uint8_t(*)[NTLM_BINDING_LEN])values;
    *bindings = intern_keep(pool, text, made);
    return NULL;
}
