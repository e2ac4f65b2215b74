/* account_key.h - which account a login is about, for the count of wrong passwords (tries.h). */
#ifndef NTLM_CREDS_ACCOUNT_KEY_H
#define NTLM_CREDS_ACCOUNT_KEY_H

#include "../../ntlm/name.h"
#include "tries.h"

/* The account that a client's user name means to that controller, however it is
 * spelled: in any case, with blanks, with or without a domain. What domains there are, and by how
 * many names they go, the controller knows: so accounts of one name in several of them are
 * one here. False if OpenSSL fails. */
bool account_key(const char *controller, const char *user, uint8_t key[TRIES_KEY_LEN]);

#endif
