/* show.h - the parts of NTLM messages, in an outline, in the words of MS-NLMP.
 */
#ifndef NTLM_SHOW_H
#define NTLM_SHOW_H

#include "../ntlm/wire.h"
#include "outline.h"

/* NegotiateFlags with the names of its bits (2.2.2.5). */
void show_flags(outline_t *out, uint32_t flags);

/* Version (2.2.2.10), 8 bytes. */
void show_version(outline_t *out, bytes_t version);

/* A FILETIME, as UTC. */
void show_time(outline_t *out, const char *name, uint64_t filetime);

/* Bytes that are a text: UTF-16LE, or OEM. What cannot be shown becomes U+FFFD,
 * and what is longer than TEXT_SHOWN_MAX units is cut. room holds TEXT_ROOM. */
enum { TEXT_SHOWN_MAX = 512, TEXT_ROOM = 3 * TEXT_SHOWN_MAX + 1 };
const char *show_words(bytes_t text, bool unicode, char room[TEXT_ROOM]);

/* A list of AV pairs, as the item name, and what breaks its rules. */
void show_av_pairs(outline_t *out, const char *name, bytes_t pairs);

/* ---- "fields" structures (2.2), 8 bytes each ---- */

typedef enum field_kind_t { FIELD_BYTES, FIELD_UNICODE, FIELD_OEM } field_kind_t;

/* Reads one at in, and shows where it points to and what is there. Gives the
 * bytes; in->error is set only when the message ends inside of the structure. */
bytes_t show_field(outline_t *out, const char *name, reader_t *in, field_kind_t kind);

#endif
