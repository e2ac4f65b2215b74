#include "offer.h"

#include <string.h>

#include <apr_strings.h>

/* Written by offer_learn() before the children exist. */
static bool anywhere[SCHEME_COUNT];

void offer_learn(schemes_t schemes)
{
    for (scheme_t scheme = SCHEME_NONE + 1; scheme < SCHEME_COUNT; scheme++)
        if (schemes_have(schemes, scheme)) anywhere[scheme] = true;
}

bool offer_anywhere(scheme_t scheme)
{
    return anywhere[scheme];
}

const char *offer_read(apr_pool_t *pool, int argc, char *const argv[],
                       const config_member_t *member, void *value)
{
    schemes_t schemes = 0;
    (void)member;
    if (argc == 0)
        return "name at least one of NTLM, Negotiate and Basic, in the order in which they are "
               "to be offered";
    for (int i = 0; i < argc; i++) {
        scheme_t scheme = scheme_of_text(argv[i], strlen(argv[i]));
        if (scheme == SCHEME_NONE)
            return apr_psprintf(pool, "'%s' is none of NTLM, Negotiate and Basic", argv[i]);
        if (schemes_have(schemes, scheme))
            return apr_psprintf(pool, "'%s' is named twice; once is enough", argv[i]);
        schemes = schemes_with(schemes, scheme);
    }
    memcpy(value, &schemes, sizeof schemes);
    return NULL;
}
