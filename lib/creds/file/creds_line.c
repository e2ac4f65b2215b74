#include "creds_line.h"

#include <string.h>

#include "../../ntlm/name.h"

/* ---- the name ---- */

const char *creds_name_check(const char *name)
{
    if (strlen(name) >= CREDS_NAME_MAX) return "the name is too long";
    const char *why = name_check(name);
    if (why) return why;
    if (strchr(name, ':')) return "a name cannot hold a colon";
    if (name[0] == '#') return "a name cannot begin with '#', which begins a comment";
    return NULL;
}

/* ---- fields ---- */

typedef struct field_t {
    const char *text;
    size_t len;
} field_t;

static bool begins_with(field_t field, const char *prefix)
{
    size_t len = strlen(prefix);
    return field.len >= len && memcmp(field.text, prefix, len) == 0;
}

static void skip(field_t *rest, size_t len)
{
    rest->text += len;
    rest->len -= len;
}

/* Gives what stands before the separator, and leaves what stands behind it. */
static field_t cut(field_t *rest, char separator)
{
    const char *found = memchr(rest->text, separator, rest->len);
    field_t field = {rest->text, found ? (size_t)(found - rest->text) : rest->len};
    skip(rest, field.len + (found ? 1 : 0));
    return field;
}

static bytes_t bytes_in(field_t field)
{
    return (bytes_t){(const uint8_t *)field.text, field.len};
}

static bool is_hex(field_t field, size_t digits)
{
    size_t len = 0;
    while (len < field.len && hex_value(field.text[len]) >= 0) len++;
    return field.len == digits && len == digits;
}

/* ---- smbpasswd lines and dumps ---- */

static const char *parse_flags(field_t flags, creds_line_t *line)
{
    smbpasswd_flags_t said;
    if (!smbpasswd_flags(bytes_in(flags), &said))
        return "a flag is a capital letter; write [U          ], or [DU         ] to disable";
    line->is_computer |= said.is_computer;
    if (said.no_password || !line->has_hash) line->state = NTLM_BLANK_PASSWORD;
    if (said.locked) line->state = NTLM_ACCOUNT_LOCKED;
    if (said.disabled) line->state = NTLM_ACCOUNT_DISABLED;
    return NULL;
}

static const char *parse_smbpasswd(field_t rest, creds_line_t *line)
{
    static const char incomplete[] =
        "the smbpasswd line is not whole; write name:uid:LM:NT:[FLAGS]:LCT-XXXXXXXX: as "
        "pdbedit -L -w does";
    line->form = CREDS_FORM_SMBPASSWD;
    skip(&rest, 1); /* [ */
    if (!memchr(rest.text, ']', rest.len)) return incomplete;
    const char *why = parse_flags(cut(&rest, ']'), line);
    if (why) return why;
    if (!begins_with(rest, ":LCT-")) return incomplete;
    skip(&rest, strlen(":LCT-"));
    field_t changed = cut(&rest, ':');
    return is_hex(changed, 8) ? NULL : incomplete;
}

static const char *parse_dump(field_t rest, creds_line_t *line)
{
    line->form = CREDS_FORM_DUMP;
    line->state = line->has_hash ? NTLM_OK : NTLM_BLANK_PASSWORD;
    if (!begins_with(rest, "::"))
        return "behind the NT hash must follow ::: as secretsdump writes it, or "
               ":[FLAGS]:LCT-XXXXXXXX: as pdbedit -L -w does";
    skip(&rest, strlen("::"));
    if (begins_with(rest, " (pwdLastSet=")) cut(&rest, ')');
    if (begins_with(rest, " (status=Disabled)")) line->state = NTLM_ACCOUNT_DISABLED;
    if (begins_with(rest, " (status=")) cut(&rest, ')');
    return rest.len == 0 ? NULL : "behind ::: nothing may follow but (status=...); remove the rest";
}

/* rest: what follows the number. */
static const char *parse_record(const char *start, field_t rest, creds_line_t *line)
{
    field_t lm = cut(&rest, ':'), nt = cut(&rest, ':');
    if (!is_hex(lm, SMBPASSWD_DIGITS) && !smbpasswd_is_no_hash(bytes_in(lm)))
        return "the LM hash is not 32 hex digits; write 32 X if there is none, or user:NTHASH";
    line->hash_at = (size_t)(nt.text - start);
    line->has_hash = hex_read(bytes_in(nt), line->nt_hash, NTLM_KEY_LEN);
    if (!line->has_hash) smbpasswd_blank(line->nt_hash);
    if (!line->has_hash && !smbpasswd_is_no_hash(bytes_in(nt)))
        return "the NT hash, the field behind the LM hash, is not 32 hex digits; write 32 X if "
               "there is none";
    return begins_with(rest, "[") ? parse_smbpasswd(rest, line) : parse_dump(rest, line);
}

/* A plain line has the hash, of 32 characters, where these have a number. */
static bool is_record(field_t rest)
{
    enum { DIGITS = 10 };
    size_t at = 0;
    while (at < rest.len && at < DIGITS && rest.text[at] >= '0' && rest.text[at] <= '9') at++;
    return at >= 1 && at < rest.len && rest.text[at] == ':';
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

static const char *parse_plain(const char *start, field_t rest, creds_line_t *line)
{
    const char *flags = memchr(rest.text, ':', rest.len);
    field_t hash = {rest.text, flags ? (size_t)(flags - rest.text) : rest.len};
    if (begins_with(rest, "$") || begins_with(rest, "{"))
        return "that is an htpasswd entry; NTLM needs the NT hash, which ntlmpasswd makes";
    line->hash_at = (size_t)(hash.text - start);
    line->has_hash = hex_read(bytes_in(hash), line->nt_hash, NTLM_KEY_LEN);
    if (!line->has_hash)
        return "the NT hash is not 32 hex digits; write user:NTHASH (ntlmpasswd makes such lines)";
    skip(&rest, hash.len);
    if (rest.len == 0) return NULL;
    line->state = NTLM_ACCOUNT_DISABLED;
    return rest.len == strlen(":[D]") && begins_with(rest, ":[D]")
               ? NULL
               : "after the NT hash only :[D], for a disabled account, may follow";
}

static const char *parse_entry(const char *text, size_t len, creds_line_t *line)
{
    field_t rest = {text, len};
    if (!memchr(text, ':', len))
        return "there is no colon; write user:NTHASH (ntlmpasswd makes such lines)";
    field_t name = cut(&rest, ':');
    const char *why = parse_name(name.text, name.len, line);
    if (why) return why;
    line->is_computer = name.text[name.len - 1] == '$';
    if (!is_record(rest)) return parse_plain(text, rest, line);
    cut(&rest, ':');
    return parse_record(text, rest, line);
}

creds_line_kind_t creds_line_parse(const char *text, size_t len, creds_line_t *line)
{
    line->name[0] = '\0'; /* the rest of the room is not worth zeroing a million times */
    memset(line->nt_hash, 0, sizeof line->nt_hash);
    line->form = CREDS_FORM_PLAIN;
    line->state = NTLM_OK;
    line->why = NULL;
    line->hash_at = 0;
    line->has_hash = line->is_computer = false;
    len = without_trailing_blanks(text, len);
    if (len == 0 || text[0] == '#') return line->kind = CREDS_LINE_SKIP;
    line->why = parse_entry(text, len, line);
    return line->kind = line->why ? CREDS_LINE_BAD : CREDS_LINE_ENTRY;
}
