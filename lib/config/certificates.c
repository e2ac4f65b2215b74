#include "certificates.h"

#include <errno.h>
#include <string.h>

#include <apr_strings.h>

#include <httpd.h>
#include <http_config.h>

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

/* Nothing but a regular file: a pipe would be waited for. */
static apr_status_t look_at_file(apr_pool_t *pool, const char *path, apr_finfo_t *info)
{
    apr_status_t status = apr_stat(info, path, APR_FINFO_SIZE | APR_FINFO_TYPE, pool);
    if (status != APR_SUCCESS) return status;
    if (info->filetype == APR_DIR) return EISDIR;
    if (info->filetype != APR_REG) return APR_EINVAL;
    return info->size > CERTIFICATE_MAX ? EFBIG : APR_SUCCESS;
}

static const char *read_file(apr_pool_t *pool, const char *path, uint8_t **text, apr_size_t *len)
{
    apr_file_t *file;
    apr_finfo_t info;
    char why[120];
    apr_status_t status = look_at_file(pool, path, &info);
    if (status == APR_SUCCESS) status = apr_file_open(&file, path, APR_FOPEN_READ, 0, pool);
    if (status == APR_SUCCESS) {
        *text = apr_palloc(pool, (apr_size_t)info.size);
        status = apr_file_read_full(file, *text, (apr_size_t)info.size, len);
        apr_file_close(file);
    }
    return status == APR_SUCCESS || status == APR_EOF
               ? NULL
               : apr_psprintf(pool, "%s: %s", path, apr_strerror(status, why, sizeof why));
}

static const char *read_certificate(apr_pool_t *pool, const char *path,
                                    uint8_t binding[NTLM_BINDING_LEN])
{
    uint8_t *pem = NULL;
    apr_size_t len = 0;
    const char *why = read_file(pool, path, &pem, &len);
    bool found = !why && certificate_binding((bytes_t){pem, len}, binding);
    if (pem) secret_wipe(pem, len); /* a key may stand beside it */
    if (why || found) return why;
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
