/* frame.h - frames of the WebSocket protocol, as a server takes them from clients (RFC 6455 5.2).
 */
#ifndef NTLM_BENCH_FRAME_H
#define NTLM_BENCH_FRAME_H

#include "../../ntlm/wire.h"

enum { FRAME_PAYLOAD_MAX = 65536, FRAME_HEADER_MAX = 14, FRAME_MASK_LEN = 4 };

typedef enum frame_opcode_t {
    FRAME_CONTINUATION = 0,
    FRAME_TEXT = 1,
    FRAME_BINARY = 2,
    FRAME_CLOSE = 8,
    FRAME_PING = 9,
    FRAME_PONG = 10
} frame_opcode_t;

/* What a CLOSE says why (7.4.1). */
typedef enum frame_status_t {
    FRAME_NORMAL = 1000,
    FRAME_PROTOCOL_ERROR = 1002,
    FRAME_TOO_BIG = 1009
} frame_status_t;

typedef struct frame_t {
    bool fin;
    frame_opcode_t opcode;
    size_t len; /* of the payload: FRAME_PAYLOAD_MAX at the most */
    uint8_t mask[FRAME_MASK_LEN];
} frame_t;

/* How long a header is, said by its first two bytes. */
size_t frame_header_len(const uint8_t first[2]);

/* Reads a whole header. Gives 0, or the status of the CLOSE that answers it. */
frame_status_t frame_read(bytes_t header, frame_t *frame);

/* Takes the mask off a payload. */
void frame_unmask(const frame_t *frame, uint8_t *payload);

/* Writes the header of a frame to the client, which is not masked. */
void frame_write(writer_t *out, const frame_t *frame);

#endif
