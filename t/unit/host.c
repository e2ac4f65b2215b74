/* Which hosts mean the machine itself. */
#include "unit.h"

#include "../../lib/bench/site/host.h"

static void loopback_has_addresses_and_names(void **state)
{
    (void)state;
    const char *const ours[] = {"127.0.0.1",     "127.255.0.9", "[::1]",
                                "::1",           "localhost",   "LocalHost",
                                "a.b.localhost", "localhost.",  "[0:0:0:0:0:0:0:1]"};
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
        if (!host_is_loopback(ours[i])) fail_msg("%s is loopback", ours[i]);
}

/* Spellings that some resolvers take for loopback are no names that a browser sends. */
static void all_else_is_somebody_elses(void **state)
{
    (void)state;
    const char *const others[] = {"",
                                  ".",
                                  "[",
                                  "[]",
                                  "]",
                                  "128.0.0.1",
                                  "0.0.0.0",
                                  "[::]",
                                  "[::2]",
                                  "[::ffff:127.0.0.1]",
                                  "10.0.0.1",
                                  "127.1",
                                  "2130706433",
                                  "0x7f.0.0.1",
                                  "127.0.0.1.evil.example",
                                  "127.0.0.1.",
                                  "localhost.evil.example",
                                  "evillocalhost",
                                  ".localhost",
                                  "localhost..",
                                  "local\xC4\xB1host"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (host_is_loopback(others[i])) fail_msg("%s is not loopback", others[i]);
    char name[400];
    memset(name, 'a', sizeof name);
    strcpy(name + sizeof name - sizeof ".localhost", ".localhost");
    assert_false(host_is_loopback(name));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loopback_has_addresses_and_names),
        cmocka_unit_test(all_else_is_somebody_elses),
    };
    return RUN_GROUP(tests);
}
