/* UTF-16LE of the wire against UTF-8 of everything else, and the tables of upper case. */
#include "unit.h"

#include "../../lib/ntlm/unicode.h"

enum { W7 = UNICODE_UPPER_WINDOWS7, NT4 = UNICODE_UPPER_NT4, ASCII = UNICODE_UPPER_ASCII };
enum { UNITS = 0x10000 };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static uint16_t upper(unsigned unit, int rule)
{
    return unicode_upper((uint16_t)unit, (unicode_rule_t)rule);
}

static bool is_surrogate(unsigned unit)
{
    return unit >= 0xD800 && unit <= 0xDFFF;
}

/* ---- upper case ---- */

/* What a unit becomes under each rule. */
static const struct {
    unsigned unit, windows7, nt4;
} letters[] = {
    {'a', 'A', 'A'},          {'z', 'Z', 'Z'}, {'@', '@', '@'},          {'`', '`', '`'},
    {'{', '{', '{'},          {'A', 'A', 'A'}, {0x00FC, 0x00DC, 0x00DC}, /* u with diaeresis */
    {0x00FF, 0x0178, 0x0178}, /* y with diaeresis: out of Latin-1 */
    {0x00F7, 0x00F7, 0x00F7}, /* division sign */
    {0x00DF, 0x00DF, 0x00DF}, /* sharp s: never two letters */
    {0x00B5, 0x00B5, 0x00B5}, /* micro sign: not a Greek capital */
    {0x0131, 0x0131, 0x0131}, /* dotless i: not ASCII I */
    {0x0069, 0x0049, 0x0049}, /* i: not the Turkish dotted capital */
    {0x017F, 0x017F, 0x017F}, /* long s: not ASCII S */
    {0x01C5, 0x01C5, 0x01C5}, /* titlecase digraph */
    {0x01C6, 0x01C4, 0x01C4}, /* its lower case */
    {0xFB01, 0xFB01, 0xFB01}, /* ligature fi */
    {0x212A, 0x212A, 0x212A}, /* Kelvin sign */
    {0x03C2, 0x03C2, 0x03A3}, /* final sigma: the tables differ */
    {0x03C3, 0x03A3, 0x03A3}, /* sigma */
    {0x03B1, 0x0391, 0x0391}, /* alpha */
    {0x03CE, 0x038F, 0x038F}, /* omega with tonos */
    {0x0430, 0x0410, 0x0410}, /* Cyrillic a */
    {0x044F, 0x042F, 0x042F}, /* Cyrillic ya */
    {0x0451, 0x0401, 0x0401}, /* Cyrillic io */
    {0x0219, 0x0218, 0x0219}, /* s with comma below: Vista and later */
    {0x01BF, 0x01F7, 0x01BF}, /* wynn */
    {0xFF41, 0xFF21, 0xFF21}, /* fullwidth a */
    {0x2170, 0x2160, 0x2160}, /* small roman one */
};

static void letters_follow_the_tables_of_windows(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(letters); i++) {
        assert_int_equal(upper(letters[i].unit, W7), letters[i].windows7);
        assert_int_equal(upper(letters[i].unit, NT4), letters[i].nt4);
        unsigned unit = letters[i].unit;
        assert_int_equal(upper(unit, ASCII), unit < 0x80 ? letters[i].nt4 : unit);
    }
}

static void each_table_maps_as_many_units_as_it_should(void **state)
{
    (void)state;
    int mapped[UNICODE_RULE_COUNT] = {0};
    for (int rule = 0; rule < UNICODE_RULE_COUNT; rule++)
        for (unsigned unit = 0; unit < UNITS; unit++) mapped[rule] += upper(unit, rule) != unit;
    assert_int_equal(mapped[ASCII], 26);
    assert_int_equal(mapped[NT4], 636);
    assert_int_equal(mapped[W7], 973);
}

static void upper_case_of_upper_case_is_itself(void **state)
{
    (void)state;
    for (int rule = 0; rule < UNICODE_RULE_COUNT; rule++)
        for (unsigned unit = 0; unit < UNITS; unit++)
            assert_int_equal(upper(upper(unit, rule), rule), upper(unit, rule));
}

static void no_rule_touches_surrogates_or_turns_anything_into_ascii(void **state)
{
    (void)state;
    for (int rule = 0; rule < UNICODE_RULE_COUNT; rule++)
        for (unsigned unit = 0; unit < UNITS; unit++) {
            unsigned result = upper(unit, rule);
            bool ascii_letter = unit >= 'a' && unit <= 'z';
            if (unit < 0x80 || is_surrogate(unit))
                assert_int_equal(result, ascii_letter ? unit - 32 : unit);
            else
                assert_true(result >= 0x80 && !is_surrogate(result));
        }
}

static void windows7_adds_to_nt4_and_takes_the_final_sigma_away(void **state)
{
    (void)state;
    for (unsigned unit = 0; unit < UNITS; unit++)
        if (upper(unit, NT4) != unit && unit != 0x03C2)
            assert_int_equal(upper(unit, W7), upper(unit, NT4));
}

static void text_is_written_in_upper_case_unit_by_unit(void **state)
{
    (void)state;
    uint8_t room[8];
    writer_t out = writer_to(room, sizeof room);
    unicode_write_upper(&out, hex("6100fc003dd800de"), UNICODE_UPPER_NT4);
    assert_bytes(written(&out), "4100dc003dd800de");
    unicode_write_upper(&out, hex("6100"), UNICODE_UPPER_NT4);
    assert_true(out.overflow);
    out = writer_to(room, sizeof room);
    unicode_write_upper(&out, hex("6100ff"), UNICODE_UPPER_ASCII); /* half a unit is left out */
    unicode_write_upper(&out, hex("ff"), UNICODE_UPPER_ASCII);
    unicode_write_upper(&out, (bytes_t){NULL, 0}, UNICODE_UPPER_ASCII);
    assert_bytes(written(&out), "4100");
}

static void oem_bytes_become_one_unit_each(void **state)
{
    (void)state;
    uint8_t room[8];
    writer_t out = writer_to(room, sizeof room);
    unicode_write_oem(&out, hex("6100c3ff"));
    assert_bytes(written(&out), "61000000c300ff00");
    unicode_write_oem(&out, hex(""));
    assert_false(out.overflow);
    unicode_write_oem(&out, hex("61"));
    assert_true(out.overflow);
}

/* ---- UTF-8 to UTF-16LE ---- */

/* RFC 3629 3 and 4: the first and last characters of each length. */
static const struct {
    const char *utf8, *utf16;
} characters[] = {
    {"", ""},
    {"\x01", "0100"},
    {"\x7F", "7f00"},
    {"\xC2\x80", "8000"},
    {"\xDF\xBF", "ff07"},
    {"\xE0\xA0\x80", "0008"},
    {"\xED\x9F\xBF", "ffd7"},
    {"\xEE\x80\x80", "00e0"},
    {"\xEF\xBF\xBF", "ffff"},
    {"\xF0\x90\x80\x80", "00d800dc"},
    {"\xF0\x9F\x98\x80", "3dd800de"},
    {"\xF4\x8F\xBF\xBF", "ffdbffdf"},
    {"a\xC3\xBC\xE2\x82\xAC\xF0\x90\x80\x80z", "6100fc00ac2000d800dc7a00"},
};

/* In memory of exactly its size. */
static char *copy(const char *text)
{
    return strdup(text);
}

static void utf8_is_written_as_utf16(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(characters); i++) {
        uint8_t room[16];
        writer_t out = writer_to(room, sizeof room);
        assert_true(unicode_write_utf8(&out, characters[i].utf8));
        assert_bytes(written(&out), characters[i].utf16);
    }
}

/* clang-format off */
static const char *const not_utf8[] = {
    "\x80", "\xBF",                                                  /* a continuation alone */
    "\xC0\x80", "\xC0\xAF", "\xC1\xBF",                             /* overlong, two bytes */
    "\xE0\x80\x80", "\xE0\x80\xAF", "\xE0\x9F\xBF",                 /* overlong, three */
    "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF",                         /* overlong, four */
    "\xED\xA0\x80", "\xED\xAF\xBF", "\xED\xB0\x80", "\xED\xBF\xBF", /* a surrogate */
    "\xED\xA0\xBD\xED\xB8\x80",                                     /* two of them (CESU-8) */
    "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xF7\xBF\xBF\xBF",     /* above U+10FFFF */
    "\xF8\x88\x80\x80\x80", "\xFC\x84\x80\x80\x80\x80", "\xFE", "\xFF",
    "\xC3", "\xE2", "\xE2\x82", "\xF0", "\xF0\x9F", "\xF0\x9F\x98", /* cut */
    "\xC3\x41", "\xE2\x28\xA1", "\xE2\x82\x41", "\xF0\x28\x8C\x80", "\xF0\x9F\x28\x80",
    "\xF0\x9F\x98\x41", "\xC3\xC3\xBC",                             /* something else inside */
};
/* clang-format on */

static void what_rfc_3629_forbids_is_refused_wherever_it_stands(void **state)
{
    (void)state;
    static const char *const places[] = {"%s", "ab%s", "%sab", "\xC3\xBC%s"};
    for (size_t i = 0; i < COUNT(not_utf8); i++)
        for (size_t place = 0; place < COUNT(places); place++) {
            char text[32];
            uint8_t room[64];
            snprintf(text, sizeof text, places[place], not_utf8[i]);
            char *exact = copy(text);
            writer_t out = writer_to(room, sizeof room);
            if (unicode_write_utf8(&out, exact) || unicode_is_name(exact))
                fail_msg("number %zu at place %zu is taken for UTF-8", i, place);
            free(exact);
        }
}

static void text_that_does_not_fit_is_not_written(void **state)
{
    (void)state;
    uint8_t room[4];
    writer_t out = writer_to(room, 4);
    assert_true(unicode_write_utf8(&out, "\xF0\x9F\x98\x80"));
    assert_false(unicode_write_utf8(&out, "a"));
    out = writer_to(room, 3);
    assert_false(unicode_write_utf8(&out, "\xF0\x9F\x98\x80"));
    out = writer_to(room, 3);
    assert_false(unicode_write_utf8(&out, "ab"));
    assert_int_equal(written(&out).len, 0);
}

/* ---- UTF-16LE to UTF-8 ---- */

static void utf16_names_become_utf8(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(characters); i++) {
        char name[32];
        bool control = i >= 1 && i <= 3;
        const char *why = unicode_name(hex(characters[i].utf16), name, sizeof name);
        if (control)
            assert_refusal(why, "a name holds a control character");
        else
            assert_null(why);
        if (!control) assert_string_equal(name, characters[i].utf8);
    }
}

static bytes_t utf16_of(unsigned point, uint8_t room[4])
{
    writer_t out = writer_to(room, 4);
    if (point >= 0x10000) write_u16(&out, (uint16_t)(0xD7C0 + (point >> 10)));
    write_u16(&out, (uint16_t)(point >= 0x10000 ? 0xDC00 | (point & 0x3FF) : point));
    return written(&out);
}

/* By hand, and what Perl's \p{Default_Ignorable_Code_Point} says. */
static bool is_hidden(unsigned point)
{
    if (point == 0xAD || point == 0x34F || point == 0x61C || point == 0xFEFF) return true;
    if (point == 0x115F || point == 0x1160 || point == 0x3164 || point == 0xFFA0) return true;
    if (point == 0x17B4 || point == 0x17B5 || (point >= 0x180B && point <= 0x180F)) return true;
    if ((point >= 0x200B && point <= 0x200F) || (point >= 0x2028 && point <= 0x202E)) return true;
    if ((point >= 0x2060 && point <= 0x206F) || (point >= 0xFE00 && point <= 0xFE0F)) return true;
    if (point >= 0xFFF0 && point <= 0xFFFB) return true;
    if (point >= 0x1BCA0 && point <= 0x1BCA3) return true;
    return (point >= 0x1D173 && point <= 0x1D17A) || (point >= 0xE0000 && point <= 0xE0FFF);
}

static void every_character_comes_back_from_utf8(void **state)
{
    (void)state;
    for (unsigned point = 0xA0; point <= 0x10FFFF; point += point < 0x10000 ? 1 : 0x101) {
        uint8_t there[4], back[4];
        char name[5];
        writer_t out = writer_to(back, sizeof back);
        if (is_surrogate(point)) continue;
        if (is_hidden(point)) continue;
        assert_null(unicode_name(utf16_of(point, there), name, sizeof name));
        assert_true(unicode_is_name(name) && unicode_write_utf8(&out, name));
        assert_true(bytes_equal(written(&out), utf16_of(point, there)));
    }
}

static void a_name_with_half_a_unit_or_half_a_pair_is_refused(void **state)
{
    (void)state;
    static const char *const odd[] = {"61", "6100ff", "3dd800"};
    static const char *const halves[] = {
        "3dd8", "00de",     "61003dd8", "3dd86100",     "00de3dd8",
        "00d8", "ffdb00d8", "ffdf6100", "3dd83dd800de", "3dd800de00de",
    };
    char name[32];
    for (size_t i = 0; i < COUNT(odd); i++)
        assert_refusal(unicode_name(hex(odd[i]), name, 32),
                       "a name has an odd number of UTF-16 bytes");
    for (size_t i = 0; i < COUNT(halves); i++)
        assert_refusal(unicode_name(hex(halves[i]), name, 32),
                       "a name holds half a surrogate pair");
}

static void a_name_with_a_control_character_is_refused(void **state)
{
    (void)state;
    for (unsigned unit = 0; unit < 0x200; unit++) {
        bool control = unit < 0x20 || (unit >= 0x7F && unit <= 0x9F); /* C0, DEL, C1 */
        if (is_hidden(unit)) continue;
        const uint8_t raw[] = {'a', 0, (uint8_t)unit, (uint8_t)(unit >> 8), 'b', 0};
        char name[16], shown[16];
        const char *why = unicode_name((bytes_t){raw, 6}, name, sizeof name);
        assert_int_equal(why != NULL, control);
        if (control) assert_string_equal(why, "a name holds a control character");
        unicode_show((bytes_t){raw, 6}, shown, sizeof shown);
        if (control)
            assert_string_equal(shown, "a\xEF\xBF\xBD"
                                       "b");
        if (!control) assert_string_equal(shown, name);
    }
}

static void a_name_with_a_character_that_is_not_seen_is_refused(void **state)
{
    (void)state;
    static const char hidden[] = "a name holds a character that is not seen (zero-width, "
                                 "bidirectional, a byte order mark or a line separator)";
    for (unsigned point = 0xA0; point <= 0x10FFFF; point++) {
        uint8_t room[4];
        char utf8[8], shown[8];
        if (is_surrogate(point)) continue;
        const char *why = unicode_name(utf16_of(point, room), utf8, sizeof utf8);
        if ((why != NULL) != is_hidden(point)) fail_msg("U+%04X: %s", point, why ? why : "taken");
        unicode_show(utf16_of(point, room), shown, sizeof shown);
        assert_int_equal(strcmp(shown, "\xEF\xBF\xBD") == 0, why || point == 0xFFFD);
        if (why) assert_string_equal(why, hidden);
    }
    static const char *const names[] = {"\xEF\xBB\xBF"
                                        "alice",
                                        "ali\xE2\x80\x8B"
                                        "ce",
                                        "alice\xE2\x80\xAE",
                                        "\xD8\x9C",
                                        "a\xE2\x81\xA6",
                                        "a\xE2\x80\xA8"
                                        "b",
                                        "\xE2\x81\xA0"};
    for (size_t i = 0; i < COUNT(names); i++) assert_refusal(unicode_check_name(names[i]), hidden);
}

static void a_name_needs_room_for_its_nul(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(characters); i++) {
        size_t len = strlen(characters[i].utf8);
        char *room = malloc(len + 1);
        if (i >= 1 && i <= 3) len = 0, room[0] = '\0'; /* controls */
        if (len != 0 || i == 0) {
            assert_null(unicode_name(hex(characters[i].utf16), room, len + 1));
            assert_string_equal(room, characters[i].utf8);
        }
        if (len != 0)
            assert_refusal(unicode_name(hex(characters[i].utf16), room, len), "a name is too long");
        free(room);
    }
}

static void whatever_a_refusal_leaves_behind_is_terminated(void **state)
{
    (void)state;
    char name[4];
    memset(name, 'x', sizeof name);
    assert_non_null(unicode_name(hex("610062006300640065006600"), name, sizeof name));
    assert_non_null(memchr(name, '\0', sizeof name));
    memset(name, 'x', sizeof name);
    assert_non_null(unicode_name(hex("61"), name, sizeof name));
    assert_non_null(memchr(name, '\0', sizeof name));
}

static void shown_text_replaces_what_a_name_refuses(void **state)
{
    (void)state;
    static const struct {
        const char *utf16, *shown;
    } texts[] = {
        {"", ""},
        {"61000000", "a\xEF\xBF\xBD"},
        {"0a000d001b00", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
        {"3dd86100", "\xEF\xBF\xBD"
                     "a"},
        {"00de6100", "\xEF\xBF\xBD"
                     "a"},
        {"61003dd8", "a\xEF\xBF\xBD"},
        {"610062", "a\xEF\xBF\xBD"},
        {"62", "\xEF\xBF\xBD"},
        {"3dd800de", "\xF0\x9F\x98\x80"},
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        char shown[32];
        unicode_show(hex(texts[i].utf16), shown, sizeof shown);
        assert_string_equal(shown, texts[i].shown);
    }
}

static void shown_text_leaves_out_what_does_not_fit_and_never_half_a_character(void **state)
{
    (void)state;
    for (size_t cap = 1; cap <= 7; cap++) {
        char *shown = malloc(cap);
        unicode_show(hex("6100ac200000"), shown, cap); /* 1 + 3 + 3 bytes */
        assert_int_equal(strlen(shown), cap <= 1 ? 0 : cap < 5 ? 1 : 4);
        assert_true(unicode_is_name(shown));
        free(shown);
    }
}

/* ---- comparing ---- */

/* clang-format off */
static const char *const names[] = {
    "", "a", "A", "b", "B", "aa", "aB", "Ab", "alice", "ALICE", "alicf", "\xC3\xBC", "\xC3\x9C",
    "\xC3\xBF", "\xC5\xB8", "\xCF\x82", "\xCF\x83", "\xCE\xA3", "\xC8\x98", "\xC8\x99", "\xC3\x9F",
    "ss", "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF", "\x80", "\x81", "\xFF", "a\x80",
    "a\xFF", "\xC3", "\xC3z", "\xE2\x82", "\xED\xA0\x80", "\xC0\x80", "corp\\alice", "CORP\\Alice",
    "\xEF\xBF\xBD", "I", "\xC4\xB1", "i", "_", "[", "\x7F",
};
/* clang-format on */

static void comparing_is_an_order(void **state)
{
    (void)state;
    int order[COUNT(names)][COUNT(names)];
    for (size_t a = 0; a < COUNT(names); a++)
        for (size_t b = 0; b < COUNT(names); b++) {
            int sign = unicode_casecmp(names[a], names[b]);
            order[a][b] = (sign > 0) - (sign < 0);
        }
    for (size_t a = 0; a < COUNT(names); a++) {
        assert_int_equal(order[a][a], 0);
        for (size_t b = 0; b < COUNT(names); b++) {
            assert_int_equal(order[a][b], -order[b][a]);
            for (size_t c = 0; c < COUNT(names); c++)
                if (order[a][b] <= 0 && order[b][c] <= 0)
                    assert_int_equal(order[a][c], order[a][b] < 0 || order[b][c] < 0 ? -1 : 0);
        }
    }
}

static void names_are_equal_under_any_table_and_not_beyond(void **state)
{
    (void)state;
    assert_int_equal(unicode_casecmp("Corp\\J\xC3\xBCrgen", "CORP\\J\xC3\x9CRGEN"), 0);
    assert_int_equal(unicode_casecmp("\xCF\x82", "\xCE\xA3"), 0); /* final sigma: NT 4 */
    assert_int_equal(unicode_casecmp("\xC8\x99", "\xC8\x98"), 0); /* s, comma below: Windows 7 */
    assert_int_not_equal(unicode_casecmp("ss", "\xC3\x9F"), 0);
    assert_int_not_equal(unicode_casecmp("i", "\xC4\xB1"), 0);
    assert_true(unicode_casecmp("a", "B") < 0 && unicode_casecmp("A", "b") < 0);
    assert_true(unicode_casecmp("ab", "a") > 0 && unicode_casecmp("", "a") < 0);
}

static void every_unit_equals_its_upper_case_in_names(void **state)
{
    (void)state;
    for (int rule = 0; rule < UNICODE_RULE_COUNT; rule++)
        for (unsigned unit = 0xA0; unit < UNITS; unit++) {
            uint8_t raw[4];
            char small[5], capital[5];
            if (upper(unit, rule) == unit) continue;
            if (is_hidden(unit)) continue;
            assert_null(unicode_name(utf16_of(unit, raw), small, 5));
            assert_null(unicode_name(utf16_of(upper(unit, rule), raw), capital, 5));
            assert_int_equal(unicode_casecmp(small, capital), 0);
        }
}

static void invalid_bytes_differ_from_each_other_and_from_every_character(void **state)
{
    (void)state;
    assert_int_not_equal(unicode_casecmp("\x80", "\x81"), 0);
    assert_int_not_equal(unicode_casecmp("\xFF", "\xEF\xBF\xBD"), 0);
    assert_int_not_equal(unicode_casecmp("\xE0", "\xC3\xA0"), 0); /* Latin-1 is not folded */
    assert_int_not_equal(unicode_casecmp("\xE0", "\xC0"), 0);
    char *cut = copy("a\xF0\x9F\x98"), *shorter = copy("a\xF0\x9F");
    assert_true(unicode_casecmp(cut, shorter) > 0);
    free(cut);
    free(shorter);
}

static void a_name_is_utf8_without_control_characters(void **state)
{
    (void)state;
    assert_true(unicode_is_name("") && unicode_is_name("CORP\\J\xC3\xBCrgen \xF0\x9F\x98\x80"));
    assert_true(unicode_is_name("\xC2\xA0") && unicode_is_name("~"));
    static const char *const refused[] = {"\n", "a\r", "\x1F", "\x7F", "\xC2\x80", "\xC2\x9F"};
    for (size_t i = 0; i < COUNT(refused); i++) {
        assert_false(unicode_is_name(refused[i]));
        assert_refusal(unicode_check_name(refused[i]), "a name holds a control character");
    }
    assert_refusal(unicode_check_name("a\xFF"), "a name is not UTF-8");
}

static void names_fold_to_the_same_bytes_just_when_they_compare_equal(void **state)
{
    (void)state;
    uint8_t rooms[2][64];
    for (size_t a = 0; a < COUNT(names); a++)
        for (size_t b = 0; b < COUNT(names); b++) {
            writer_t one = writer_to(rooms[0], 64), two = writer_to(rooms[1], 64);
            if (!unicode_write_folded(&one, names[a]) || !unicode_write_folded(&two, names[b]))
                continue; /* no UTF-8 */
            assert_int_equal(bytes_equal(written(&one), written(&two)),
                             unicode_casecmp(names[a], names[b]) == 0);
        }
    writer_t out = writer_to(rooms[0], 64), small = writer_to(rooms[1], 2);
    write_u16(&out, 'x'); /* what stands before it is left alone */
    assert_true(unicode_write_folded(&out, "b"));
    assert_bytes(written(&out), "78004200");
    assert_false(unicode_write_folded(&small, "ab"));
    assert_false(unicode_write_folded(&out, "a\xFF"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_follow_the_tables_of_windows),
        cmocka_unit_test(each_table_maps_as_many_units_as_it_should),
        cmocka_unit_test(upper_case_of_upper_case_is_itself),
        cmocka_unit_test(no_rule_touches_surrogates_or_turns_anything_into_ascii),
        cmocka_unit_test(windows7_adds_to_nt4_and_takes_the_final_sigma_away),
        cmocka_unit_test(text_is_written_in_upper_case_unit_by_unit),
        cmocka_unit_test(oem_bytes_become_one_unit_each),
        cmocka_unit_test(utf8_is_written_as_utf16),
        cmocka_unit_test(what_rfc_3629_forbids_is_refused_wherever_it_stands),
        cmocka_unit_test(text_that_does_not_fit_is_not_written),
        cmocka_unit_test(utf16_names_become_utf8),
        cmocka_unit_test(every_character_comes_back_from_utf8),
        cmocka_unit_test(a_name_with_half_a_unit_or_half_a_pair_is_refused),
        cmocka_unit_test(a_name_with_a_control_character_is_refused),
        cmocka_unit_test(a_name_with_a_character_that_is_not_seen_is_refused),
        cmocka_unit_test(a_name_needs_room_for_its_nul),
        cmocka_unit_test(whatever_a_refusal_leaves_behind_is_terminated),
        cmocka_unit_test(shown_text_replaces_what_a_name_refuses),
        cmocka_unit_test(shown_text_leaves_out_what_does_not_fit_and_never_half_a_character),
        cmocka_unit_test(comparing_is_an_order),
        cmocka_unit_test(names_are_equal_under_any_table_and_not_beyond),
        cmocka_unit_test(every_unit_equals_its_upper_case_in_names),
        cmocka_unit_test(invalid_bytes_differ_from_each_other_and_from_every_character),
        cmocka_unit_test(a_name_is_utf8_without_control_characters),
        cmocka_unit_test(names_fold_to_the_same_bytes_just_when_they_compare_equal),
    };
    return RUN_GROUP(tests);
}
