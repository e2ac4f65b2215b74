/* reading.h - reads a recording, whichever program has made it.
 *
 * A HAR, the JSON of a test bench (recorded_json.h), or any text that tokens_next() finds messages
 * in: a trace of curl, Python's http.client, ...
 */
#ifndef NTLM_READING_H
#define NTLM_READING_H

#include "recording.h"

/* Fills an empty recording; the caller frees it with recording_free(). */
void recording_read(recording_t *recording, bytes_t text);

#endif
