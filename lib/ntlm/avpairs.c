#include "avpairs.h"

#include <string.h>

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

/* The pairs that must be unique, where first-or-last confusion would be an attack (CVE-2019-1166),
 * and the length of those that have one. */
typedef struct rule_t {
    size_t len;
    const char *wrong_len, *twice;
} rule_t;

static const rule_t rules[] = {
    [MsvAvFlags] = {4, "MsvAvFlags has not 4 bytes", "MsvAvFlags stands twice"},
    [MsvAvTimestamp] = {8, "MsvAvTimestamp has not 8 bytes", "MsvAvTimestamp stands twice"},
    [MsvAvTargetName] = {0, NULL, "MsvAvTargetName stands twice"},
    [MsvAvChannelBindings] = {NTLM_BINDING_LEN, "MsvAvChannelBindings has not 16 bytes",
                              "MsvAvChannelBindings stands twice"},
};

/* NULL for a pair that may have any length and stand twice. */
static const rule_t *rule_of(uint16_t av_id)
{
    const rule_t *rule = av_id < sizeof rules / sizeof rules[0] ? &rules[av_id] : NULL;
    return rule && rule->twice ? rule : NULL;
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
        const rule_t *rule = rule_of(pair.av_id);
        if (!rule) continue;
        if (rule->wrong_len && pair.value.len != rule->len) return rule->wrong_len;
        if (seen & 1U << pair.av_id) return rule->twice;
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

static void keep_first(av_difference_t *out, const av_pair_t *pair)
{
    out->av_id = pair->av_id;
    out->value_len = pair->value.len < AV_VALUE_KEPT ? pair->value.len : AV_VALUE_KEPT;
    memcpy(out->value, pair->value.data, out->value_len);
}

void avpairs_differ(bytes_t ours, bytes_t theirs, av_difference_t *out)
{
    reader_t in = reader_over(ours);
    bool first = true;
    av_pair_t pair;
    bytes_t theirs_value;
    *out = (av_difference_t){0};
    while (avpairs_next(&in, &pair)) {
        if (avpairs_client_sets(pair.av_id) || avpairs_contain(theirs, &pair)) continue;
        const bool comes = avpairs_find(theirs, pair.av_id, &theirs_value);
        if (first) keep_first(out, &pair);
        first = false;
        if (pair.av_id < 32) *(comes ? &out->changed : &out->missing) |= UINT32_C(1) << pair.av_id;
    }
}
