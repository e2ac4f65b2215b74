/* avpairs.h - target information: a list of AV_PAIRs (MS-NLMP 2.2.2.1).
 *
 * A list is handled as the raw bytes that it is on the wire. avpairs_read()
 * is asked once about a list that came from the network; the other functions
 * then rely on its answer, and stay within bounds in any case.
 */
#ifndef NTLM_AVPAIRS_H
#define NTLM_AVPAIRS_H

#include "flags.h"
#include "wire.h"

/* What a list says that decides something; empty, or 0, where it does not say it. */
typedef struct av_values_t {
    uint32_t flags; /* MsvAvFlags */
    bytes_t timestamp, target_name, channel_bindings;
} av_values_t;

/* NULL if the list is one we accept: pairs within bounds up to an MsvAvEOL of
 * length 0 (bytes after it are allowed), MsvAvFlags of 4 bytes, MsvAvTimestamp
 * of 8, MsvAvChannelBindings of 16, and none of these, nor MsvAvTargetName,
 * twice. Pairs of unknown AvIds are allowed. Otherwise (static text) why not. */
const char *avpairs_read(bytes_t pairs, av_values_t *values);

/* The same for who does not need the values. */
const char *avpairs_check(bytes_t pairs);

/* One pair of a list. */
typedef struct av_pair_t {
    uint16_t av_id;
    bytes_t value;
} av_pair_t;

/* The next pair of in; false behind the last one: the pair is then the MsvAvEOL, or in->error
 * says that the list is broken. */
bool avpairs_next(reader_t *in, av_pair_t *pair);

/* Whether the list has exactly this pair. */
bool avpairs_contain(bytes_t pairs, const av_pair_t *wanted);

/* The value of the first pair of that AvId; false if there is none. */
bool avpairs_find(bytes_t pairs, uint16_t av_id, bytes_t *value);

/* MsvAvFlags as a number; 0 if the pair is absent. */
uint32_t avpairs_flags(bytes_t pairs);

/* Appends one pair. The list ends with avpairs_append(out, MsvAvEOL, none). */
void avpairs_append(writer_t *out, uint16_t av_id, bytes_t value);

/* The pairs that are the client's own (MS-NLMP 3.1.5.1.2): where a challenge has one, the
 * client puts its value in that place. Our challenges have none; other servers' may. */
bool avpairs_client_sets(uint16_t av_id);

/* True when every pair of ours, but those that the client sets, is also in theirs, byte for
 * byte, in any order. */
bool avpairs_echoed(bytes_t ours, bytes_t theirs);

/* What of our pairs did not come back, for people: by a copy, since ours are gone when somebody
 * asks. */
enum { AV_VALUE_KEPT = 64 };
typedef struct av_difference_t {
    uint32_t changed, missing; /* 1 << AvId, of those below 32 */
    uint16_t av_id;            /* the first of them, */
    size_t value_len;          /* and how its value begins */
    uint8_t value[AV_VALUE_KEPT];
} av_difference_t;

void avpairs_differ(bytes_t ours, bytes_t theirs, av_difference_t *out);

#endif
