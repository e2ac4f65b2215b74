/* Any text: what is found in it is explained, as text and as JSON; and any bytes
 * are explained as a message, and judged as one after themselves. */
#include "fuzz.h"

#include "../../lib/explain/explain.h"
#include "../../lib/explain/report.h"
#include "../../lib/explain/tokens.h"
#include "../../lib/ntlm/crypto.h"

static void explain_as(bool as_json, conversation_t *conversation, bytes_t message)
{
    char *memory = NULL;
    size_t len = 0;
    FILE *file = open_memstream(&memory, &len);
    REQUIRE(file);
    outline_t out = outline_to(file, as_json);
    outline_open(&out, as_json ? NULL : message_name(message), "%zu bytes", message.len);
    (void)explain_message(&out, conversation, message);
    outline_close(&out);
    REQUIRE(out.depth == 0 && out.json.depth == 0);
    REQUIRE(fclose(file) == 0);
    if (as_json)
        for (size_t i = 0; i < len; i++) REQUIRE((uint8_t)memory[i] >= 0x20 || memory[i] == '\n');
    free(memory);
}

static void explain_both(conversation_t *conversation, bytes_t message)
{
    explain_as(false, conversation, message);
    explain_as(true, conversation, message);
}

static void explain_text(bytes_t text)
{
    static tokens_t tokens;
    conversation_t conversation = {0};
    token_t token;
    tokens_over(&tokens, text);
    while (tokens_next(&tokens, &token)) {
        REQUIRE(!token.contents.why == (token.contents.message.len > 0));
        if (!token.contents.why) explain_both(&conversation, token.contents.message);
    }
}

/* Two messages, each behind its length: a Type 2 and a Type 3. */
static void judge(bytes_t pair)
{
    static replay_t replay;
    char *memory = NULL;
    size_t len = 0;
    reader_t in = reader_over(pair);
    replay = (replay_t){.policy = {.binding = NTLM_ALLOW}, .key = {.nt_hash = {1}}};
    replay.type2 = read_bytes(&in, read_u16(&in));
    replay.type3 = read_bytes(&in, read_u16(&in));
    if (in.error || crypto_open() || replay_run(&replay)) return;
    FILE *file = open_memstream(&memory, &len);
    REQUIRE(file);
    outline_t out = outline_to(file, true);
    detail_open(&out, NULL);
    report_replay(&out, &replay);
    detail_close(&out);
    REQUIRE(fclose(file) == 0);
    free(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bytes_t input = {data, size};
    conversation_t conversation = {0};
    explain_text(input);
    if (size <= TOKEN_MAX) explain_both(&conversation, input);
    judge(input);
    return 0;
}
