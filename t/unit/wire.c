/* Reading and writing within bounds: what an offset or a length from the network
 * says is never believed. */
#include "unit.h"

static const bytes_t none = {NULL, 0};

#define assert_reads_nothing(in)                                                                   \
    do {                                                                                           \
        size_t at_ = (in)->at, payload_ = (in)->payload;                                           \
        const char *error_ = (in)->error;                                                          \
        assert_int_equal(read_u16(in), 0);                                                         \
        assert_int_equal(read_u32(in), 0);                                                         \
        assert_true(read_u64(in) == 0);                                                            \
        assert_int_equal(read_bytes(in, 1).len, 0);                                                \
        assert_int_equal(read_field(in).len, 0);                                                   \
        assert_int_equal((in)->at, at_);                                                           \
        assert_int_equal((in)->payload, payload_);                                                 \
        assert_ptr_equal((in)->error, error_);                                                     \
    } while (0)

/* ---- bytes ---- */

static void bytes_are_equal_when_length_and_content_are(void **state)
{
    (void)state;
    assert_true(bytes_equal(hex("0102"), hex("0102")));
    assert_false(bytes_equal(hex("0102"), hex("0103")));
    assert_false(bytes_equal(hex("0102"), hex("010200")));
    assert_false(bytes_equal(hex("010200"), hex("0102")));
    assert_true(bytes_equal(none, none));
    assert_true(bytes_equal(none, hex("")));
    assert_false(bytes_equal(none, hex("00")));
}

static void the_rest_of_bytes_ends_where_they_end(void **state)
{
    (void)state;
    bytes_t whole = hex("010203");
    assert_bytes(bytes_from(whole, 0), "010203");
    assert_bytes(bytes_from(whole, 2), "03");
    assert_bytes(bytes_from(whole, 3), "");
    assert_bytes(bytes_from(whole, 4), "");
    assert_bytes(bytes_from(whole, SIZE_MAX), "");
    assert_bytes(bytes_from(none, 0), "");
    assert_bytes(bytes_from(none, 1), "");
}

static void nothing_has_a_place(void **state)
{
    (void)state;
    uint8_t room[2];
    writer_t full = writer_to(room, sizeof room), nowhere = writer_to(NULL, 0);
    write_u32(&full, 1);
    const bytes_t all[] = {bytes_none(),
                           bytes_of(""),
                           bytes_from(hex("01"), 1),
                           bytes_from(hex("01"), 2),
                           bytes_from(none, 0),
                           bytes_from(none, 1),
                           written(&full),
                           written(&nowhere)};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        assert_non_null(all[i].data);
        assert_int_equal(all[i].len, 0);
    }
    bytes_t text = bytes_of("text");
    assert_bytes(text, "74657874");
    assert_ptr_equal(bytes_from(text, 4).data, text.data + 4);
    assert_ptr_equal(bytes_from(text, 9).data, text.data + 4);
}

/* ---- reading ---- */

static void what_is_read_has_a_place_however_empty_or_broken(void **state)
{
    (void)state;
    const bytes_t messages[] = {none,
                                hex(""),
                                hex("00"),
                                hex("0000000000000000"),
                                hex("0000000099999999"),
                                hex("ffffffffffffffff"),
                                hex("0900000004000000")};
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
        reader_t field = reader_over(messages[i]), bytes = field;
        assert_non_null(field.message.data);
        assert_non_null(read_field(&field).data);
        assert_non_null(read_bytes(&bytes, 0).data);
        assert_non_null(read_bytes(&bytes, 9).data);
        assert_non_null(bytes.error);
        assert_non_null(read_bytes(&bytes, 0).data);
        assert_non_null(read_field(&bytes).data);
    }
}

static void integers_are_little_endian(void **state)
{
    (void)state;
    reader_t in = reader_over(hex("0102"
                                  "03040506"
                                  "0708090a0b0c0d0e"));
    assert_int_equal(read_u16(&in), 0x0201);
    assert_int_equal(read_u32(&in), 0x06050403);
    assert_true(read_u64(&in) == 0x0e0d0c0b0a090807);
    assert_int_equal(in.at, 14);
    assert_null(in.error);
}

static void the_highest_bits_are_kept(void **state)
{
    (void)state;
    reader_t in = reader_over(hex("ffff"
                                  "000000ff"
                                  "ff000000000000ff"));
    assert_int_equal(read_u16(&in), 0xFFFF);
    assert_int_equal(read_u32(&in), 0xFF000000);
    assert_true(read_u64(&in) == 0xFF000000000000FF);
}

static void reading_nothing_at_the_end_is_no_failure(void **state)
{
    (void)state;
    reader_t in = reader_over(hex("0102"));
    assert_bytes(read_bytes(&in, 2), "0102");
    assert_int_equal(read_bytes(&in, 0).len, 0);
    assert_null(in.error);
    reader_t empty = reader_over(none);
    assert_int_equal(read_bytes(&empty, 0).len, 0);
    assert_null(empty.error);
    assert_int_equal(empty.payload, 0);
}

static void a_read_one_byte_beyond_the_end_fails_and_does_not_move(void **state)
{
    (void)state;
    reader_t u16 = reader_over(hex("ff")), u32 = reader_over(hex("ffffff"));
    reader_t u64 = reader_over(hex("ffffffffffffff")), raw = reader_over(hex("ffff"));
    assert_int_equal(read_u16(&u16), 0);
    assert_int_equal(read_u32(&u32), 0);
    assert_true(read_u64(&u64) == 0);
    assert_int_equal(read_bytes(&raw, 3).len, 0);
    const reader_t *const all[] = {&u16, &u32, &u64, &raw};
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(all[i]->error, "the message is too short");
        assert_int_equal(all[i]->at, 0);
    }
}

static void lengths_that_would_overflow_the_cursor_fail(void **state)
{
    (void)state;
    static const size_t lengths[] = {SIZE_MAX, SIZE_MAX - 1, SIZE_MAX / 2 + 1, 4, 3};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        reader_t in = reader_over(hex("01020304"));
        (void)read_u16(&in);
        assert_int_equal(read_bytes(&in, lengths[i]).len, 0);
        assert_non_null(in.error);
        assert_int_equal(in.at, 2);
    }
}

static void after_a_failure_every_read_gives_zeros(void **state)
{
    (void)state;
    reader_t in = reader_over(hex("ffffffffffffffffffffffffffffffffffffffff"));
    assert_int_equal(read_bytes(&in, 21).len, 0);
    assert_reads_nothing(&in);
    reader_t told = reader_over(hex("0100010008000000ff"));
    reader_fail(&told, "told");
    assert_reads_nothing(&told);
}

static void the_first_failure_is_kept(void **state)
{
    (void)state;
    reader_t in = reader_over(hex("0100010009000000ff"));
    assert_int_equal(read_field(&in).len, 0);
    (void)read_u32(&in);
    reader_fail(&in, "another one");
    assert_string_equal(in.error, "a field lies outside the message");
}

/* ---- fields (MS-NLMP 2.2: Len, MaxLen, BufferOffset) ---- */

static void a_field_gives_the_bytes_that_it_points_to(void **state)
{
    (void)state;
    bytes_t message = hex("0200020009000000"
                          "aabbccdd");
    reader_t in = reader_over(message);
    bytes_t field = read_field(&in);
    assert_bytes(field, "bbcc");
    assert_ptr_equal(field.data, message.data + 9);
    assert_int_equal(in.at, 8);
}

static void the_maximal_length_is_ignored(void **state)
{
    (void)state;
    static const char *const fields[] = {"0200000008000000aabb", "0200ffff08000000aabb"};
    for (size_t i = 0; i < 2; i++) {
        reader_t in = reader_over(hex(fields[i]));
        assert_bytes(read_field(&in), "aabb");
    }
}

static void an_empty_field_may_point_anywhere(void **state)
{
    (void)state;
    static const char *const fields[] = {"0000000000000000", "0000000008000000", "0000ffff09000000",
                                         "00000000f0ffffff", "0000ffffffffffff"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        reader_t in = reader_over(hex(fields[i]));
        assert_int_equal(read_field(&in).len, 0);
        assert_null(in.error);
        assert_int_equal(in.payload, 8);
    }
}

static void a_field_may_end_with_the_message(void **state)
{
    (void)state;
    reader_t in = reader_over(hex("0100010009000000aabb"));
    assert_bytes(read_field(&in), "bb");
    reader_t whole = reader_over(hex("0a00000000000000aabb"));
    assert_bytes(read_field(&whole), "0a00000000000000aabb");
    assert_int_equal(whole.payload, 0);
}

static void a_field_outside_the_message_is_refused(void **state)
{
    (void)state;
    static const char *const fields[] = {
        "020002000900000000ff", /* one byte beyond */
        "0b0000000000000000ff", /* longer than the message, from its start */
        "010001000a00000000ff", /* offset == length of the message */
        "010001000b00000000ff", /* offset beyond it */
        "10001000f0ffffff00ff", /* offset + length wraps to 0 in 32 bits */
        "ffffffffffffffff00ff", "0100010000000080ffff", "ffffffff0800000000ff",
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        reader_t in = reader_over(hex(fields[i]));
        assert_int_equal(read_field(&in).len, 0);
        assert_string_equal(in.error, "a field lies outside the message");
        assert_int_equal(in.payload, 10);
        assert_reads_nothing(&in);
    }
}

static void the_longest_field_is_read_when_it_is_there(void **state)
{
    (void)state;
    enum { LEN = 8 + 0xFFFF };
    uint8_t *message = calloc(1, LEN);
    memcpy(message, hex("ffffffff08000000").data, 8);
    reader_t in = reader_over((bytes_t){message, LEN});
    assert_int_equal(read_field(&in).len, 0xFFFF);
    assert_null(in.error);
    in = reader_over((bytes_t){message, LEN - 1});
    assert_int_equal(read_field(&in).len, 0);
    assert_non_null(in.error);
    free(message);
}

static void a_cut_field_is_refused_and_gives_nothing(void **state)
{
    (void)state;
    static const char *const fields[] = {"", "01", "0100", "010001", "01000100", "01000100000000"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        reader_t in = reader_over(hex(fields[i]));
        assert_int_equal(read_field(&in).len, 0);
        assert_string_equal(in.error, "the message is too short");
        assert_int_equal(in.payload, in.message.len);
    }
}

static void the_payload_begins_at_the_lowest_field_that_is_not_empty(void **state)
{
    (void)state;
    reader_t in = reader_over(hex("010001001a000000"
                                  "0000000003000000"
                                  "0200020018000000"
                                  "aabbcc"));
    assert_int_equal(in.payload, 27);
    (void)read_field(&in);
    assert_int_equal(in.payload, 26);
    (void)read_field(&in);
    assert_int_equal(in.payload, 26);
    assert_bytes(read_field(&in), "aabb");
    assert_int_equal(in.payload, 24);
    assert_null(in.error);
}

static void fields_may_overlap(void **state)
{
    (void)state;
    reader_t in = reader_over(hex("0200020010000000"
                                  "0200020011000000"
                                  "aabbcc"));
    assert_bytes(read_field(&in), "aabb");
    assert_bytes(read_field(&in), "bbcc");
}

/* ---- writing ---- */

static void what_is_written_is_little_endian(void **state)
{
    (void)state;
    uint8_t room[32];
    writer_t out = writer_to(room, sizeof room);
    write_u16(&out, 0x0201);
    write_u32(&out, 0x06050403);
    write_u64(&out, 0x0e0d0c0b0a090807);
    write_bytes(&out, hex("ff00"));
    write_bytes(&out, none);
    write_field(&out, 0x1234, 0x89abcdef);
    assert_bytes(written(&out), "0102030405060708090a0b0c0d0e"
                                "ff00"
                                "34123412efcdab89");
}

static void a_buffer_can_be_filled_to_its_last_byte(void **state)
{
    (void)state;
    uint8_t *room = malloc(14);
    writer_t out = writer_to(room, 14);
    write_u64(&out, 1);
    write_u32(&out, 2);
    write_u16(&out, 3);
    write_bytes(&out, none);
    assert_bytes(written(&out), "0100000000000000020000000300");
    free(room);
}

static void what_does_not_fit_is_not_written_in_part(void **state)
{
    (void)state;
    for (int what = 0; what < 5; what++) {
        uint8_t room[10] = {0};
        writer_t out = writer_to(room, what == 0 ? 1 : what == 1 ? 3 : what == 4 ? 2 : 7);
        if (what == 0) write_u16(&out, 0xFFFF);
        if (what == 1) write_u32(&out, 0xFFFFFFFF);
        if (what == 2) write_u64(&out, UINT64_MAX);
        if (what == 3) write_bytes(&out, hex("ffffffffffffffff"));
        if (what == 4) write_bytes(&out, hex("ffffff"));
        assert_true(out.overflow);
        assert_int_equal(out.len, 0);
        assert_int_equal(written(&out).len, 0);
        assert_bytes(((bytes_t){room, 10}), "00000000000000000000");
    }
}

static void after_an_overflow_nothing_more_is_written(void **state)
{
    (void)state;
    uint8_t room[4] = {0};
    writer_t out = writer_to(room, sizeof room);
    write_u16(&out, 0x0101);
    write_u32(&out, 0xFFFFFFFF);
    write_u16(&out, 0xFFFF);
    write_bytes(&out, hex("ff"));
    assert_true(out.overflow);
    assert_int_equal(written(&out).len, 0);
    assert_bytes(((bytes_t){room, 4}), "01010000");
}

static void nothing_fits_into_no_buffer(void **state)
{
    (void)state;
    writer_t out = writer_to(NULL, 0);
    write_bytes(&out, none);
    assert_false(out.overflow);
    assert_int_equal(written(&out).len, 0);
    write_bytes(&out, hex("00"));
    assert_true(out.overflow);
}

static void a_field_that_the_wire_cannot_hold_overflows(void **state)
{
    (void)state;
    static const struct {
        size_t len, offset;
        bool fits;
    } fields[] = {{0, 0, true},
                  {UINT16_MAX, UINT32_MAX, true},
                  {(size_t)UINT16_MAX + 1, 0, false},
                  {0, (size_t)UINT32_MAX + 1, false},
                  {SIZE_MAX, SIZE_MAX, false}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        uint8_t room[8];
        writer_t out = writer_to(room, sizeof room);
        write_field(&out, fields[i].len, fields[i].offset);
        assert_int_equal(out.overflow, !fields[i].fits);
        assert_int_equal(written(&out).len, fields[i].fits ? 8 : 0);
    }
}

/* ---- hex digits ---- */

static void a_hex_digit_has_either_case_and_nothing_else_is_one(void **state)
{
    (void)state;
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    for (int c = -128; c < 256; c++) {
        const char *found = c > 0 && c < 128 ? strchr(digits, c) : NULL;
        assert_int_equal(hex_value(c), found ? (found - digits) % 16 : -1);
    }
}

static void hex_is_read_when_it_is_all_there(void **state)
{
    (void)state;
    uint8_t room[3] = {9, 9, 9};
    assert_true(hex_read(bytes_of("00aFfe"), room, 3));
    assert_bytes(((bytes_t){room, 3}), "00affe");
    assert_false(hex_read(bytes_of("00aFf"), room, 3));
    assert_false(hex_read(bytes_of("00aFfe0"), room, 3));
    assert_false(hex_read(bytes_of("00aFfe00"), room, 3));
    assert_false(hex_read(bytes_of("00aFg0"), room, 3));
    assert_false(hex_read(bytes_of("0 aFf0"), room, 3));
    assert_true(hex_read(bytes_of(""), room, 0));
}

static void hex_is_written_in_lower_case_without_an_end(void **state)
{
    (void)state;
    char room[8] = "-------";
    assert_ptr_equal(hex_write(room, hex("00Affe")), room + 6);
    assert_string_equal(room, "00affe-");
    assert_ptr_equal(hex_write(room, bytes_none()), room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_are_equal_when_length_and_content_are),
        cmocka_unit_test(the_rest_of_bytes_ends_where_they_end),
        cmocka_unit_test(nothing_has_a_place),
        cmocka_unit_test(what_is_read_has_a_place_however_empty_or_broken),
        cmocka_unit_test(integers_are_little_endian),
        cmocka_unit_test(the_highest_bits_are_kept),
        cmocka_unit_test(reading_nothing_at_the_end_is_no_failure),
        cmocka_unit_test(a_read_one_byte_beyond_the_end_fails_and_does_not_move),
        cmocka_unit_test(lengths_that_would_overflow_the_cursor_fail),
        cmocka_unit_test(after_a_failure_every_read_gives_zeros),
        cmocka_unit_test(the_first_failure_is_kept),
        cmocka_unit_test(a_field_gives_the_bytes_that_it_points_to),
        cmocka_unit_test(the_maximal_length_is_ignored),
        cmocka_unit_test(an_empty_field_may_point_anywhere),
        cmocka_unit_test(a_field_may_end_with_the_message),
        cmocka_unit_test(a_field_outside_the_message_is_refused),
        cmocka_unit_test(the_longest_field_is_read_when_it_is_there),
        cmocka_unit_test(a_cut_field_is_refused_and_gives_nothing),
        cmocka_unit_test(the_payload_begins_at_the_lowest_field_that_is_not_empty),
        cmocka_unit_test(fields_may_overlap),
        cmocka_unit_test(what_is_written_is_little_endian),
        cmocka_unit_test(a_buffer_can_be_filled_to_its_last_byte),
        cmocka_unit_test(what_does_not_fit_is_not_written_in_part),
        cmocka_unit_test(after_an_overflow_nothing_more_is_written),
        cmocka_unit_test(nothing_fits_into_no_buffer),
        cmocka_unit_test(a_field_that_the_wire_cannot_hold_overflows),
        cmocka_unit_test(a_hex_digit_has_either_case_and_nothing_else_is_one),
        cmocka_unit_test(hex_is_read_when_it_is_all_there),
        cmocka_unit_test(hex_is_written_in_lower_case_without_an_end),
    };
    return RUN_GROUP(tests);
}
