#include "reading.h"

#include "../encoding.h"
#include "recorded_json.h"

static bool looks_like_json(bytes_t text)
{
    size_t at = 0;
    while (at < text.len && is_blank(text.data[at])) at++;
    return at < text.len && text.data[at] == '{';
}

static void read_lines(recording_t *recording, bytes_t text)
{
    static tokens_t tokens;
    token_t token;
    recording->format = "trace";
    recording->place_word = "line";
    tokens_over(&tokens, text);
    tokens.every_answer = true;
    while (tokens_next(&tokens, &token)) {
        const recorded_t found = {.place = token.line, .connection = bytes_none()};
        recording_add_token(recording, &token, found);
    }
    recording->hint = tokens.hint;
}

void recording_read(recording_t *recording, bytes_t text)
{
    if (!looks_like_json(text) || !recorded_json(recording, text)) read_lines(recording, text);
    recording_end(recording);
}
