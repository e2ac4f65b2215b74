/* authorization.h - the value of an Authorization or Proxy-Authorization header.
 *
 * Text of anybody: it knows no request, so that it can be tried with any text.
 */
#ifndef NTLM_HTTP_AUTHORIZATION_H
#define NTLM_HTTP_AUTHORIZATION_H

#include <stdbool.h>

#include <apr_pools.h>

#include "../config/schemes.h"
#include "../ntlm/wire.h"

/* A token longer than this, in base64, is refused. NTLM's have 60 to 1,000; a ticket of Kerberos
 * has up to 48,000 bytes (Windows' MaxTokenSize). */
enum { HTTP_TOKEN_MAX = 65536 };

typedef enum http_credentials_t {
    HTTP_NO_CREDENTIALS, /* no such header */
    HTTP_TOKEN,          /* one of our schemes and strict base64: decoded */
    HTTP_BAD_TOKEN,      /* one of our schemes and anything else */
    HTTP_OTHER_SCHEME    /* Bearer, Digest, ... */
} http_credentials_t;

/* Reads the header's value, or NULL. The token lives in pool; that of Basic is wiped with it. */
http_credentials_t authorization_read(apr_pool_t *pool, const char *header, scheme_t *scheme,
                                      bytes_t *token);

/* The scheme of the header's value, or NULL, whatever follows it. */
scheme_t authorization_scheme(const char *header);

/* What broke the token of such a value, which is HTTP_BAD_TOKEN; and which scheme a value has.
 * Words for the log in pool, with nothing of a password or of another scheme's value in them. */
const char *authorization_say_token(apr_pool_t *pool, const char *header);
const char *authorization_say_scheme(apr_pool_t *pool, const char *header);

/* True when a text holds the token of such a header. One that is too short for a message of
 * NTLM may stand in a text by chance: that must be the token, or the header's value. */
bool authorization_is_in(const char *text, const char *header);

#endif
