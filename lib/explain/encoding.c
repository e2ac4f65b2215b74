#include "encoding.h"

#include "../finding/header.h"

static const char too_long[] = "the message is larger than 64 KiB";

bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void put_byte(writer_t *out, unsigned value)
{
    uint8_t byte = (uint8_t)value;
    write_bytes(out, (bytes_t){&byte, 1});
}

bool is_hex_text(bytes_t text)
{
    for (size_t i = 0; i < text.len; i++)
        if (hex_value(text.data[i]) < 0 && text.data[i] != ':' && !is_blank(text.data[i]))
            return false;
    return text.len > 0;
}

const char *decode_hex(bytes_t text, writer_t *out)
{
    unsigned bits = 0, digits = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (is_blank(text.data[i]) || text.data[i] == ':') continue;
        int value = hex_value(text.data[i]);
        if (value < 0) return "it has a character that is not a hex digit";
        bits = bits << 4 | (unsigned)value;
        if (++digits % 2 == 0) put_byte(out, bits & 0xFF);
        if (out->overflow) return too_long;
    }
    return digits % 2 ? "it has an odd number of hex digits" : NULL;
}

/* What is left when the digits are over: 1 to 3 of the last group, and the '='. */
static const char *base64_end(unsigned bits, unsigned digits, unsigned pads, writer_t *out)
{
    unsigned left = digits % 4;
    if (left == 0) return pads ? "the base64 has '=' where none belongs" : NULL;
    if (left == 1) return "the base64 is cut off: one character is left over";
    if (left + pads != 4) return "the base64 is not padded with '=' to a multiple of 4";
    if (left == 2 ? bits & 0xF : bits & 0x3) return "the base64 has stray bits in its end";
    if (left == 3) put_byte(out, bits >> 10 & 0xFF);
    put_byte(out, left == 2 ? bits >> 4 & 0xFF : bits >> 2 & 0xFF);
    return out->overflow ? too_long : NULL;
}

const char *decode_base64(bytes_t text, writer_t *out)
{
    unsigned bits = 0, digits = 0, pads = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (is_blank(text.data[i])) continue;
        int value = base64_value(text.data[i]);
        if (text.data[i] == '=')
            pads++;
        else if (value < 0)
            return "it has a character that is not base64";
        else if (pads)
            return "the base64 goes on after '='";
        if (value < 0) continue;
        bits = bits << 6 | (unsigned)value;
        if (++digits % 4) continue;
        for (unsigned shift = 24; shift > 0; shift -= 8) put_byte(out, bits >> (shift - 8) & 0xFF);
        if (out->overflow) return too_long;
    }
    return base64_end(bits, digits, pads, out);
}
