/* A list of AV pairs from anybody. */
#include "fuzz.h"

#include "../../lib/ntlm/avpairs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const bytes_t pairs = {data, size};
    bytes_t value;
    const char *why = avpairs_check(pairs);
    for (uint16_t av_id = 0; av_id < 12; av_id++)
        if (avpairs_find(pairs, av_id, &value))
            REQUIRE(value.len == 0 ||
                    (value.data >= data && value.data + value.len <= data + size));
    if (!why) {
        REQUIRE(avpairs_echoed(pairs, pairs));
        REQUIRE(!avpairs_find(pairs, MsvAvFlags, &value) || value.len == 4);
    }
    (void)avpairs_flags(pairs);
    return 0;
}
