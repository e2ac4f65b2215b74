#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tables.h"

/* 2001-01-01, in FILETIME: 100 ns since 1601. */
#define FILETIME_OF_2001 126227808000000000U

static const char *fixed(apr_pool_t *pool, settings_t *settings, const place_args_t *args)
{
    shape_t *shape = &settings->shape;
    const char *time = args->segments[1];
    char *end = NULL;
    (void)pool;
    if (!hex_read(bytes_of(args->segments[0]), shape->challenge, sizeof shape->challenge))
        return "the challenge is 16 hex digits, as in /fixed/0123456789abcdef";
    errno = 0;
    shape->filetime = time ? strtoull(time, &end, 10) : FILETIME_OF_2001;
    if (time && (errno || *end || !*time || !strchr("0123456789", *time)))
        return "the time is a FILETIME in decimal, as in "
               "/fixed/0123456789abcdef/126227808000000000";
    shape->has_challenge = shape->has_time = true;
    return NULL;
}

const place_row_t fixed_places[] = {
    {.pattern = "/fixed/{challenge}/{filetime?}",
     .sentence = "the Type 2 has the same bytes for ever: a ServerChallenge in hex, and an "
                 "MsvAvTimestamp",
     .kind = PLACE_OWN,
     .example = "/fixed/0123456789abcdef/126227808000000000",
     .configure = fixed},
    {.pattern = NULL},
};
