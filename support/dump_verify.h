/* dump_verify.h - ntlmdump verify: recorded messages before the acceptor.
 */
#ifndef NTLM_DUMP_VERIFY_H
#define NTLM_DUMP_VERIFY_H

#include <stdbool.h>

#include "dump_exit.h"

/* argv[0] is "verify". Passwords and hashes in argv are wiped. */
dump_exit_t dump_verify(int argc, char **argv, bool as_json);

#endif
