/* The forms of names: what is right, and what is a mistake. */
#include "replays.h"

#include <string.h>

#include "../../lib/explain/hashed/name_forms.h"
#include "../../lib/ntlm/unicode.h"

static forms_t forms;

static forms_t *users_of(const char *user, const char *domain)
{
    client_t client = signing_alice();
    client.user = user;
    client.domain = domain;
    memset(&forms, 0, sizeof forms);
    forms_of_user(&forms, &replay_login(&client, 0)->claim);
    return &forms;
}

static const form_t *form_of(const forms_t *all, int mistake)
{
    for (size_t i = 0; i < all->count; i++)
        if (all->list[i].mistake == &name_form_remarks[mistake]) return &all->list[i];
    return NULL;
}

static void assert_form(const form_t *form, const char *text)
{
    char shown[256];
    assert_non_null(form);
    unicode_show(form_bytes(form), shown, sizeof shown);
    assert_string_equal(shown, text);
}

static void a_user_has_one_right_form_if_it_is_ascii(void **state)
{
    (void)state;
    const forms_t *users = users_of("Alice", "Corp");
    assert_int_equal(users->right, 1);
    assert_form(&users->list[0], "ALICE");
    assert_form(form_of(users, USER_AS_SENT), "Alice");
    assert_form(form_of(users, USER_LOWER), "alice");
    assert_form(form_of(users, USER_WITH_DOMAIN), "Corp\\Alice");
    assert_int_equal(form_of(users, USER_LEFT_OUT)->len, 0);
}

static void what_is_the_same_as_the_right_form_is_no_mistake(void **state)
{
    (void)state;
    assert_null(form_of(users_of("ALICE", "Corp"), USER_AS_SENT));
    assert_null(form_of(users_of("123", ""), USER_LOWER));
    assert_null(form_of(users_of("alice", ""), USER_WITH_DOMAIN));
}

static void a_letter_that_becomes_two_is_another_upper_case(void **state)
{
    (void)state;
    assert_form(form_of(users_of("stra\xC3\x9F\x65", ""), USER_UPPER_OTHERWISE), "STRASSE");
    assert_null(form_of(users_of("m\xC3\xBCller", ""), USER_UPPER_OTHERWISE));
}

static void domains_of_the_challenge_are_mistakes_unless_they_were_sent(void **state)
{
    (void)state;
    client_t client = signing_alice();
    static const char *const hosts[] = {"web.example", NULL};
    static const uint8_t dns[] = {'c', 0, 'o', 0, 'r', 0, 'p', 0, '.', 0, 'x', 0};
    policy.service_hosts = hosts;
    policy.dns_domain = (bytes_t){dns, sizeof dns};
    client.domain = "Elsewhere";
    memset(&forms, 0, sizeof forms);
    const replay_t *replay = replay_login(&client, 0);
    forms_of_domain(&forms, replay);
    assert_int_equal(forms.right, 3);
    assert_form(form_of(&forms, DOMAIN_LOWER), "elsewhere");
    assert_form(form_of(&forms, DOMAIN_WITH_DOT), "Elsewhere.");
    assert_form(form_of(&forms, DOMAIN_IS_DOT), ".");
    assert_form(form_of(&forms, DOMAIN_IS_WORKGROUP), "WORKGROUP");
    assert_form(form_of(&forms, DOMAIN_IS_HOST), "web.example");
    assert_form(form_of(&forms, DOMAIN_IS_LABEL), "corp");
    assert_true(
        bytes_equal(form_bytes(form_of(&forms, DOMAIN_IS_TARGET)), replay->challenge.target_name));
    char target[256];
    unicode_show(replay->challenge.target_name, target, sizeof target);
    client.domain = target;
    memset(&forms, 0, sizeof forms);
    forms_of_domain(&forms, replay_login(&client, 0));
    assert_null(form_of(&forms, DOMAIN_IS_TARGET));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_user_has_one_right_form_if_it_is_ascii),
        TEST(what_is_the_same_as_the_right_form_is_no_mistake),
        TEST(a_letter_that_becomes_two_is_another_upper_case),
        TEST(domains_of_the_challenge_are_mistakes_unless_they_were_sent),
    };
    return RUN_GROUP(tests);
}
