#include "der.h"

enum { LONG_FORM = 0x80, OCTETS_MAX = 3 };

/* ---- reading ---- */

static uint8_t read_octet(reader_t *in)
{
    bytes_t octet = read_bytes(in, 1);
    return octet.len ? octet.data[0] : 0;
}

static size_t read_length(reader_t *in)
{
    size_t len = read_octet(in);
    if (len < LONG_FORM) return len;
    size_t octets = len - LONG_FORM;
    if (octets == 0 || octets > OCTETS_MAX)
        reader_fail(in, "its DER has an indefinite or an endless length");
    for (len = 0; octets > 0 && !in->error; octets--) len = len << 8 | read_octet(in);
    return len;
}

bool der_is_next(const reader_t *in, uint8_t tag)
{
    return !in->error && in->at < in->message.len && in->message.data[in->at] == tag;
}

bytes_t der_read(reader_t *in, uint8_t tag)
{
    if (!der_is_next(in, tag)) reader_fail(in, "its DER is not what RFC 4178 says");
    (void)read_octet(in);
    return read_bytes(in, read_length(in));
}

reader_t der_open(reader_t *in, uint8_t tag)
{
    reader_t content = reader_over(der_read(in, tag));
    content.error = in->error;
    return content;
}

void der_close(reader_t *in, reader_t *content)
{
    if (content->at < content->message.len)
        reader_fail(content, "its DER has more than RFC 4178 says, or in another order");
    if (content->error) reader_fail(in, content->error);
}

bytes_t der_read_inside(reader_t *in, uint8_t outer, uint8_t inner)
{
    reader_t content = der_open(in, outer);
    bytes_t value = der_read(&content, inner);
    der_close(in, &content);
    return in->error ? bytes_none() : value;
}

/* ---- writing ---- */

static size_t head_len(size_t content_len)
{
    return content_len < LONG_FORM ? 2 : content_len <= UINT8_MAX ? 3 : 4;
}

size_t der_len(size_t content_len)
{
    return head_len(content_len) + content_len;
}

void der_write_head(writer_t *out, uint8_t tag, size_t content_len)
{
    const uint8_t high = (uint8_t)(content_len >> 8), low = (uint8_t)content_len;
    const uint8_t brief[] = {tag, low}, one[] = {tag, LONG_FORM + 1, low},
                  two[] = {tag, LONG_FORM + 2, high, low};
    if (content_len > UINT16_MAX) out->overflow = true;
    const uint8_t *head = content_len < LONG_FORM ? brief : content_len <= UINT8_MAX ? one : two;
    write_bytes(out, (bytes_t){head, head_len(content_len)});
}

void der_write(writer_t *out, uint8_t tag, bytes_t content)
{
    der_write_head(out, tag, content.len);
    write_bytes(out, content);
}
