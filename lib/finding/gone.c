#include "gone.h"

#include <stddef.h>

static const char *const words[GONE_COUNT] = {
    [GONE_NEVER_SENT] = "no challenge was sent on this connection",
    [GONE_BY_REFUSAL] = "what came behind the challenge was refused",
    [GONE_BY_NO_TOKEN] = "a request without a token came behind the challenge",
    [GONE_BY_SCOPE] = "the challenge was for a place with other directives",
    [GONE_BY_SCHEME] = "the challenge was asked for by another scheme",
    [GONE_BY_UNREAD] = "credentials for a place that asks for none came behind the challenge",
};

const char *gone_words(gone_t why, bool is_first, bool answered)
{
    if (answered && why == GONE_BY_REFUSAL) return NULL;
    if (why == GONE_NEVER_SENT && is_first)
        return "it is the first request of its connection: the challenge went to another one";
    return words[why];
}
