/* authorization.h - the value of an Authorization or Proxy-Authorization header.
 *
 * Text of anybody: it knows no request, so that it can be tried with any text.
 */
#ifndef NTLM_HTTP_AUTHORIZATION_H
#define NTLM_HTTP_AUTHORIZATION_H

#include <stdbool.h>

#include <apr_pools.h>

#include "../ntlm/wire.h"

/* "NTLM", as it stands in headers and behind AuthType. */
extern const char authorization_scheme[];

/* A token longer than this, in base64, is refused. Real ones have 60 to 1,000. */
enum { HTTP_TOKEN_MAX = 16384 };

typedef enum http_credentials_t {
    HTTP_NO_CREDENTIALS, /* no such header */
    HTTP_TOKEN,          /* "NTLM" and strict base64: decoded */
    HTTP_BAD_TOKEN,      /* "NTLM" and anything else */
    HTTP_OTHER_SCHEME    /* Basic, Negotiate, ... */
} http_credentials_t;

/* Reads the header's value, or NULL. The token lives in pool. */
http_credentials_t authorization_read(apr_pool_t *pool, const char *header, bytes_t *token);

/* True when the header's value, or NULL, is of our scheme, whatever follows it. */
bool authorization_is_ours(const char *header);

/* True when a text holds the token of such a header. One that is too short for a message of
 * NTLM tells nothing, and is held by no text. */
bool authorization_is_in(const char *text, const char *header);

#endif
