/* The mechanisms of SPNEGO and their words, which never change. */
#include "unit.h"

#include "../../lib/ntlm/spnego/mech.h"

static const struct {
    const char *word, *name, *oid;
} known[] = {
    [SPNEGO_KERBEROS] = {"kerberos", "Kerberos", "2a864886f712010202"},
    [SPNEGO_MS_KERBEROS] = {"ms-kerberos", "Kerberos", "2a864882f712010202"},
    [SPNEGO_IAKERB] = {"iakerb", "IAKERB", "2b0601050205"},
    [SPNEGO_NEGOEX] = {"negoex", "NEGOEX", "2b06010401823702021e"},
    [SPNEGO_NTLM] = {"ntlm", "NTLMSSP", "2b06010401823702020a"},
    [SPNEGO_OTHER] = {"other", "another mechanism", ""},
    [SPNEGO_RAW] = {"raw", "NTLM without SPNEGO", ""},
};
_Static_assert(sizeof known / sizeof known[0] == SPNEGO_MECH_COUNT, "one row for each");

static void each_has_its_oid_and_its_words(void **state)
{
    (void)state;
    for (int i = 0; i < SPNEGO_MECH_COUNT; i++) {
        spnego_mech_t mech = (spnego_mech_t)i;
        assert_string_equal(spnego_mech_word(mech), known[i].word);
        assert_string_equal(spnego_mech_name(mech), known[i].name);
        assert_bytes(spnego_mech_oid(mech), known[i].oid);
        if (*known[i].oid) assert_int_equal(spnego_mech_of(hex(known[i].oid)), mech);
    }
}

static void what_is_not_in_the_table_is_another_one(void **state)
{
    (void)state;
    /* Kerberos from user to user, NTLM and one arc more, one less, nothing. */
    static const char *const others[] = {"2a864886f71201020203", "2b06010401823702020a01",
                                         "2b060104018237020"
                                         "2",
                                         "2b0601050502", ""};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_int_equal(spnego_mech_of(hex(others[i])), SPNEGO_OTHER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_has_its_oid_and_its_words),
        cmocka_unit_test(what_is_not_in_the_table_is_another_one),
    };
    return RUN_GROUP(tests);
}
