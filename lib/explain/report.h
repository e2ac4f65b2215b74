/* report.h - what became of a replay, in an outline.
 *
 * Words for mic: absent, unchecked, ok, wrong. For binding: absent, zero,
 * unchecked, ok, wrong. For domain_form: as-sent, upper, empty. JSON has null
 * where the message could not be read, or was not proven, so far.
 */
#ifndef NTLM_REPORT_H
#define NTLM_REPORT_H

#include "outline.h"
#include "replay.h"

/* Writes the items of a replay that has run into the outline's open item. */
void report_replay(outline_t *out, const replay_t *replay);

#endif
