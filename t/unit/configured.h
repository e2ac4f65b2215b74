/* configured.h - the words of a directive, as httpd hands them over. */
#ifndef NTLM_UNIT_CONFIGURED_H
#define NTLM_UNIT_CONFIGURED_H

#include "unit.h"

#include <apr_strings.h>

#include "../../lib/config/config.h"
#include "../lib/httpd_stubs.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Reads these words, with blanks between them ('' is an empty one). */
static const char *read_words(apr_pool_t *p, config_read_t *read, const config_member_t *member,
                              const char *words, void *value)
{
    char **argv;
    int argc = 0;
    assert_int_equal(apr_tokenize_to_argv(words, &argv, p), APR_SUCCESS);
    while (argv[argc]) argc++;
    return read(p, argc, argv, member, value);
}

#endif
