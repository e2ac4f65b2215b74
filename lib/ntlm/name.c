#include "name.h"

#include <string.h>

#include "unicode.h"

/* ---- parts ---- */

static bytes_t first_of(bytes_t text, size_t len)
{
    return (bytes_t){text.data, len};
}

static name_parts_t whole(bytes_t name)
{
    return (name_parts_t){.domain = first_of(name, 0), .user = name};
}

/* The separator at that place belongs to neither part. */
static name_parts_t domain_first(bytes_t name, size_t at)
{
    return (name_parts_t){first_of(name, at), bytes_from(name, at + 1), true};
}

static name_parts_t user_first(bytes_t name, size_t at)
{
    return (name_parts_t){bytes_from(name, at + 1), first_of(name, at), true};
}

/* Where the first or the last such byte stands; name.len if there is none. */
static size_t first_place(bytes_t name, uint8_t byte)
{
    size_t at = 0;
    while (at < name.len && name.data[at] != byte) at++;
    return at;
}

static size_t last_place(bytes_t name, uint8_t byte)
{
    size_t end = name.len;
    while (end > 0 && name.data[end - 1] != byte) end--;
    return end > 0 ? end - 1 : name.len;
}

name_parts_t name_within(bytes_t name)
{
    size_t backslash = first_place(name, '\\'), at = last_place(name, '@');
    if (backslash < name.len) return domain_first(name, backslash);
    return at < name.len ? user_first(name, at) : whole(name);
}

name_parts_t name_of_client(const char *name)
{
    return name_within(bytes_of(name));
}

name_parts_t name_of_account(const char *name)
{
    bytes_t bytes = bytes_of(name);
    size_t backslash = first_place(bytes, '\\');
    return backslash < bytes.len ? domain_first(bytes, backslash) : whole(bytes);
}

/* ---- what accounts are called ---- */

static size_t utf16_units(bytes_t utf8)
{
    size_t units = 0;
    for (size_t i = 0; i < utf8.len; i++) {
        if ((utf8.data[i] & 0xC0) != 0x80) units++;
        if (utf8.data[i] >= 0xF0) units++; /* a surrogate pair */
    }
    return units;
}

static bool has_blank_end(bytes_t part)
{
    return part.len > 0 && (part.data[0] == ' ' || part.data[part.len - 1] == ' ');
}

const char *name_check(const char *account)
{
    const char *why = unicode_check_name(account);
    const name_parts_t parts = name_of_account(account);
    if (why) return why;
    if (parts.user.len == 0 || (parts.apart && parts.domain.len == 0))
        return "a name is missing; write user or DOMAIN\\user";
    if (first_place(parts.user, '\\') < parts.user.len)
        return "a name holds one '\\' at the most: DOMAIN\\user";
    if (has_blank_end(parts.domain) || has_blank_end(parts.user))
        return "a name cannot begin or end with a blank";
    if (utf16_units(parts.user) > NTLM_USER_MAX || utf16_units(parts.domain) > NTLM_DOMAIN_MAX)
        return "the name is longer than NTLM allows (user 104, domain 255 characters)";
    return NULL;
}

bool name_is_listed(const char *const *list, const char *name)
{
    for (; *list; list++)
        if (unicode_casecmp(*list, name) == 0) return true;
    return false;
}

/* ---- what is counted ---- */

static bytes_t without_domains(bytes_t name)
{
    name_parts_t parts = name_within(name);
    while (parts.apart) parts = name_within(parts.user);
    return parts.user;
}

/* As a string, if there is room. */
static bool without_blanks(bytes_t name, char *out, size_t room)
{
    size_t len = 0;
    for (size_t i = 0; i < name.len; i++) {
        bool is_blank = name.data[i] == ' ';
        if (is_blank && (len == 0 || out[len - 1] == ' ')) continue;
        if (len + 1 >= room) return false;
        out[len++] = (char)name.data[i];
    }
    if (len > 0 && out[len - 1] == ' ') len--;
    out[len] = '\0';
    return true;
}

bool name_write_key(writer_t *out, const char *name)
{
    char user[3 * NTLM_USER_MAX + 1];
    if (!without_blanks(without_domains(bytes_of(name)), user, sizeof user)) return false;
    return unicode_write_folded(out, user);
}
