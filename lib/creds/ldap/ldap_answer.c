#include "ldap_answer.h"

#include <string.h>

#include <apr_cstr.h>
#include <apr_strings.h>

#include <ldap.h>

#include "../../ntlm/crypto.h"

/* ---- an answer ---- */

static ldap_attribute_t attribute_of(apr_pool_t *pool, const struct berval *name,
                                     const struct berval *from)
{
    size_t count = 0;
    while (from[count].bv_val) count++;
    bytes_t *values = apr_palloc(pool, (count + 1) * sizeof *values);
    for (size_t i = 0; i < count; i++)
        values[i] = (bytes_t){(const uint8_t *)from[i].bv_val, from[i].bv_len};
    return (ldap_attribute_t){apr_pstrndup(pool, name->bv_val, name->bv_len), values, count};
}

static bytes_t dn_of(apr_pool_t *pool, const struct berval *dn)
{
    if (dn->bv_len == 0) return bytes_none();
    return (bytes_t){apr_pmemdup(pool, dn->bv_val, dn->bv_len), dn->bv_len};
}

static void read_entry(LDAP *ld, LDAPMessage *message, apr_pool_t *pool, ldap_answer_t *answer)
{
    apr_array_header_t *attributes = apr_array_make(pool, 16, sizeof(ldap_attribute_t));
    BerElement *ber = NULL;
    struct berval dn, name, *values;
    if (ldap_get_dn_ber(ld, message, &ber, &dn) != LDAP_SUCCESS) return;
    APR_ARRAY_PUSH(answer->dns, bytes_t) = dn_of(pool, &dn);
    while (ldap_get_attribute_ber(ld, message, ber, &name, &values) == LDAP_SUCCESS &&
           name.bv_val) {
        if (!values) continue;
        APR_ARRAY_PUSH(answer->values, struct berval *) = values;
        APR_ARRAY_PUSH(attributes, ldap_attribute_t) = attribute_of(pool, &name, values);
    }
    ber_free(ber, 0);
    answer->entry.attributes = (const ldap_attribute_t *)attributes->elts;
    answer->entry.count = (size_t)attributes->nelts;
}

/* All entries are read, so that all are wiped. */
ldap_answer_t ldap_answer_read(void *handle, void *message, apr_pool_t *pool)
{
    ldap_answer_t answer = {.message = message};
    answer.dns = apr_array_make(pool, 1, sizeof(bytes_t));
    answer.values = apr_array_make(pool, 16, sizeof(struct berval *));
    LDAPMessage *at = message ? ldap_first_entry(handle, message) : NULL;
    for (; at; at = ldap_next_entry(handle, at)) read_entry(handle, at, pool, &answer);
    return answer;
}

void ldap_answer_forget(ldap_answer_t *answer)
{
    for (int i = 0; i < answer->values->nelts; i++) {
        struct berval *values = APR_ARRAY_IDX(answer->values, i, struct berval *);
        for (struct berval *at = values; at->bv_val; at++) secret_wipe(at->bv_val, at->bv_len);
        ldap_memfree(values);
    }
    ldap_msgfree(answer->message);
}

/* ---- an entry ---- */

const ldap_attribute_t *ldap_answer_attribute(const ldap_entry_t *entry, const char *name)
{
    static const ldap_attribute_t none = {"", NULL, 0};
    for (size_t i = 0; i < entry->count; i++)
        if (apr_cstr_casecmp(entry->attributes[i].name, name) == 0) return &entry->attributes[i];
    return &none;
}

bool ldap_answer_has_twice(const ldap_entry_t *entry, const char *name, bool with_options)
{
    size_t len = strlen(name), plain = 0, optional = 0;
    for (size_t i = 0; i < entry->count; i++) {
        const char *at = entry->attributes[i].name;
        if (apr_cstr_casecmpn(at, name, len) != 0) continue;
        if (at[len] == '\0') plain++;
        if (at[len] == ';') optional++;
    }
    return plain > 1 || (with_options && optional > 0);
}
