#include "recording.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../finding/header.h"
#include "../../ntlm/message.h"

/* ---- memory ---- */

static recorded_t *new_place(recording_t *recording)
{
    enum { FIRST = 16 };
    if (recording->count == RECORDED_MAX) return NULL;
    if (recording->count == recording->room) {
        size_t room = recording->room ? 2 * recording->room : FIRST;
        recorded_t *list = realloc(recording->list, room * sizeof *list);
        if (!list) return NULL;
        recording->list = list;
        recording->room = room;
    }
    return &recording->list[recording->count];
}

static bytes_t copied(bytes_t bytes, uint8_t **free_bytes)
{
    bytes_t copy = {*free_bytes, bytes.len};
    if (bytes.len > 0) memcpy(*free_bytes, bytes.data, bytes.len);
    *free_bytes += bytes.len;
    return copy;
}

void recording_add(recording_t *recording, const recorded_t *recorded)
{
    recorded_t *place = new_place(recording);
    size_t len = recorded->message.len + recorded->value.len + recorded->connection.len;
    uint8_t *memory = place ? malloc(len + 1) : NULL;
    if (!memory) {
        recording->more = true;
        return;
    }
    *place = *recorded;
    place->memory = memory;
    place->message = copied(recorded->message, &memory);
    place->value = copied(recorded->value, &memory);
    place->connection = copied(recorded->connection, &memory);
    recording->count++;
}

void recording_free(recording_t *recording)
{
    for (size_t i = 0; i < recording->count; i++) free(recording->list[i].memory);
    free(recording->list);
    memset(recording, 0, sizeof *recording);
}

/* ---- what it is ---- */

bool recorded_together(const recorded_t *a, const recorded_t *b)
{
    return a->proxy == b->proxy && bytes_equal(a->connection, b->connection);
}

/* Whether a challenge is unanswered there, behind the first ones, so many. */
static bool is_challenged(const recording_t *recording, size_t first, const recorded_t *recorded)
{
    for (size_t i = first; i-- > 0;) {
        const recorded_t *before = &recording->list[i];
        if (before->kind != RECORDED_OTHER && recorded_together(before, recorded))
            return before->kind == RECORDED_CHALLENGE;
    }
    return false;
}

static bool is_of_server(const token_t *token)
{
    return token->header && strstr(token->header, "-Authenticate");
}

static bool is_ntlm(const token_t *token)
{
    return token->scheme && strcmp(token->scheme, "NTLM") == 0;
}

/* By itself a message is what it says; in a header the side counts that has sent it. A token of
 * Negotiate may be another mechanism's, and a header without a token another scheme's: they are
 * an answer only where one is due. */
static recorded_kind_t kind_of(const recording_t *recording, const token_t *token,
                               const recorded_t *recorded)
{
    uint32_t type = message_type(recorded->message);
    if (token->again && !is_of_server(token)) return RECORDED_OTHER;
    if (is_of_server(token) || (!token->header && type == 2))
        return recorded->why ? RECORDED_OTHER : RECORDED_CHALLENGE;
    if (type == 1) return RECORDED_NEGOTIATE;
    bool answers =
        is_ntlm(token) || !recorded->why || is_challenged(recording, recording->count, recorded);
    return answers ? RECORDED_ANSWER : RECORDED_OTHER;
}

/* What a server does not read in a client's header, though there is a message in it; else why there
 * is none. */
static const char *why_unread(const token_t *token)
{
    if (!token->header || !token->scheme || is_of_server(token)) return token->contents.why;
    if (token->again) return "another token stands in front of it in its header";
    bytes_t rest = bytes_from(token->value, strlen(token->scheme));
    size_t at = 0;
    while (at < rest.len && rest.data[at] == ' ') at++;
    bool is_read = at > 0;
    for (; at < rest.len; at++)
        if (base64_value(rest.data[at]) < 0 && rest.data[at] != '=') is_read = false;
    if (token->contents.why || is_read) return token->contents.why;
    return "the header is not a scheme, a blank and base64";
}

/* Under NTLM a server takes whatever base64 holds for a message, and unwraps nothing. */
static void take_as_it_is(const token_t *token, recorded_t *recorded)
{
    if (!token->header || is_of_server(token) || !token->is_decoded || !is_ntlm(token)) return;
    if (recorded->why != token->contents.why) return; /* the header is not read at all */
    bool is_spnego = token->contents.wrapping || token->contents.mech;
    if (is_spnego) recorded->why = "it is SPNEGO, under the name of NTLM";
    recorded->message = is_spnego ? bytes_none() : token->bytes;
}

void recording_add_token(recording_t *recording, const token_t *token, recorded_t recorded)
{
    recorded.name = token->header;
    recorded.proxy = token->header && strncmp(token->header, "Proxy-", 6) == 0;
    recorded.scheme = token->scheme;
    recorded.why = why_unread(token);
    recorded.message = recorded.why ? bytes_none() : token->contents.message;
    recorded.value = token->value;
    take_as_it_is(token, &recorded);
    recorded.kind = kind_of(recording, token, &recorded);
    recording_add(recording, &recorded);
}

static bool may_be_meant(const recording_t *recording, size_t at)
{
    const recorded_t *recorded = &recording->list[at];
    if (recorded->kind == RECORDED_NEGOTIATE) return is_challenged(recording, at, recorded);
    return recorded->kind == RECORDED_OTHER && !recorded->scheme && recorded->value.len > 0;
}

void recording_end(recording_t *recording)
{
    recorded_t *meant = NULL;
    for (size_t i = 0; i < recording->count; i++) {
        if (recording->list[i].kind == RECORDED_ANSWER) return;
        if (may_be_meant(recording, i)) meant = &recording->list[i];
    }
    if (meant) meant->kind = RECORDED_ANSWER;
}

/* ---- words ---- */

const char *recorded_where(const recording_t *recording, const recorded_t *recorded,
                           char room[RECORDED_WHERE])
{
    const char *name = recorded->name ? recorded->name : "";
    if (recorded->place == 0)
        snprintf(room, RECORDED_WHERE, "%s", name);
    else
        snprintf(room, RECORDED_WHERE, "%s %zu%s%s", recording->place_word, recorded->place,
                 recorded->name ? ", " : "", name);
    return room;
}
