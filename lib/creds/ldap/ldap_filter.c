#include "ldap_filter.h"

#include <string.h>

#include <apr_strings.h>

#include "../../ntlm/unicode.h"

/* Each of these takes what it is called from *at; false when something else stands there. */
enum { DEPTH_MAX = 50 };
static bool take_filter(const char **at, int depth);

static void skip_blanks(const char **at)
{
    while (**at == ' ') ++*at;
}

static bool take_list(const char **at, int depth)
{
    for (skip_blanks(at); **at == '('; skip_blanks(at))
        if (!take_filter(at, depth)) return false;
    return true;
}

static bool take_value(const char **at)
{
    for (; **at && **at != '(' && **at != ')'; ++*at)
        if (**at == '\\' && (hex_value((*at)[1]) < 0 || hex_value((*at)[2]) < 0)) return false;
    return true;
}

/* ATTRIBUTE=value, also with ~=, <=, >= or := in it. */
static bool take_item(const char **at)
{
    static const char names[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                ".-;:";
    size_t len = strspn(*at, names);
    bool extensible = len > 1 && (*at)[len - 1] == ':';
    if (len == 0 || (!extensible && memchr(*at, ':', len))) return false;
    *at += len;
    if (!extensible && **at && strchr("~<>", **at)) ++*at;
    if (**at != '=') return false;
    ++*at;
    return take_value(at);
}

static bool take_filter(const char **at, int depth)
{
    if (**at != '(' || depth == DEPTH_MAX) return false;
    ++*at;
    skip_blanks(at);
    bool list = **at == '&' || **at == '|', negated = **at == '!', ok;
    if (list || negated) ++*at;
    if (negated) skip_blanks(at);
    ok = list ? take_list(at, depth + 1) : negated ? take_filter(at, depth + 1) : take_item(at);
    if (negated) skip_blanks(at);
    if (!ok || **at != ')') return false;
    ++*at;
    return true;
}

const char *ldap_filter_check(const char *filter)
{
    const char *at = filter;
    if (take_filter(&at, 0) && !*at) return NULL;
    return "the filter is none; write one filter with parentheses that match, as in "
           "(objectClass=sambaSamAccount) or (&(a=b)(c=d)), and \\28, \\29 and \\5c for "
           "( ) and \\ in a value";
}

const char *ldap_filter_escape(apr_pool_t *pool, bytes_t value)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-_.@";
    char *text = apr_palloc(pool, 3 * value.len + 1), *out = text;
    for (size_t i = 0; i < value.len; i++) {
        uint8_t byte = value.data[i];
        bool is_plain = byte && strchr(plain, byte);
        *out++ = is_plain ? (char)byte : '\\';
        if (is_plain) continue;
        out = hex_write(out, (bytes_t){&byte, 1});
    }
    *out = '\0';
    return text;
}

const char *ldap_filter_for(apr_pool_t *pool, const char *filter, const char *attribute,
                            bytes_t value)
{
    return apr_psprintf(pool, "(&%s(%s=%s))", filter, attribute, ldap_filter_escape(pool, value));
}

const char *ldap_filter_for_groups(apr_pool_t *pool, const char *user, bytes_t gid)
{
    return apr_psprintf(pool, "(&(objectClass=posixGroup)(|(memberUid=%s)(gidNumber=%s)))",
                        ldap_filter_escape(pool, bytes_of(user)), ldap_filter_escape(pool, gid));
}

bool ldap_filter_takes(const char *name)
{
    size_t len = strlen(name);
    return len > 0 && len <= LDAP_FILTER_NAME_MAX && unicode_is_name(name);
}
