#include "audit_error_log.h"

#include <arpa/inet.h>
#include <string.h>

#include "audit_time.h"

static const char message_begins[] = "ntlm: ", kept[] = ": the connection's login";

static bool begins(bytes_t text, const char *word)
{
    size_t len = strlen(word);
    return text.len >= len && bytes_equal((bytes_t){text.data, len}, bytes_of(word));
}

static bool is_one_of(uint8_t byte, const char *bytes)
{
    while (*bytes && (uint8_t)*bytes != byte) bytes++;
    return *bytes != '\0';
}

/* The bytes up to the first of those, or to the end; text goes on there. */
static bytes_t take_until(bytes_t *text, const char *ends)
{
    size_t len = 0;
    while (len < text->len && !is_one_of(text->data[len], ends)) len++;
    bytes_t taken = {text->data, len};
    *text = bytes_from(*text, len);
    return taken;
}

static void skip(bytes_t *text, const char *bytes)
{
    while (text->len > 0 && is_one_of(text->data[0], bytes)) *text = bytes_from(*text, 1);
}

/* ---- what httpd puts in front ---- */

static bool is_digits(bytes_t text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] < '0' || text.data[i] > '9') return false;
    return text.len > 0;
}

/* 10.0.0.1:4711, 2001:db8::7:4711, fe80::1%eth0:4711; the address without its port. */
static bool is_client(bytes_t word, bytes_t *address)
{
    char room[INET6_ADDRSTRLEN];
    struct in6_addr parsed;
    size_t colon = word.len;
    while (colon > 0 && word.data[colon - 1] != ':') colon--;
    if (colon < 2 || !is_digits(bytes_from(word, colon))) return false;
    *address = (bytes_t){word.data, colon - 1};
    bytes_t scoped = *address, bare = take_until(&scoped, "%");
    if (bare.len >= sizeof room) return false;
    memcpy(room, bare.data, bare.len);
    room[bare.len] = '\0';
    return inet_pton(AF_INET, room, &parsed) == 1 || inet_pton(AF_INET6, room, &parsed) == 1;
}

/* [module:level], which another module may have. */
static bool is_of_another(bytes_t word)
{
    static const char *const levels[] = {"emerg",  "alert", "crit",  "error", "warn",
                                         "notice", "info",  "debug", "trace"};
    bytes_t level = word;
    bytes_t module = take_until(&level, ":");
    level = bytes_from(level, 1);
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++)
        if (begins(level, levels[i])) return !bytes_equal(module, bytes_of("auth_ntlmv2"));
    return false;
}

/* Goes on to the message, past the client's address, which is the first. */
static bool find_client(bytes_t *text, audit_line_t *line)
{
    static const char between[] = " []()<>,=\"'";
    while (text->len > 0) {
        skip(text, between);
        bytes_t word = take_until(text, between);
        if (is_of_another(word)) return false;
        if (is_client(word, &line->client)) return true;
    }
    return false;
}

/* At its beginning, or in the first brackets that hold one. */
static void find_time(bytes_t text, audit_line_t *line)
{
    line->is_dated = audit_time(text, &line->at) > 0;
    while (!line->is_dated && text.len > 0) {
        (void)take_until(&text, "[");
        skip(&text, "[");
        line->is_dated = audit_time(text, &line->at) > 0;
    }
    if (!line->is_dated) line->at = 0;
}

/* ---- the message ---- */

/* The first of a name counts. */
static void keep_field(audit_line_t *line, bytes_t name, bytes_t value, unsigned *found)
{
    for (unsigned i = AUDIT_USER; i < AUDIT_FIELD_COUNT; i++) {
        if (*found >> i & 1) continue;
        if (!bytes_equal(name, bytes_of(audit_field_name((audit_field_t)i)))) continue;
        line->fields[i] = value;
        *found |= 1U << i;
        return;
    }
}

/* A value with blanks stands in quotes, and has none inside; they belong to it. */
static bool take_value(bytes_t *text, bytes_t *value)
{
    bytes_t whole = *text;
    if (!begins(whole, "\"")) {
        *value = take_until(text, " \"");
        return value->len > 0;
    }
    *text = bytes_from(*text, 1);
    bytes_t inside = take_until(text, "\"");
    *value = (bytes_t){whole.data, inside.len + 2};
    if (text->len == 0) return false;
    *text = bytes_from(*text, 1);
    return true;
}

static bool is_status(bytes_t word)
{
    for (size_t i = 0; i < word.len; i++)
        if (!is_one_of(word.data[i], "abcdefghijklmnopqrstuvwxyz0123456789-")) return false;
    return word.len > 0;
}

/* NAME=VALUE, with blanks between them, up to the number in brackets. */
static bool take_fields(bytes_t *text, audit_line_t *line)
{
    const unsigned all = (1U << AUDIT_FIELD_COUNT) - (1U << AUDIT_USER);
    unsigned found = 0;
    while (!begins(*text, "(0x")) {
        bytes_t value, name = take_until(text, "= ");
        if (!begins(*text, "=")) return false;
        *text = bytes_from(*text, 1);
        if (!take_value(text, &value) || !begins(*text, " ")) return false;
        *text = bytes_from(*text, 1);
        keep_field(line, name, value, &found);
    }
    return found == all;
}

static bool take(bytes_t *text, const char *word)
{
    bool there = begins(*text, word);
    if (there) *text = bytes_from(*text, strlen(word));
    return there;
}

/* What stands behind the number: of some statuses it matters. */
static void read_detail(bytes_t text, audit_line_t *line)
{
    bytes_t agent;
    line->is_kept = begins(text, kept);
    if (!take(&text, ": Basic came unasked: the password was sent")) return;
    (void)take(&text, " in clear text");
    if (take(&text, ", agent ") && take_value(&text, &agent)) line->agent = agent;
}

audit_kind_t audit_error_log_line(bytes_t text, audit_line_t *line)
{
    bytes_t rest = text;
    *line = audit_line_empty(AUDIT_ERROR_LOG);
    if (!memmem(text.data, text.len, message_begins, strlen(message_begins))) return AUDIT_OTHERS;
    if (!find_client(&rest, line)) return AUDIT_OTHERS;
    skip(&rest, "] ");
    if (!begins(rest, message_begins)) return AUDIT_OTHERS;
    rest = bytes_from(rest, strlen(message_begins));
    line->fields[AUDIT_STATUS] = take_until(&rest, ": ");
    if (!is_status(line->fields[AUDIT_STATUS]) || !begins(rest, ": user=")) return AUDIT_OTHERS;
    rest = bytes_from(rest, strlen(": "));
    find_time(text, line);
    if (!take_fields(&rest, line)) return AUDIT_GARBLED;
    (void)take_until(&rest, ")");
    read_detail(bytes_from(rest, 1), line);
    return AUDIT_OURS;
}
