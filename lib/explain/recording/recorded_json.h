/* recorded_json.h - the messages in JSON: HTTP archives, and what a test bench says of a login.
 *
 * A HAR (version 1.2) has them in the headers of its entries: log.entries[], of each request and
 * response headers[] of {name, value}; url, connection and a bench's _ntlm.cut are read, too. The
 * JSON of a bench has messages.type1, .type2 and .type3 in base64, and requests in legs[], of which
 * the last one counts; scheme, proxy and cut are read, too.
 */
#ifndef NTLM_RECORDED_JSON_H
#define NTLM_RECORDED_JSON_H

#include "recording.h"

/* Fills an empty recording. false: it is no JSON, or neither of those. */
bool recorded_json(recording_t *recording, bytes_t text);

#endif
