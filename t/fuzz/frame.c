/* Frames of WebSockets, one behind the other: what is read is within its bounds, and written again
 * it has the same length, opcode and end. */
#include "fuzz.h"

#include "../../lib/bench/around/frame.h"

static void expect_same(const frame_t *frame, size_t header_len)
{
    uint8_t room[FRAME_HEADER_MAX];
    writer_t out = writer_to(room, sizeof room);
    frame_write(&out, frame);
    REQUIRE(!out.overflow);
    REQUIRE(written(&out).len + FRAME_MASK_LEN == header_len);
    REQUIRE(frame_header_len(room) == written(&out).len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t at = 0;
    while (size - at >= 2) {
        frame_t frame;
        const size_t len = frame_header_len(data + at);
        const bytes_t rest = {data + at, size - at};
        REQUIRE(len <= FRAME_HEADER_MAX);
        const bool whole = rest.len >= len;
        const frame_status_t wrong = frame_read(whole ? (bytes_t){data + at, len} : rest, &frame);
        REQUIRE(whole || wrong);
        if (wrong) break;
        REQUIRE(frame.len <= FRAME_PAYLOAD_MAX);
        expect_same(&frame, len);
        if (frame.len > size - at - len) break;
        at += len + frame.len;
    }
    return 0;
}
