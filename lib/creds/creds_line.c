#include "creds_line.h"

#include <string.h>

#include "../ntlm/claim.h"

enum { HASH_DIGITS = 2 * NTLM_KEY_LEN };

/* ---- the name ---- */

static size_t utf16_units(const char *utf8)
{
    uint8_t wide[2 * CREDS_NAME_MAX];
    writer_t out = writer_to(wide, sizeof wide);
    unicode_write_utf8(&out, utf8);
    return out.len / 2;
}

const char *creds_name_check(const char *name)
{
    const char *backslash = strchr(name, '\\');
    const char *user = backslash ? backslash + 1 : name;
    size_t len = strlen(name);
    if (len >= CREDS_NAME_MAX) return "the name is too long";
    if (!unicode_is_name(name)) return "the name is not UTF-8, or holds a control character";
    if (*user == '\0' || backslash == name)
        return "a name is missing; write user or DOMAIN\\user before the colon";
    if (strchr(user, '\\')) return "a name holds one '\\' at the most: DOMAIN\\user";
    if (strchr(name, ':')) return "a name cannot hold a colon";
    if (name[0] == '#') return "a name cannot begin with '#', which begins a comment";
    if (name[0] == ' ' || user[0] == ' ' || name[len - 1] == ' ' ||
        (backslash && backslash[-1] == ' '))
        return "a name cannot begin or end with a blank";
    if (len <= NTLM_USER_MAX) return NULL; /* no more units than bytes */
    size_t units = utf16_units(user);
    if (units > NTLM_USER_MAX || utf16_units(name) - units > NTLM_DOMAIN_MAX + 1)
        return "the name is longer than NTLM allows (user 104, domain 255 characters)";
    return NULL;
}

/* ---- the hash ---- */

static int hex_value(char digit)
{
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return -1;
}

static bool decode_hash(const char *text, size_t len, uint8_t nt_hash[NTLM_KEY_LEN])
{
    if (len != HASH_DIGITS) return false;
    for (size_t i = 0; i < NTLM_KEY_LEN; i++) {
        int high = hex_value(text[2 * i]), low = hex_value(text[2 * i + 1]);
        if (high < 0 || low < 0) return false;
        nt_hash[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

/* ---- the line ---- */

static size_t without_trailing_blanks(const char *text, size_t len)
{
    while (len > 0 && text[len - 1] != '\0' && strchr(" \t\r", text[len - 1])) len--;
    return len;
}

static const char *parse_name(const char *text, size_t len, creds_line_t *line)
{
    if (len >= sizeof line->name) return "the name is too long";
    memcpy(line->name, text, len);
    line->name[len] = '\0';
    if (strlen(line->name) != len) return "the name holds a NUL byte";
    return creds_name_check(line->name);
}

static const char *parse_entry(const char *text, size_t len, creds_line_t *line)
{
    const char *colon = memchr(text, ':', len);
    if (!colon) return "there is no colon; write user:NTHASH (ntlmpasswd makes such lines)";
    const char *why = parse_name(text, (size_t)(colon - text), line);
    if (why) return why;
    const char *hash = colon + 1, *end = text + len;
    const char *flags = memchr(hash, ':', (size_t)(end - hash));
    if (hash < end && (*hash == '$' || *hash == '{'))
        return "that is an htpasswd entry; NTLM needs the NT hash, which ntlmpasswd makes";
    if (!decode_hash(hash, (size_t)((flags ? flags : end) - hash), line->nt_hash))
        return "the NT hash is not 32 hex digits; write user:NTHASH (ntlmpasswd makes such lines)";
    if (!flags) return NULL;
    line->disabled = end - flags == 4 && memcmp(flags, ":[D]", 4) == 0;
    return line->disabled ? NULL
                          : "after the NT hash only :[D], for a disabled account, may follow";
}

creds_line_kind_t creds_line_parse(const char *text, size_t len, creds_line_t *line)
{
    line->name[0] = '\0'; /* the rest of the room is not worth zeroing a million times */
    memset(line->nt_hash, 0, sizeof line->nt_hash);
    line->why = NULL;
    line->disabled = false;
    len = without_trailing_blanks(text, len);
    if (len == 0 || text[0] == '#') return line->kind = CREDS_LINE_SKIP;
    line->why = parse_entry(text, len, line);
    return line->kind = line->why ? CREDS_LINE_BAD : CREDS_LINE_ENTRY;
}
