#include "recorded_json.h"

#include <string.h>

#include <jansson.h>

#include "../../ntlm/unicode.h"
#include "../encoding.h"
#include "recorded_login.h"

/* Empty, if it is no string. */
static bytes_t text_of(const json_t *object, const char *name)
{
    const json_t *string = json_object_get(object, name);
    const char *text = json_string_value(string);
    return text ? (bytes_t){(const uint8_t *)text, json_string_length(string)} : bytes_none();
}

/* ---- HAR ---- */

static void read_value(recording_t *recording, bytes_t name, bytes_t value, const recorded_t *entry)
{
    static tokens_t tokens;
    token_t token;
    if (!tokens_over_header(&tokens, name, value)) return;
    tokens.every_answer = true;
    while (tokens_next(&tokens, &token)) recording_add_token(recording, &token, *entry);
}

/* Browsers join headers of one name by line feeds. */
static void read_header(recording_t *recording, const json_t *header, const recorded_t *entry)
{
    bytes_t name = text_of(header, "name"), rest = text_of(header, "value");
    while (rest.len > 0) {
        const uint8_t *end = memchr(rest.data, '\n', rest.len);
        size_t len = end ? (size_t)(end - rest.data) : rest.len;
        read_value(recording, name, (bytes_t){rest.data, len}, entry);
        rest = bytes_from(rest, len + 1);
    }
}

static void read_headers(recording_t *recording, const json_t *message, const recorded_t *entry)
{
    const json_t *headers = json_object_get(message, "headers");
    for (size_t i = 0; i < json_array_size(headers); i++)
        read_header(recording, json_array_get(headers, i), entry);
}

/* Of an account that the bench does not know. */
static void say_cut(recording_t *recording, recorded_t recorded)
{
    recorded.kind = RECORDED_OTHER;
    recorded.message = recorded.value = bytes_none();
    recorded.why = "the bench does not know the account, and has cut what a password made";
    recording_add(recording, &recorded);
}

static bool begins(bytes_t text, const char *word)
{
    return text.len >= strlen(word) &&
           bytes_equal((bytes_t){text.data, strlen(word)}, bytes_of(word));
}

static bool read_har(recording_t *recording, const json_t *root)
{
    const json_t *entries = json_object_get(json_object_get(root, "log"), "entries");
    if (!json_is_array(entries)) return false;
    recording->format = "HAR";
    recording->place_word = "entry";
    for (size_t i = 0; i < json_array_size(entries); i++) {
        const json_t *entry = json_array_get(entries, i);
        const json_t *request = json_object_get(entry, "request");
        const recorded_t found = {.place = i + 1,
                                  .tls = begins(text_of(request, "url"), "https:"),
                                  .connection = text_of(entry, "connection")};
        if (json_is_true(json_object_get(json_object_get(entry, "_ntlm"), "cut")))
            say_cut(recording, found);
        else
            read_headers(recording, request, &found);
        read_headers(recording, json_object_get(entry, "response"), &found);
    }
    return true;
}

/* ---- the bench ---- */

static bytes_t header_of(const json_t *message, const char *name)
{
    const json_t *headers = json_object_get(message, "headers");
    for (size_t i = 0; i < json_array_size(headers); i++) {
        const json_t *header = json_array_get(headers, i);
        const char *is = json_string_value(json_object_get(header, "name"));
        if (is && unicode_casecmp(is, name) == 0) return text_of(header, "value");
    }
    return bytes_none();
}

/* Bytes that are no message are what the server has got: to say so is the acceptor's. */
static void read_message(recording_t *recording, bytes_t text, recorded_t recorded)
{
    static uint8_t room[TOKEN_MAX];
    writer_t out = writer_to(room, sizeof room);
    recorded.why = decode_base64(text, &out);
    if (!recorded.why && out.len == 0) recorded.why = "it is empty";
    recorded.message = recorded.why ? bytes_none() : written(&out);
    const unwrapped_t contents = unwrap(recorded.message);
    if (!recorded.why && contents.wrapping) {
        recorded.why = contents.why;
        recorded.message = contents.message;
    }
    if (recorded.why && recorded.kind != RECORDED_ANSWER) recorded.kind = RECORDED_OTHER;
    recording_add(recording, &recorded);
}

static void read_messages(recording_t *recording, const json_t *root, recorded_t found)
{
    static const char *const members[] = {"type1", "type2", "type3"};
    static const char *const names[] = {"messages.type1", "messages.type2", "messages.type3"};
    const json_t *messages = json_object_get(root, "messages");
    bool is_cut = json_is_true(json_object_get(root, "cut"));
    for (int i = 0; i < 3; i++) {
        recorded_t recorded = found;
        recorded.kind = (recorded_kind_t)i;
        recorded.name = names[i];
        if (recorded.kind != RECORDED_ANSWER) recorded.value = bytes_none();
        if (recorded.kind == RECORDED_ANSWER && is_cut)
            say_cut(recording, recorded);
        else if (json_is_string(json_object_get(messages, members[i])))
            read_message(recording, text_of(messages, members[i]), recorded);
    }
}

/* A challenge was sent for its only request. */
static bool is_type1_alone(const json_t *root)
{
    const json_t *messages = json_object_get(root, "messages");
    return json_array_size(json_object_get(root, "legs")) < 2 &&
           json_is_string(json_object_get(messages, "type2"));
}

static bool read_bench(recording_t *recording, const json_t *root)
{
    const json_t *legs = json_object_get(root, "legs");
    const json_t *last = json_array_get(legs, json_array_size(legs) - 1);
    const json_t *request = json_object_get(last, "request");
    recorded_t found = {.proxy = json_is_true(json_object_get(root, "proxy")),
                        .tls = bytes_equal(text_of(root, "scheme"), bytes_of("https")),
                        .connection = bytes_none()};
    if (!json_is_object(json_object_get(root, "messages"))) return false;
    recording->format = "bench";
    recording->place_word = "leg";
    found.value = header_of(request, found.proxy ? "Proxy-Authorization" : "Authorization");
    read_messages(recording, root, found);
    found.place = json_array_size(legs);
    bool is_cut = json_is_true(json_object_get(root, "cut"));
    if (recorded_logins(recording) == 0 && !is_cut && !is_type1_alone(root))
        read_headers(recording, request, &found);
    return true;
}

bool recorded_json(recording_t *recording, bytes_t text)
{
    json_error_t error;
    json_t *root = json_loadb((const char *)text.data, text.len, JSON_ALLOW_NUL, &error);
    bool known = root && (read_har(recording, root) || read_bench(recording, root));
    json_decref(root);
    return known;
}
