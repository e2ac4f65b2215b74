/* place.h - the addresses of the bench: the path is the configuration.
 *
 * A row says a pattern, "/fixed/{challenge}/{filetime?}": words are as they stand, {names} are one
 * segment each, decoded (%2F, too); one that ends in "?}" may be missing. Any further path is the
 * user's own, unless the row is exact: then it stands behind "/-/". In front of all may stand
 * "/r/RUN", which keeps runs apart.
 */
#ifndef NTLM_BENCH_PLACE_H
#define NTLM_BENCH_PLACE_H

#include <apr_pools.h>

#include "settings.h"

enum { PLACE_SEGMENTS = 8, RUN_MAX = 64 };

typedef enum place_kind_t {
    PLACE_PLAIN, /* mod_auth_ntlmv2 answers, at a Location of the row's words */
    PLACE_OWN,   /* the bench itself asks for a login */
    PLACE_PAGE   /* of the bench; nobody logs in, and it is not remembered */
} place_kind_t;

/* The segments that a path has for the {names} of a pattern, in their order; NULL: missing. */
typedef struct place_args_t {
    const char *segments[PLACE_SEGMENTS];
} place_args_t;

typedef struct place_row_t {
    const char *pattern;
    const char *sentence; /* what it does; for people, without a full stop */
    place_kind_t kind;
    bool exact;
    const char *example; /* a path that fits, if the pattern has {names}; NULL: the pattern does */
    const char *handler; /* of a page: its name for httpd; NULL: the echo */
    const settings_t *settings; /* what it does otherwise, whatever its path; NULL: nothing */
    /* Fills the settings in, in pool. Gives NULL, or what is wrong with the segments. */
    const char *(*configure)(apr_pool_t *pool, settings_t *settings, const place_args_t *args);
} place_row_t;

typedef struct place_t {
    const place_row_t *row; /* NULL: there is no such address */
    place_args_t args;
    settings_t settings;
    const char *run;  /* "": none */
    const char *rest; /* the user's own part of the path, as it came; "" or "/..." */
    const char *why;  /* NULL, or what is wrong with the address */
} place_t;

#endif
