#include "avpairs.h"

bool avpairs_next(reader_t *in, av_pair_t *pair)
{
    pair->av_id = read_u16(in);
    pair->value = read_bytes(in, read_u16(in));
    return !in->error && pair->av_id != MsvAvEOL;
}

/* Whether a list that was walked through ended as it must. */
static bool has_ended(const reader_t *in, const av_pair_t *last)
{
    return !in->error && last->value.len == 0;
}

/* The length that an AvId must have; 0 for any. */
static size_t fixed_len(uint16_t av_id)
{
    switch (av_id) {
    case MsvAvFlags: return 4;
    case MsvAvTimestamp: return 8;
    case MsvAvChannelBindings: return NTLM_BINDING_LEN;
    default: return 0;
    }
}

/* First-or-last confusion about one of these would be an attack (CVE-2019-1166). */
static bool must_be_unique(uint16_t av_id)
{
    return fixed_len(av_id) != 0 || av_id == MsvAvTargetName;
}

static void keep(av_values_t *values, const av_pair_t *pair)
{
    reader_t in = reader_over(pair->value);
    switch (pair->av_id) {
    case MsvAvFlags: values->flags = read_u32(&in); break;
    case MsvAvTimestamp: values->timestamp = pair->value; break;
    case MsvAvTargetName: values->target_name = pair->value; break;
    case MsvAvChannelBindings: values->channel_bindings = pair->value; break;
    default: break;
    }
}

const char *avpairs_read(bytes_t pairs, av_values_t *values)
{
    reader_t in = reader_over(pairs);
    uint32_t seen = 0;
    av_pair_t pair;
    *values = (av_values_t){0, bytes_none(), bytes_none(), bytes_none()};
    while (avpairs_next(&in, &pair)) {
        size_t len = fixed_len(pair.av_id);
        if (len != 0 && pair.value.len != len) return "an AV pair has the wrong length";
        if (!must_be_unique(pair.av_id)) continue;
        if (seen & 1U << pair.av_id) return "an AV pair that must be unique stands twice";
        seen |= 1U << pair.av_id;
        keep(values, &pair);
    }
    return has_ended(&in, &pair) ? NULL : "the list of AV pairs does not end within its bytes";
}

const char *avpairs_check(bytes_t pairs)
{
    av_values_t values;
    return avpairs_read(pairs, &values);
}

bool avpairs_find(bytes_t pairs, uint16_t av_id, bytes_t *value)
{
    reader_t in = reader_over(pairs);
    av_pair_t pair;
    *value = bytes_none();
    while (avpairs_next(&in, &pair)) {
        if (pair.av_id != av_id) continue;
        *value = pair.value;
        return true;
    }
    return false;
}

uint32_t avpairs_flags(bytes_t pairs)
{
    bytes_t value;
    if (!avpairs_find(pairs, MsvAvFlags, &value)) return 0;
    reader_t in = reader_over(value);
    return read_u32(&in);
}

void avpairs_append(writer_t *out, uint16_t av_id, bytes_t value)
{
    if (value.len > UINT16_MAX) out->overflow = true;
    write_u16(out, av_id);
    write_u16(out, (uint16_t)value.len);
    write_bytes(out, value);
}

static bool is_same(const av_pair_t *a, const av_pair_t *b)
{
    return a->av_id == b->av_id && bytes_equal(a->value, b->value);
}

bool avpairs_contain(bytes_t pairs, const av_pair_t *wanted)
{
    reader_t in = reader_over(pairs);
    av_pair_t pair;
    while (avpairs_next(&in, &pair))
        if (is_same(&pair, wanted)) return true;
    return false;
}

bool avpairs_client_sets(uint16_t av_id)
{
    switch (av_id) {
    case MsvAvFlags:
    case MsvAvSingleHost:
    case MsvAvTargetName:
    case MsvAvChannelBindings: return true;
    default: return false;
    }
}

/* Clients keep the order: what is looked for comes next, mostly. */
bool avpairs_echoed(bytes_t ours, bytes_t theirs)
{
    reader_t in = reader_over(ours), next = reader_over(theirs);
    av_pair_t pair, echo;
    while (avpairs_next(&in, &pair)) {
        if (avpairs_client_sets(pair.av_id)) continue;
        bool same = avpairs_next(&next, &echo) && is_same(&pair, &echo);
        if (!same && !avpairs_contain(theirs, &pair)) return false;
    }
    return has_ended(&in, &pair);
}
