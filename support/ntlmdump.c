/* ntlmdump - explains NTLM messages, and says what mod_auth_ntlmv2 makes of a
 * recorded login. See ntlmdump.1.
 */
#include <err.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/explain/explain.h"
#include "../lib/ntlm/crypto.h"
#include "../lib/ntlm/message.h"
#include "dump_input.h"
#include "dump_verify.h"

/* ---- decoding ---- */

typedef struct dump_t {
    outline_t out;
    conversation_t conversation;
    size_t messages; /* NTLM messages */
    size_t shown;    /* those, and what stood in the place of one */
    bool refused;    /* one of them breaks a rule */
} dump_t;

static void show_source(outline_t *out, const token_t *token)
{
    outline_open(out, "source", "line %zu%s%s%s%s%s%s", token->line, token->header ? ", " : "",
                 token->header ? token->header : "", token->scheme ? ", scheme " : "",
                 token->scheme ? token->scheme : "", token->contents.wrapping ? ", SPNEGO " : "",
                 token->contents.wrapping ? token->contents.wrapping : "");
    detail_number(out, "line", token->line);
    detail_text(out, "header", token->header);
    detail_text(out, "scheme", token->scheme);
    detail_text(out, "wrapping", token->contents.wrapping);
    detail_text(out, "mechanism", token->contents.mech);
    outline_close(out);
}

static void show_token(dump_t *dump, const token_t *token)
{
    outline_t *out = &dump->out;
    bytes_t message = token->contents.message;
    if (dump->shown++ && !out->as_json) putchar('\n');
    outline_open(out, out->as_json ? NULL : message_name(message), "%zu bytes",
                 token->contents.why ? token->bytes.len : message.len);
    detail_text(out, "message", token->contents.why ? NULL : message_name(message));
    detail_number(out, "type", message_type(message));
    detail_number(out, "length", message.len);
    show_source(out, token);
    if (token->contents.why) {
        outline_text(out, "error", token->contents.why);
    } else {
        dump->messages++;
        if (explain_message(out, &dump->conversation, message)) dump->refused = true;
    }
    outline_close(out);
}

static dump_exit_t dump_text(dump_t *dump, const char *name, bytes_t text)
{
    static tokens_t tokens;
    token_t token;
    size_t before = dump->messages;
    tokens_over(&tokens, text);
    while (tokens_next(&tokens, &token)) show_token(dump, &token);
    if (dump->messages > before) return DUMP_OK;
    warnx("%s: there is no NTLM message in it%s%s", name, tokens.hint ? ": " : "",
          tokens.hint ? tokens.hint : "");
    return DUMP_UNUSABLE;
}

static dump_exit_t dump_stdin(dump_t *dump)
{
    uint8_t *memory;
    size_t len;
    dump_exit_t result = input_file("-", &memory, &len);
    if (result == DUMP_OK) result = dump_text(dump, "stdin", (bytes_t){memory, len});
    free(memory);
    return result;
}

static dump_exit_t dump_tokens(int count, char *const *texts, bool as_json)
{
    dump_t dump = {.out = outline_to(stdout, as_json)};
    dump_exit_t result = DUMP_OK;
    outline_open_list(&dump.out, NULL);
    if (count == 0) result = dump_stdin(&dump);
    for (int i = 0; i < count; i++) {
        bytes_t text = bytes_of(texts[i]);
        dump_exit_t one =
            strcmp(texts[i], "-") == 0 ? dump_stdin(&dump) : dump_text(&dump, "the argument", text);
        if (one != DUMP_OK) result = one;
    }
    outline_close_list(&dump.out);
    if (result == DUMP_OK && dump.refused) return DUMP_REFUSED;
    return result;
}

/* ---- the command line ---- */

static dump_exit_t run(int argc, char **argv)
{
    static const struct option options[] = {
        {"json", no_argument, NULL, 'j'}, {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
    bool as_json = false;
    int option;
    while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1) {
        if (option != 'j') return dump_usage();
        as_json = true;
    }
    argc -= optind;
    argv += optind;
    if (argc > 0 && strcmp(argv[0], "verify") == 0) return dump_verify(argc, argv, as_json);
    return dump_tokens(argc, argv, as_json);
}

int main(int argc, char **argv)
{
    dump_exit_t result = run(argc, argv);
    crypto_close();
    if (fflush(stdout) == 0 && !ferror(stdout)) return (int)result;
    warn("cannot write to stdout");
    return DUMP_UNUSABLE;
}
