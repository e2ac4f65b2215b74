/* dump_policy.h - what the options of ntlmdump verify demand of a login.
 */
#ifndef NTLM_DUMP_POLICY_H
#define NTLM_DUMP_POLICY_H

#include "../lib/ntlm/ntlm_policy.h"
#include "dump_certificate.h"
#include "dump_options.h"

/* Fills a policy of zeros; it borrows the options' texts, and binding for its one binding: that of
 * the certificates, if there are any. */
dump_exit_t policy_read(const wanted_t *wanted, const certificates_t *certificates,
                        uint8_t binding[1][NTLM_BINDING_LEN], ntlm_policy_t *policy);

#endif
