/* schemes.h - the schemes of HTTP by which clients log in (RFC 9110 11.1).
 *
 * A request names its scheme, a place names those that it offers and takes (NTLMOffer), and
 * r->ap_auth_type is the name of the one that a user came by. It knows no httpd.
 */
#ifndef NTLM_CONFIG_SCHEMES_H
#define NTLM_CONFIG_SCHEMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum scheme_t {
    SCHEME_NONE, /* or another one */
    SCHEME_NTLM,
    SCHEME_NEGOTIATE, /* RFC 4559 */
    SCHEME_BASIC,     /* RFC 7617 */
    SCHEME_COUNT
} scheme_t;

/* Its name; NULL of SCHEME_NONE. There is one text of each: r->ap_auth_type is that, if the user
 * is ours. */
char *scheme_name(scheme_t scheme);
scheme_t scheme_of_name(const char *name);

/* The scheme that a text of that length names, in letters of either case. */
scheme_t scheme_of_text(const char *text, size_t len);

/* Schemes in their order, each once; 0: not said. */
typedef uint32_t schemes_t;
#define SCHEMES_NTLM_ALONE ((schemes_t)SCHEME_NTLM)

/* The one at that place, from 0 on; SCHEME_NONE behind the last. */
scheme_t schemes_at(schemes_t schemes, size_t place);
bool schemes_have(schemes_t schemes, scheme_t scheme);
schemes_t schemes_with(schemes_t schemes, scheme_t last);

/* Those that are in both, in the order of the first. */
schemes_t schemes_in_both(schemes_t schemes, schemes_t others);

#endif
