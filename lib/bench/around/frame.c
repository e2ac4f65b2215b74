#include "frame.h"

enum {
    FIN = 0x80,
    RESERVED = 0x70,
    OPCODE = 0x0F,
    MASKED = 0x80,
    LENGTH = 0x7F,
    IN_TWO_BYTES = 126,
    IN_EIGHT_BYTES = 127,
    CONTROL_MAX = 125
};

size_t frame_header_len(const uint8_t first[2])
{
    const unsigned length = first[1] & LENGTH;
    const size_t more = length == IN_TWO_BYTES ? 2 : length == IN_EIGHT_BYTES ? 8 : 0;
    return 2 + more + (first[1] & MASKED ? FRAME_MASK_LEN : 0);
}

static bool is_known(unsigned opcode)
{
    return opcode <= FRAME_BINARY || (opcode >= FRAME_CLOSE && opcode <= FRAME_PONG);
}

/* Lengths are big endian, and as short as they can be. */
static bool read_length(reader_t *in, unsigned length, uint64_t *len)
{
    const size_t count = length == IN_TWO_BYTES ? 2 : length == IN_EIGHT_BYTES ? 8 : 0;
    const bytes_t digits = read_bytes(in, count);
    *len = length;
    if (count > 0) *len = 0;
    for (size_t i = 0; !in->error && i < count; i++) *len = *len << 8 | digits.data[i];
    if (count == 2) return *len >= IN_TWO_BYTES;
    return count != 8 || (*len > UINT16_MAX && *len >> 63 == 0);
}

frame_status_t frame_read(bytes_t header, frame_t *frame)
{
    reader_t in = reader_over(header);
    const bytes_t first = read_bytes(&in, 2);
    uint64_t len;
    if (in.error) return FRAME_PROTOCOL_ERROR;
    const unsigned opcode = first.data[0] & OPCODE;
    const bool control = opcode >= FRAME_CLOSE;
    frame->fin = (first.data[0] & FIN) != 0;
    frame->opcode = (frame_opcode_t)opcode;
    if (first.data[0] & RESERVED || !is_known(opcode)) return FRAME_PROTOCOL_ERROR;
    if (!(first.data[1] & MASKED)) return FRAME_PROTOCOL_ERROR;
    if (!read_length(&in, first.data[1] & LENGTH, &len)) return FRAME_PROTOCOL_ERROR;
    const bytes_t mask = read_bytes(&in, FRAME_MASK_LEN);
    if (in.error || (control && (!frame->fin || len > CONTROL_MAX))) return FRAME_PROTOCOL_ERROR;
    if (len > FRAME_PAYLOAD_MAX) return FRAME_TOO_BIG;
    frame->len = (size_t)len;
    for (size_t i = 0; i < FRAME_MASK_LEN; i++) frame->mask[i] = mask.data[i];
    return 0;
}

void frame_unmask(const frame_t *frame, uint8_t *payload)
{
    for (size_t i = 0; i < frame->len; i++) payload[i] ^= frame->mask[i % FRAME_MASK_LEN];
}

static void write_byte(writer_t *out, size_t byte)
{
    const uint8_t one = (uint8_t)byte;
    write_bytes(out, (bytes_t){&one, 1});
}

void frame_write(writer_t *out, const frame_t *frame)
{
    write_byte(out, (frame->fin ? FIN : 0U) | frame->opcode);
    if (frame->len < IN_TWO_BYTES) {
        write_byte(out, frame->len);
        return;
    }
    const bool is_short = frame->len <= UINT16_MAX;
    write_byte(out, is_short ? IN_TWO_BYTES : IN_EIGHT_BYTES);
    for (int shift = is_short ? 8 : 56; shift >= 0; shift -= 8) {
        const uint64_t len = frame->len;
        write_byte(out, (size_t)(len >> shift & 0xFF));
    }
}
