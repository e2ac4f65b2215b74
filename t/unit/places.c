/* Addresses of the test bench: which one a path means, and what is the user's own of it. */
#include "unit.h"

#include "pool.h"

#include <string.h>

#include "../../lib/bench/place/places.h"

static place_t at(const char *path)
{
    return place_of(pool, path);
}

static void assert_row(const char *path, const char *pattern, const char *rest)
{
    const place_t place = at(path);
    assert_non_null(place.row);
    assert_string_equal(place.row->pattern, pattern);
    assert_string_equal(place.rest, rest);
}

static void a_path_is_configuration_and_what_follows_it_is_the_users(void **state)
{
    (void)state;
    assert_row("/mic", "/mic", "");
    assert_row("/mic/any/further", "/mic", "/any/further");
    assert_row("/epa/require/", "/epa/require", "/");
    assert_null(at("/epa").row);
    assert_null(at("/micro").row);
    assert_null(at("").row);
    assert_string_equal(at("/micro").why, "there is no such address: / lists them");
}

static void an_account_in_the_path_is_exact(void **state)
{
    (void)state;
    assert_row("/ntlm", "/ntlm", "");
    assert_row("/ntlm/-/more", "/ntlm", "/-/more");
    assert_row("/ntlm/bob/pw", "/ntlm/{user}/{password}", "");
    assert_row("/ntlm/bob/pw/-/more/of/it", "/ntlm/{user}/{password}", "/-/more/of/it");
    assert_row("/ntlm/CORP/bob/pw", "/ntlm/{domain}/{user}/{password}", "");
    assert_row("/ntlm/CORP/bob/pw/-", "/ntlm/{domain}/{user}/{password}", "/-");
    assert_null(at("/ntlm/bob").row);
    assert_null(at("/ntlm/CORP/bob/pw/more").row);
}

static void segments_are_decoded_one_by_one(void **state)
{
    (void)state;
    const place_t place = at("/ntlm/CO%2fRP/b%C3%B6b/%25%2F:@+\\");
    assert_string_equal(place.settings.domain, "CO/RP");
    assert_string_equal(place.settings.user, "b\xC3\xB6"
                                             "b");
    assert_string_equal(place.settings.password, "%/:@+\\");
    assert_string_equal(at("/ntlm/bob/").settings.password, "");
    assert_null(at("/ntlm/bob/%00").row);
    assert_null(at("/ntlm/bob/%zz").row);
    assert_non_null(at("/ntlm//pw").why);
}

static void a_fixed_challenge_says_what_is_wrong_with_it(void **state)
{
    (void)state;
    const place_t place = at("/fixed/0123456789abcDEF/126227808000000001/x");
    assert_null(place.why);
    assert_memory_equal(place.settings.shape.challenge, "\x01\x23\x45\x67\x89\xAB\xCD\xEF", 8);
    assert_int_equal(place.settings.shape.filetime, 126227808000000001);
    assert_true(at("/fixed/0123456789abcdef").settings.shape.filetime > 0);
    assert_non_null(at("/fixed/0123").why);
    assert_non_null(at("/fixed/0123456789abcdef/-1").why);
    assert_non_null(at("/fixed/0123456789abcdef/1x").why);
    assert_non_null(at("/fixed/0123456789abcdef/99999999999999999999").why);
    assert_null(at("/fixed").row);
}

static void a_shape_is_said_by_its_row_or_its_path(void **state)
{
    (void)state;
    assert_true(at("/type2/no-time").settings.shape.no_time);
    assert_false(at("/type2/no-ess/x").settings.shape.no_time);
    assert_int_equal(at("/type2/flags/E2898235").settings.shape.flags, 0xE2898235);
    assert_non_null(at("/type2/flags/0xe289823").why);
    assert_non_null(at("/type2/flags/1").why);
    assert_int_equal(at("/type2/av-flags/00000102").settings.shape.av_flags, 0x102);
    assert_true(at("/type2/av-flags").settings.shape.has_av_flags);
    assert_non_null(at("/type2/av-flags/2").why);
    assert_int_equal(at("/type2/single-host/80").settings.shape.single_host, 80);
    assert_non_null(at("/type2/single-host/64").why);
}

static void a_run_stands_in_front_of_any_address(void **state)
{
    (void)state;
    const place_t place = at("/r/one%20run/epa/require/x");
    assert_string_equal(place.run, "one run");
    assert_string_equal(place.row->pattern, "/epa/require");
    assert_string_equal(place.rest, "/x");
    assert_string_equal(at("/mic").run, "");
    assert_string_equal(at("/r/a/r/b/mic").run, "a");
    assert_null(at("/r/a/r/b/mic").row);
    assert_null(at("/r//mic").row);
    assert_null(at("/r").row);
    char path[2 * RUN_MAX] = "/r/";
    memset(path + 3, 'x', RUN_MAX);
    strcat(path, "/mic");
    assert_non_null(at(path).row);
    memset(path + 3, 'x', RUN_MAX + 1);
    strcpy(path + 3 + RUN_MAX + 1, "/mic");
    assert_null(at(path).row);
    assert_non_null(at(path).why);
}

/* A row that another one hides would never be met, and an example must be one. */
static void every_row_is_met_by_its_example(void **state)
{
    (void)state;
    for (size_t i = 0; place_tables[i]; i++)
        for (const place_row_t *row = place_tables[i]; row->pattern; row++) {
            const char *path = row->example ? row->example : row->pattern;
            const place_t place = at(path);
            assert_null(place.why);
            assert_string_equal(place.row ? place.row->pattern : path, row->pattern);
            assert_true(row->sentence[strlen(row->sentence) - 1] != '.');
        }
}

/* Whatever stands in the segments, and whether those that may miss are there or not. */
static void assert_each_form(const place_row_t *row, bool whole)
{
    char path[200];
    size_t len = 0;
    for (const char *c = row->pattern; *c && len + 1 < sizeof path;) {
        const size_t segment = *c == '{' ? strcspn(c, "}") + 1 : 1;
        if (*c == '{' && c[segment - 2] == '?' && !whole)
            len--; /* its slash */
        else
            path[len++] = *c == '{' ? '1' : *c;
        c += segment;
    }
    path[len] = '\0';
    const place_t place = at(path);
    assert_string_equal(place.row ? place.row->pattern : path, row->pattern);
}

static void no_row_hides_another_one(void **state)
{
    (void)state;
    for (size_t i = 0; place_tables[i]; i++)
        for (const place_row_t *row = place_tables[i]; row->pattern; row++) {
            assert_each_form(row, true);
            assert_each_form(row, false);
        }
}

static void what_stands_around_a_login_says_what_is_wrong_with_it(void **state)
{
    (void)state;
    const place_t place = at("/redirect/307/other/mic?x");
    assert_int_equal(place.settings.redirect, 307);
    assert_true(place.settings.redirect_away);
    assert_string_equal(place.rest, "/mic?x");
    assert_non_null(at("/redirect/200/same").why);
    assert_non_null(at("/redirect/302/nowhere").why);
    assert_true(at("/chunked/67108864").settings.chunked);
    assert_int_equal(at("/bytes/67108864").settings.body, 67108864);
    assert_non_null(at("/bytes/67108865").why);
    assert_non_null(at("/bytes/ 1").why);
    assert_non_null(at("/bytes/").why);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_is_configuration_and_what_follows_it_is_the_users),
        cmocka_unit_test(an_account_in_the_path_is_exact),
        cmocka_unit_test(segments_are_decoded_one_by_one),
        cmocka_unit_test(a_fixed_challenge_says_what_is_wrong_with_it),
        cmocka_unit_test(a_shape_is_said_by_its_row_or_its_path),
        cmocka_unit_test(a_run_stands_in_front_of_any_address),
        cmocka_unit_test(every_row_is_met_by_its_example),
        cmocka_unit_test(no_row_hides_another_one),
        cmocka_unit_test(what_stands_around_a_login_says_what_is_wrong_with_it),
    };
    return RUN_GROUP_IN_POOL(tests);
}
