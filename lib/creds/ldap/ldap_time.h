/* ldap_time.h - points in time as directories write them. */
#ifndef NTLM_CREDS_LDAP_TIME_H
#define NTLM_CREDS_LDAP_TIME_H

#include "../../ntlm/wire.h"

/* GeneralizedTime (RFC 4517, 3.3.13): "20261231235959Z", with or without minutes, seconds
 * and a fraction, which is left out; or with +HHMM in place of Z. Gives seconds since 1970;
 * false if it is not that. */
bool ldap_time_parse(bytes_t text, int64_t *seconds);

/* A decimal number of seconds since 1970, perhaps with a '-'. What is too large for
 * the type becomes its largest value. */
bool ldap_time_parse_number(bytes_t text, int64_t *seconds);

#endif
