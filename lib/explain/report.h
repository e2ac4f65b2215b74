/* report.h - what became of a replay, in an outline.
 *
 * Words for mic: absent, unchecked, ok, wrong. For binding: absent, zero,
 * unchecked, ok, wrong. For domain_form: as-sent, upper, empty. JSON has null
 * where the message could not be read, or was not proven, so far. Causes and warnings are lists:
 * JSON has {id, text, source} of each, and source is null where no rule is known.
 */
#ifndef NTLM_REPORT_H
#define NTLM_REPORT_H

#include "diagnosis.h"
#include "outline.h"
#include "replay.h"

/* Writes the items of a replay that has run into the outline's open item. */
void report_replay(outline_t *out, const replay_t *replay);

/* The same of what a diagnosis has found. Where there was no room for all of a list, that is said:
 * causes_more, warnings_more. */
void report_diagnosis(outline_t *out, const diagnosis_t *diagnosis);

#endif
