/* testbench_certificates.h - a CA of its own, and certificates of each kind of signature.
 */
#ifndef NTLM_TESTBENCH_CERTIFICATES_H
#define NTLM_TESTBENCH_CERTIFICATES_H

#include "testbench_site.h"

/* Writes ca.pem (it signs by RSA, and by ECDSA: two certificates), and for each name of
 * testbench_ports[] NAME.pem and NAME.key, for loopback, the address, the host and the computer,
 * good for a month. NULL, or what failed (static text). */
const char *testbench_certificates(const testbench_site_t *site);

#endif
