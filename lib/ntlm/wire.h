/* wire.h - reading and writing bytes of the network, within bounds; and bytes as hex digits.
 *
 * All integers are little-endian (MS-NLMP 2.2). Nothing here allocates: a
 * bytes_t borrows memory that somebody else keeps alive, a writer_t fills a
 * buffer that the caller owns.
 *
 * The reader remembers its first failure. After it every read gives zeros or
 * nothing, so that a parser is written straight down the page and asks once,
 * at its end, whether `error` is set.
 */
#ifndef NTLM_WIRE_H
#define NTLM_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Borrowed bytes. Whatever this file gives, failed reads too, has a pointer: nothing is
 * {a place, 0} and never {NULL, 0}, so that any function may be handed it. */
typedef struct bytes_t {
    const uint8_t *data;
    size_t len;
} bytes_t;

bool bytes_equal(bytes_t a, bytes_t b); /* for public data only: not constant-time */
bool bytes_are_zero(bytes_t bytes);
bytes_t bytes_none(void);
bytes_t bytes_of(const char *text);              /* without its NUL */
bytes_t bytes_from(bytes_t whole, size_t start); /* the rest from start on; empty if past the end */

/* ---- reading ---- */
typedef struct reader_t {
    bytes_t message;   /* all of it: the offsets of fields count from here */
    size_t at;         /* the cursor, never past message.len */
    size_t payload;    /* lowest offset of a non-empty field so far, else message.len */
    const char *error; /* NULL, or the sentence (static text) of the first failure */
} reader_t;

reader_t reader_over(bytes_t message);

uint16_t read_u16(reader_t *in);
uint32_t read_u32(reader_t *in);
uint64_t read_u64(reader_t *in);
bytes_t read_bytes(reader_t *in, size_t len);

/* One "fields" structure of MS-NLMP 2.2 (Len, MaxLen, BufferOffset): gives the
 * bytes it points to. MaxLen is ignored; with Len 0 the offset is ignored too,
 * since clients leave anything there. This is the only place of the project
 * where an offset and a length from the network are joined. */
bytes_t read_field(reader_t *in);

/* Records a failure, unless there was one before. why: static text. */
void reader_fail(reader_t *in, const char *why);

/* ---- writing ---- */
typedef struct writer_t {
    uint8_t *data; /* the caller's buffer */
    size_t cap;    /* its size */
    size_t len;    /* bytes written so far */
    bool overflow; /* something did not fit; nothing more is written */
} writer_t;

writer_t writer_to(uint8_t *data, size_t cap);
bytes_t written(const writer_t *out); /* what is there so far; empty after an overflow */

void write_u16(writer_t *out, uint16_t value);
void write_u32(writer_t *out, uint32_t value);
void write_u64(writer_t *out, uint64_t value);
void write_bytes(writer_t *out, bytes_t bytes);

/* A "fields" structure for len bytes that will stand at offset. */
void write_field(writer_t *out, size_t len, size_t offset);

/* ---- hex digits ---- */

/* The value of a digit of either case; -1 for what is none. */
int hex_value(int digit);

/* Exactly 2 * size digits into out[size]; false if they are not that: out then holds a part. */
bool hex_read(bytes_t digits, uint8_t *out, size_t size);

/* 2 * bytes.len digits in lower case, without a NUL; gives the place behind them. */
char *hex_write(char *out, bytes_t bytes);

#endif
