#include "ldap_filter.h"

#include <string.h>

#include <apr_strings.h>

#include "../ntlm/unicode.h"

const char *ldap_filter_check(const char *filter)
{
    static const char why[] = "the filter's parentheses do not match; write one filter, as in "
                              "(objectClass=sambaSamAccount) or (&(a=b)(c=d)), and \\28 and \\29 "
                              "for parentheses in a value";
    size_t depth = 0;
    for (const char *at = filter; *at; at++) {
        if (*at == '(') depth++;
        if (depth == 0 || (*at == ')' && --depth == 0 && at[1])) return why;
    }
    return depth == 0 && filter[0] && !strstr(filter, "()") ? NULL : why;
}

const char *ldap_filter_escape(apr_pool_t *pool, bytes_t value)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-_.@";
    static const char digits[] = "0123456789abcdef";
    char *text = apr_palloc(pool, 3 * value.len + 1), *out = text;
    for (size_t i = 0; i < value.len; i++) {
        uint8_t byte = value.data[i];
        bool is_plain = byte && strchr(plain, byte);
        *out++ = is_plain ? (char)byte : '\\';
        if (is_plain) continue;
        *out++ = digits[byte >> 4];
        *out++ = digits[byte & 15];
    }
    *out = '\0';
    return text;
}

const char *ldap_filter_for(apr_pool_t *pool, const char *filter, const char *attribute,
                            bytes_t value)
{
    return apr_psprintf(pool, "(&%s(%s=%s))", filter, attribute, ldap_filter_escape(pool, value));
}

bool ldap_filter_takes(const char *name)
{
    size_t len = strlen(name);
    return len > 0 && len <= LDAP_FILTER_NAME_MAX && unicode_is_name(name);
}
