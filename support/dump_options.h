/* dump_options.h - the options of ntlmdump verify, as they stand on the command line.
 */
#ifndef NTLM_DUMP_OPTIONS_H
#define NTLM_DUMP_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "dump_exit.h"

enum { NAMES_MAX = 32 }; /* of an option that may be repeated */

/* NULL at the end. */
typedef struct names_t {
    size_t count;
    const char *list[NAMES_MAX + 1];
} names_t;

/* NULL: not given. */
typedef struct wanted_t {
    bool as_json, require_mic;
    const char *recording; /* a file, or "-"; NULL: the messages are options */
    const char *login;     /* which of the recording's */
    const char *type1, *type2, *type3, *binding, *binding_data, *cert, *service;
    names_t service_hosts, accept_domains; /* the hosts of services among the former */
    char *nt_hash, *password;
} wanted_t;

/* argv[0] is "verify". What is wrong with them is said. */
dump_exit_t options_read(int argc, char **argv, wanted_t *wanted);

#endif
