/* der.h - elements of DER (X.690), read within their bounds and written: a tag, a length, a
 * content.
 *
 * What SPNEGO needs of it: tags of one octet, definite lengths of at most three octets behind
 * the first. A length may have more octets than it needs.
 */
#ifndef NTLM_DER_H
#define NTLM_DER_H

#include "../wire.h"

enum {
    DER_OCTET_STRING = 0x04,
    DER_OID = 0x06,
    DER_ENUMERATED = 0x0A,
    DER_SEQUENCE = 0x30,
    DER_APPLICATION_0 = 0x60,
    DER_CONTEXT_0 = 0xA0,
    DER_CONTEXT_1,
    DER_CONTEXT_2,
    DER_CONTEXT_3,
    DER_CONTEXT_4
};

/* ---- reading ---- */

/* Whether the next element has that tag; false at the end, and after a failure. */
bool der_is_next(const reader_t *in, uint8_t tag);

/* The content of the next element, which must have that tag. */
bytes_t der_read(reader_t *in, uint8_t tag);

/* The same, to be read in turn: whatever fails in it fails in `in` when it is closed. */
reader_t der_open(reader_t *in, uint8_t tag);

/* Ends the reading of content, which der_open() gave: it must have been read to its end. */
void der_close(reader_t *in, reader_t *content);

/* The content of an element that stands alone inside of another. */
bytes_t der_read_inside(reader_t *in, uint8_t outer, uint8_t inner);

/* ---- writing ---- */

/* How many bytes an element takes whose content has that many. */
size_t der_len(size_t content_len);

/* Its tag and its length; the content is to follow. Up to 65535 bytes of it. */
void der_write_head(writer_t *out, uint8_t tag, size_t content_len);
void der_write(writer_t *out, uint8_t tag, bytes_t content);

#endif
