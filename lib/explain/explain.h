/* explain.h - what an NTLM message says, field by field (MS-NLMP 2.2.1).
 *
 * Any bytes are explained as far as they can be read. A message that breaks the
 * rules by which mod_auth_ntlmv2 reads it is explained all the same, and the
 * rule is named.
 */
#ifndef NTLM_EXPLAIN_H
#define NTLM_EXPLAIN_H

#include "../ntlm/wire.h"
#include "outline.h"

/* What is known of a handshake. All zeros: nothing yet. */
typedef struct conversation_t {
    bool challenged;
    uint32_t flags; /* of the last CHALLENGE: the strings of the answer follow it */
} conversation_t;

/* "NEGOTIATE_MESSAGE", ...; "no NTLM message" for any other bytes. */
const char *message_name(bytes_t message);

/* Writes the items of a message into the outline's open item. Gives NULL, or
 * (static text) the rule that it breaks, which it has written too. */
const char *explain_message(outline_t *out, conversation_t *conversation, bytes_t message);

#endif
