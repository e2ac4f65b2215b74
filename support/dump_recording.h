/* dump_recording.h - the login of a recording that ntlmdump verify judges.
 */
#ifndef NTLM_DUMP_RECORDING_H
#define NTLM_DUMP_RECORDING_H

#include "../lib/explain/outline.h"
#include "../lib/explain/recording/recorded_login.h"
#include "dump_exit.h"

typedef struct dump_recording_t {
    recording_t recording;
    recorded_login_t login; /* it has a Type 3, or what stood in its place, */
                            /* and where that can be read a Type 2, too */
} dump_recording_t;

/* Reads a file, or stdin for "-". number: which of its logins; NULL: the last. The caller frees
 * it, whatever this gives. */
dump_exit_t recording_open(const char *path, const char *number, dump_recording_t *recorded);
void recording_close(dump_recording_t *recorded);

/* Which messages were taken, and all that was not. */
void recording_report(outline_t *out, const dump_recording_t *recorded);

#endif
