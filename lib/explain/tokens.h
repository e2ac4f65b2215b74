/* tokens.h - finds NTLM messages in text.
 *
 * The text may be a token by itself, in hex or base64, on one line or wrapped as
 * base64(1) and xxd(1) wrap; a line "NTLM TOKEN" or "Negotiate TOKEN"; a header
 * line; or the output of curl -v or any other trace in which the lines
 * (Proxy-)Authorization and WWW-Authenticate or Proxy-Authenticate stand. Lines may
 * end in words, too: "\r\n", as Python's http.client and Ruby's net/http write what
 * they have sent, or "[\r][\n]", as Java's HttpClient does.
 * Everything else in the text is skipped.
 */
#ifndef NTLM_TOKENS_H
#define NTLM_TOKENS_H

#include "../ntlm/wire.h"
#include "unwrap.h"

enum { TOKEN_MAX = 65536 }; /* bytes of a decoded token */

typedef struct token_t {
    size_t line;          /* where it begins, from 1 */
    const char *header;   /* "Authorization", ...; NULL: no header line */
    const char *scheme;   /* "NTLM", "Negotiate"; NULL: only the token was there */
    bytes_t value;        /* all that stands behind the header's colon; borrowed; may be empty */
    bool again;           /* another one stands in front of it in its header */
    bytes_t bytes;        /* the decoded token; lives until the next tokens_next() */
    bool is_decoded;      /* false: those are a part of it */
    unwrapped_t contents; /* the message in it; without one .why says the reason */
} token_t;

typedef struct tokens_t {
    bool every_answer; /* the caller's: a client's header without a token of ours counts, too */
    bytes_t text;      /* what is not looked at yet; borrowed */
    size_t line;
    bool inside; /* text does not begin where a line does */
    bytes_t value;
    bytes_t challenges; /* what is not looked at yet of a header line */
    const char *header;
    bool told;        /* a token of that line */
    const char *hint; /* NULL, or (static text) why the last token by itself was none */
    uint8_t room[TOKEN_MAX];
} tokens_t;

void tokens_over(tokens_t *tokens, bytes_t text);

/* Over one header, taken out of its lines. false: it is none of those four. */
bool tokens_over_header(tokens_t *tokens, bytes_t name, bytes_t value);

/* The next token: an NTLM message, or what stands in a header in the place of
 * one. false: there are no more. */
bool tokens_next(tokens_t *tokens, token_t *token);

#endif
