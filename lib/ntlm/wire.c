#include "wire.h"

#include <string.h>

bool bytes_equal(bytes_t a, bytes_t b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

bool bytes_are_zero(bytes_t bytes)
{
    uint8_t all = 0;
    for (size_t i = 0; i < bytes.len; i++) all |= bytes.data[i];
    return all == 0;
}

bytes_t bytes_none(void)
{
    static const uint8_t place[1];
    return (bytes_t){place, 0};
}

bytes_t bytes_of(const char *text)
{
    return (bytes_t){(const uint8_t *)text, strlen(text)};
}

bytes_t bytes_from(bytes_t whole, size_t start)
{
    if (!whole.data) return bytes_none();
    if (start > whole.len) start = whole.len;
    return (bytes_t){whole.data + start, whole.len - start};
}

reader_t reader_over(bytes_t message)
{
    if (!message.data) message = bytes_none();
    return (reader_t){.message = message, .payload = message.len};
}

void reader_fail(reader_t *in, const char *why)
{
    if (!in->error) in->error = why;
}

/* The next len bytes, or NULL. */
static const uint8_t *take(reader_t *in, size_t len)
{
    if (in->error || len > in->message.len - in->at) {
        reader_fail(in, "the message is too short");
        return NULL;
    }
    const uint8_t *taken = in->message.data + in->at;
    in->at += len;
    return taken;
}

bytes_t read_bytes(reader_t *in, size_t len)
{
    const uint8_t *taken = take(in, len);
    return taken ? (bytes_t){taken, len} : bytes_none();
}

uint16_t read_u16(reader_t *in)
{
    const uint8_t *b = take(in, 2);
    return (uint16_t)(b ? b[0] | b[1] << 8 : 0);
}

static uint32_t u32_at(const uint8_t *b)
{
    return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

uint32_t read_u32(reader_t *in)
{
    const uint8_t *b = take(in, 4);
    return b ? u32_at(b) : 0;
}

uint64_t read_u64(reader_t *in)
{
    const uint8_t *b = take(in, 8);
    return b ? u32_at(b) | (uint64_t)u32_at(b + 4) << 32 : 0;
}

bytes_t read_field(reader_t *in)
{
    size_t len = read_u16(in);
    (void)read_u16(in);
    size_t offset = read_u32(in);
    if (in->error || len == 0) return bytes_none();
    if (offset > in->message.len || len > in->message.len - offset) {
        reader_fail(in, "a field lies outside the message");
        return bytes_none();
    }
    if (offset < in->payload) in->payload = offset;
    return (bytes_t){in->message.data + offset, len};
}

writer_t writer_to(uint8_t *data, size_t cap)
{
    return (writer_t){.data = data, .cap = cap};
}

bytes_t written(const writer_t *out)
{
    if (!out->data) return bytes_none();
    return (bytes_t){out->data, out->overflow ? 0 : out->len};
}

void write_bytes(writer_t *out, bytes_t bytes)
{
    if (bytes.len > out->cap - out->len) out->overflow = true;
    if (out->overflow || bytes.len == 0) return;
    memcpy(out->data + out->len, bytes.data, bytes.len);
    out->len += bytes.len;
}

void write_u16(writer_t *out, uint16_t value)
{
    const uint8_t raw[] = {(uint8_t)value, (uint8_t)(value >> 8)};
    write_bytes(out, (bytes_t){raw, sizeof raw});
}

void write_u32(writer_t *out, uint32_t value)
{
    const uint8_t raw[] = {(uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16),
                           (uint8_t)(value >> 24)};
    write_bytes(out, (bytes_t){raw, sizeof raw});
}

void write_u64(writer_t *out, uint64_t value)
{
    uint8_t raw[8];
    for (size_t i = 0; i < sizeof raw; i++) raw[i] = (uint8_t)(value >> (8 * i));
    write_bytes(out, (bytes_t){raw, sizeof raw});
}

void write_field(writer_t *out, size_t len, size_t offset)
{
    if (len > UINT16_MAX || offset > UINT32_MAX) out->overflow = true;
    write_u16(out, (uint16_t)len);
    write_u16(out, (uint16_t)len);
    write_u32(out, (uint32_t)offset);
}

int hex_value(int digit)
{
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return -1;
}

bool hex_read(bytes_t digits, uint8_t *out, size_t size)
{
    if (digits.len != 2 * size) return false;
    for (size_t i = 0; i < size; i++) {
        int high = hex_value(digits.data[2 * i]), low = hex_value(digits.data[2 * i + 1]);
        if (high < 0 || low < 0) return false;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

char *hex_write(char *out, bytes_t bytes)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < bytes.len; i++) {
        *out++ = digits[bytes.data[i] >> 4];
        *out++ = digits[bytes.data[i] & 0xF];
    }
    return out;
}
