/* One entry of a directory becomes an account, or is refused. */
#include "folder.h"

#include "../../lib/creds/ldap/ldap_entry.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define HASH "d9fe524deb5705ac74ea341ff18afe93"
#define BLANK "31d6cfe0d16ae931b73c59d7e0c089c0"
#define NOW 1798761600 /* 2027-01-01 00:00:00 */

/* ---- entries ---- */

static ldap_attribute_t entry_attributes[16];
static bytes_t entry_values[16];
static ldap_entry_t entry;

static void begin(void)
{
    entry = (ldap_entry_t){entry_attributes, 0};
}

static void add_bytes(const char *name, bytes_t value)
{
    size_t i = entry.count++;
    entry_values[i] = value;
    entry_attributes[i] = (ldap_attribute_t){name, &entry_values[i], 1};
}

/* In memory of exactly its size, without a NUL. */
static void add(const char *name, const char *value)
{
    size_t len = strlen(value);
    uint8_t *copy = malloc(len ? len : 1);
    if (!copy) abort();
    memcpy(copy, value, len);
    hex_memory[hex_count++] = copy;
    add_bytes(name, (bytes_t){copy, len});
}

static void begin_alice(void)
{
    begin();
    add("uid", "alice");
    add("sambaNTPassword", HASH);
}

/* ---- asking ---- */

static ldap_spec_t spec;
static creds_account_t account;
static const char *why;

static void reset(void)
{
    spec = (ldap_spec_t){.address = {.attribute = "uid"}, .state = true};
}

static ntlm_status_t asked(const char *user, const char *domain)
{
    const char *const domains[] = {"HQ", domain, NULL};
    const ldap_question_t question = {&spec, user, *domain ? domains : NULL,
                                      apr_time_from_sec(NOW)};
    memset(&account, 0, sizeof account);
    why = NULL;
    ntlm_status_t status = ldap_entry_read(&entry, &question, pool, &account, &why);
    if ((status == NTLM_BAD_ENTRY) != (why != NULL)) fail_msg("%d: %s", status, why ? why : "-");
    if (status != NTLM_OK) assert_key(account.key.nt_hash, "00000000000000000000000000000000");
    return status;
}

static void assert_broken_because(const char *attribute, const char *reason)
{
    char sentence[512];
    assert_int_equal(asked("alice", ""), NTLM_BAD_ENTRY);
    snprintf(sentence, sizeof sentence,
             "the entry of 'alice' cannot be understood: look at its %s (in the LDAP directory)%s",
             attribute, reason);
    assert_string_equal(why, sentence);
}

static void assert_broken(const char *attribute)
{
    assert_broken_because(attribute, "");
}

/* ---- the hash ---- */

static void a_hash_is_32_hex_digits_or_16_bytes(void **state)
{
    (void)state;
    static const char *const raw[] = {HASH, "00112233445566778899aabbccddee00",
                                      "00000000000000000000000000000000"};
    reset();
    begin_alice();
    assert_int_equal(asked("alice", ""), NTLM_OK);
    assert_key(account.key.nt_hash, HASH);
    assert_int_equal(account.key.state, NTLM_OK);
    for (size_t i = 0; i < COUNT(raw); i++) {
        begin();
        add("uid", "alice");
        add_bytes("ipaNTHash", hex(raw[i]));
        assert_int_equal(asked("alice", ""), NTLM_OK);
        assert_key(account.key.nt_hash, raw[i]);
    }
}

static void the_first_hash_attribute_that_is_there_counts(void **state)
{
    (void)state;
    reset();
    begin();
    add("uid", "alice");
    add_bytes("ipaNTHash", hex("00112233445566778899aabbccddeeff"));
    add("SAMBANTPASSWORD", HASH);
    assert_int_equal(asked("alice", ""), NTLM_OK);
    assert_key(account.key.nt_hash, HASH);
    spec.hash = "ipaNTHash";
    assert_int_equal(asked("alice", ""), NTLM_OK);
    assert_key(account.key.nt_hash, "00112233445566778899aabbccddeeff");
}

static void an_entry_that_shows_no_hash_is_known_all_the_same(void **state)
{
    (void)state;
    reset();
    begin();
    add("uid", "alice");
    assert_int_equal(asked("alice", ""), NTLM_HASH_UNREADABLE);
    add("sambaNTPassword", HASH);
    spec.hash = "ntHash";
    assert_int_equal(asked("alice", ""), NTLM_HASH_UNREADABLE);
    entry_attributes[1].count = 0;
    spec.hash = NULL;
    assert_int_equal(asked("alice", ""), NTLM_HASH_UNREADABLE);
}

static void what_is_no_hash_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "d9fe524deb5705ac74ea341ff18afe9",
                                      HASH "0",
                                      "g9fe524deb5705ac74ea341ff18afe93",
                                      "fifteen bytes..",
                                      "{NT}d9fe524deb5705ac74ea341ff18a"};
    reset();
    for (size_t i = 0; i < COUNT(bad); i++) {
        begin();
        add("uid", "alice");
        add("sambaNTPassword", bad[i]);
        assert_broken("sambaNTPassword");
    }
    begin_alice();
    static bytes_t two[2];
    two[0] = two[1] = entry_values[1];
    entry_attributes[1] = (ldap_attribute_t){"sambaNTPassword", two, 2};
    assert_broken("sambaNTPassword");
}

static void an_account_without_a_password_never_logs_in(void **state)
{
    (void)state;
    static const char *const none[] = {"NO PASSWORDXXXXXXXXXXXXXXXXXXXXX",
                                       "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX",
                                       "********************************"};
    for (size_t i = 0; i < COUNT(none); i++) {
        reset();
        begin();
        add("uid", "alice");
        add("sambaNTPassword", none[i]);
        assert_int_equal(asked("alice", ""), NTLM_OK);
        assert_int_equal(account.key.state, NTLM_BLANK_PASSWORD);
        assert_key(account.key.nt_hash, BLANK);
        spec.state = false;
        assert_int_equal(asked("alice", ""), NTLM_OK);
        assert_int_equal(account.key.state, NTLM_BLANK_PASSWORD);
    }
}

/* ---- the state ---- */

static void each_attribute_has_its_say(void **state)
{
    (void)state;
    static const struct {
        const char *attribute, *value;
        ntlm_status_t state;
    } says[] = {
        {"sambaAcctFlags", "[U          ]", NTLM_OK},
        {"sambaAcctFlags", "[]", NTLM_OK},
        {"sambaAcctFlags", "[UX]  ", NTLM_OK},
        {"sambaAcctFlags", "[DU         ]", NTLM_ACCOUNT_DISABLED},
        {"sambaacctflags", "[ULD        ]", NTLM_ACCOUNT_DISABLED},
        {"sambaAcctFlags", "[UL         ]", NTLM_ACCOUNT_LOCKED},
        {"sambaAcctFlags", "[NLU        ]", NTLM_ACCOUNT_LOCKED},
        {"sambaAcctFlags", "[NU         ]", NTLM_BLANK_PASSWORD},
        {"nsAccountLock", "TRUE", NTLM_ACCOUNT_DISABLED},
        {"nsAccountLock", "true", NTLM_ACCOUNT_DISABLED},
        {"nsAccountLock", "FALSE", NTLM_OK},
        {"pwdAccountLockedTime", "000001010000Z", NTLM_ACCOUNT_LOCKED},
        {"pwdAccountLockedTime", "20991231235959Z", NTLM_ACCOUNT_LOCKED},
        {"sambaKickoffTime", "1798761600", NTLM_ACCOUNT_EXPIRED},
        {"sambaKickoffTime", "1798761601", NTLM_OK},
        {"sambaKickoffTime", "0", NTLM_OK},
        {"sambaKickoffTime", "-1", NTLM_ACCOUNT_EXPIRED},
        {"sambaKickoffTime", "9223372036854775807", NTLM_OK},
        {"krbPrincipalExpiration", "20270101000000Z", NTLM_ACCOUNT_EXPIRED},
        {"krbPrincipalExpiration", "20270101000001Z", NTLM_OK},
        {"sambaPwdLastSet", "0", NTLM_PASSWORD_EXPIRED},
        {"sambaPwdLastSet", "1", NTLM_OK},
        {"krbPasswordExpiration", "20261231235959Z", NTLM_PASSWORD_EXPIRED},
        {"krbPasswordExpiration", "20270101000001Z", NTLM_OK},
        {"description", "[D]", NTLM_OK},
    };
    for (size_t i = 0; i < COUNT(says); i++) {
        reset();
        begin_alice();
        add(says[i].attribute, says[i].value);
        assert_int_equal(asked("alice", ""), NTLM_OK);
        if (account.key.state != says[i].state)
            fail_msg("%s: %s: %s", says[i].attribute, says[i].value,
                     ntlm_status_name(account.key.state));
        assert_key(account.key.nt_hash, HASH);
        spec.state = false;
        assert_int_equal(asked("alice", ""), NTLM_OK);
        assert_int_equal(account.key.state, NTLM_OK);
    }
}

static void the_most_permanent_reason_is_the_one(void **state)
{
    (void)state;
    static const struct {
        const char *attribute, *value;
        ntlm_status_t state;
    } added[] = {
        {"krbPasswordExpiration", "20200101000000Z", NTLM_PASSWORD_EXPIRED},
        {"sambaPwdLastSet", "0", NTLM_PASSWORD_EXPIRED},
        {"krbPrincipalExpiration", "20200101000000Z", NTLM_ACCOUNT_EXPIRED},
        {"sambaKickoffTime", "1", NTLM_ACCOUNT_EXPIRED},
        {"pwdAccountLockedTime", "20200101000000Z", NTLM_ACCOUNT_LOCKED},
        {"nsAccountLock", "TRUE", NTLM_ACCOUNT_DISABLED},
    };
    reset();
    begin_alice();
    for (size_t i = 0; i < COUNT(added); i++) {
        add(added[i].attribute, added[i].value);
        assert_int_equal(asked("alice", ""), NTLM_OK);
        assert_int_equal(account.key.state, added[i].state);
    }
}

static void a_state_that_cannot_be_read_refuses(void **state)
{
    (void)state;
    static const struct {
        const char *attribute, *value;
    } bad[] = {
        {"sambaAcctFlags", ""},           {"sambaAcctFlags", "D"},
        {"sambaAcctFlags", "["},          {"sambaAcctFlags", "[D"},
        {"sambaAcctFlags", "U]"},         {"sambaAcctFlags", "[d]"},
        {"sambaAcctFlags", "[U;]"},       {"nsAccountLock", ""},
        {"nsAccountLock", "yes"},         {"nsAccountLock", "TRUE "},
        {"sambaKickoffTime", ""},         {"sambaKickoffTime", "never"},
        {"sambaPwdLastSet", "x"},         {"krbPrincipalExpiration", "1798761600"},
        {"krbPasswordExpiration", "now"}, {"krbPasswordExpiration", "20271301000000Z"},
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        reset();
        begin_alice();
        add(bad[i].attribute, bad[i].value);
        assert_int_equal(asked("alice", ""), NTLM_BAD_ENTRY);
        assert_non_null(strstr(why, bad[i].attribute));
        spec.state = false;
        assert_int_equal(asked("alice", ""), NTLM_OK);
    }
}

/* ---- what stands there twice ---- */

static const char twice[] = ": it stands there twice, or with options";

static void an_attribute_in_two_descriptions_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *attribute, *value, *other;
    } all[] = {
        {"sambaNTPassword", HASH, "31d6cfe0d16ae931b73c59d7e0c089c0"},
        {"ipaNTHash", HASH, HASH},
        {"sambaDomainName", "CORP", "OTHER"},
        {"sambaAcctFlags", "[U          ]", "[DU         ]"},
        {"nsAccountLock", "FALSE", "TRUE"},
        {"sambaKickoffTime", "0", "1"},
        {"krbPrincipalExpiration", "20991231235959Z", "20200101000000Z"},
        {"sambaPwdLastSet", "1", "0"},
        {"krbPasswordExpiration", "20991231235959Z", "20200101000000Z"},
        {"pwdAccountLockedTime", "20260101000000Z", "20260101000000Z"},
    };
    static const char *const options[] = {"", ";x-foo", ";lang-de", ";binary"};
    for (size_t i = 0; i < COUNT(all); i++)
        for (size_t k = 0; k < COUNT(options); k++) {
            char again[64];
            snprintf(again, sizeof again, "%s%s", all[i].attribute, options[k]);
            reset();
            begin();
            add("uid", "alice");
            if (strcmp(all[i].attribute, "sambaNTPassword") != 0) add("sambaNTPassword", HASH);
            add(all[i].attribute, all[i].value);
            assert_int_equal(asked("alice", ""), NTLM_OK);
            add(again, all[i].other);
            assert_broken_because(all[i].attribute, twice);
            if (k == 0) continue;
            entry_attributes[entry.count - 2].name = "description";
            assert_broken_because(all[i].attribute, twice); /* alone, but with options */
        }
}

static void two_values_of_what_decides_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *attribute, *values[2];
    } all[] = {
        {"sambaAcctFlags", {"[U          ]", "[DU         ]"}},
        {"sambaAcctFlags", {"[DU         ]", "[U          ]"}},
        {"nsAccountLock", {"TRUE", "FALSE"}},
        {"sambaKickoffTime", {"0", "0"}},
        {"krbPasswordExpiration", {"20991231235959Z", "20991231235959Z"}},
        {"pwdAccountLockedTime", {"20260101000000Z", "20260101000000Z"}},
    };
    for (size_t i = 0; i < COUNT(all); i++) {
        reset();
        begin_alice();
        add(all[i].attribute, all[i].values[0]);
        add("description", all[i].values[1]);
        entry_attributes[2].count = 2; /* its values stand one behind the other */
        assert_broken(all[i].attribute);
    }
    reset();
    begin_alice();
    add("sambaDomainName", "CORP");
    add("description", "CORP");
    entry_attributes[2].count = 2;
    assert_broken_because("sambaDomainName", ": it has several values");
}

static void what_is_not_asked_for_may_stand_there_twice(void **state)
{
    (void)state;
    reset();
    begin_alice();
    add("uid;lang-de", "bob");
    add("uidNumber", "1");
    add("uidNumber", "1");
    add("sambaNTPasswordHistory", HASH);
    add("description", "x");
    add("description", "y");
    assert_int_equal(asked("alice", ""), NTLM_OK);
    assert_int_equal(asked("bob", ""), NTLM_NO_SUCH_USER); /* another description, no name */
    spec.state = false;
    add("sambaAcctFlags", "[U]");
    add("sambaAcctFlags", "[D]");
    assert_int_equal(asked("alice", ""), NTLM_OK);
    add("UID", "alice");
    assert_broken_because("uid", twice);
}

/* ---- names and domains ---- */

static void the_name_is_the_directorys(void **state)
{
    (void)state;
    reset();
    begin_alice();
    assert_int_equal(asked("ALICE", ""), NTLM_OK);
    assert_string_equal(account.name, "alice");
    assert_null(account.domain);
}

static void of_several_names_the_one_that_was_asked_for_counts(void **state)
{
    (void)state;
    static bytes_t names[2];
    reset();
    begin_alice();
    add("description", "Asmith");
    names[0] = entry_values[0];
    names[1] = entry_values[2];
    entry_attributes[0] = (ldap_attribute_t){"UID", names, 2};
    assert_int_equal(asked("aSMITH", ""), NTLM_OK);
    assert_string_equal(account.name, "Asmith");
    assert_int_equal(asked("ALICE", ""), NTLM_OK);
    assert_string_equal(account.name, "alice");
    assert_int_equal(asked("carol", ""), NTLM_NO_SUCH_USER);
}

static void a_name_that_is_none_is_refused(void **state)
{
    (void)state;
    static const char missing[] = ": a name is missing; write user or DOMAIN\\user";
    static const char control[] = ": a name holds a control character";
    static const char backslash[] =
        ": a name in a directory holds no '\\'; its domain is sambaDomainName or domain=";
    static const char blank[] = ": a name cannot begin or end with a blank";
    static const char hidden[] = ": a name holds a character that is not seen (zero-width, "
                                 "bidirectional, a byte order mark or a line separator)";
    static const char *const bad[][2] = {
        {"", missing},
        {"616c00696365", control},
        {"616c69636500", control},
        {"ff", ": a name is not UTF-8"},
        {"0a", control},
        {"7f", control},
        {"434f52505c616c696365", backslash}, /* CORP\alice */
        {"5c", missing},
        {"615c62", backslash},
        {"20616c696365", blank},
        {"616c69636520", blank},
        {"efbbbf616c696365", hidden},
        {"616c696365e2808b", hidden},
        {"616c696365e280a8", hidden},
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        reset();
        begin();
        add_bytes("uid", hex(bad[i][0]));
        add("sambaNTPassword", HASH);
        assert_broken_because("uid", bad[i][1]);
        begin_alice();
        add_bytes("sambaDomainName", hex(bad[i][0]));
        assert_broken_because("sambaDomainName", bad[i][1]);
        begin();
        add("uid", "alice");
        add_bytes("description", hex(bad[i][0]));
        entry_attributes[0].count = 2; /* "alice" and that one */
        add("sambaNTPassword", HASH);
        assert_int_equal(asked("alice", ""), NTLM_OK);
        assert_int_equal(asked("carol", ""), NTLM_NO_SUCH_USER);
    }
    reset();
    begin();
    add("sambaNTPassword", HASH);
    assert_broken("uid");
}

static void an_entry_of_another_domain_is_not_the_account(void **state)
{
    (void)state;
    reset();
    begin_alice();
    assert_int_equal(asked("alice", "HOME"), NTLM_OK);
    add("sambaDomainName", "Corp");
    assert_int_equal(asked("alice", "HOME"), NTLM_NO_SUCH_USER);
    assert_int_equal(asked("alice", ""), NTLM_OK);
    assert_int_equal(asked("alice", "CORP"), NTLM_OK);
    assert_string_equal(account.domain, "Corp");
    spec.domain = "HOME";
    assert_int_equal(asked("alice", "CORP"), NTLM_NO_SUCH_USER);
    assert_int_equal(asked("alice", "home"), NTLM_OK);
    assert_string_equal(account.domain, "HOME");
}

static void what_another_domain_knows_is_told_beside(void **state)
{
    (void)state;
    reset();
    begin_alice();
    add("sambaDomainName", "CORP");
    add("sambaAcctFlags", "[DU]");
    assert_int_equal(asked("ALICE", "HOME"), NTLM_NO_SUCH_USER);
    assert_null(account.name);
    assert_string_equal(account.others->name, "alice");
    assert_string_equal(account.others->domain, "CORP");
    assert_key(account.others->key.nt_hash, HASH);
    assert_int_equal(account.others->key.state, NTLM_ACCOUNT_DISABLED);
    assert_int_equal(asked("bob", "HOME"), NTLM_NO_SUCH_USER);
    assert_null(account.others);
    assert_int_equal(asked("alice", "CORP"), NTLM_OK);
    assert_null(account.others);
    begin();
    add("uid", "alice");
    add("sambaDomainName", "CORP");
    assert_int_equal(asked("alice", "HOME"), NTLM_NO_SUCH_USER);
    assert_int_equal(account.others->key.state, NTLM_HASH_UNREADABLE);
    add("sambaNTPassword", "what is this");
    assert_int_equal(asked("alice", "HOME"), NTLM_NO_SUCH_USER);
    assert_int_equal(account.others->key.state, NTLM_BAD_ENTRY);
    assert_key(account.others->key.nt_hash, "00000000000000000000000000000000");
}

static void what_is_asked_for_is_what_is_looked_at(void **state)
{
    (void)state;
    reset();
    static const char *const all[] = {"uid",
                                      "sambaNTPassword",
                                      "ipaNTHash",
                                      "sambaDomainName",
                                      "sambaAcctFlags",
                                      "nsAccountLock",
                                      "pwdAccountLockedTime",
                                      "sambaKickoffTime",
                                      "krbPrincipalExpiration",
                                      "sambaPwdLastSet",
                                      "krbPasswordExpiration",
                                      NULL};
    const char *const *names = ldap_entry_attributes(pool, &spec);
    for (size_t i = 0; all[i]; i++) assert_string_equal(names[i], all[i]);
    assert_null(names[COUNT(all) - 1]);
    spec = (ldap_spec_t){.address = {.attribute = "cn"}, .hash = "h", .domain = "CORP"};
    names = ldap_entry_attributes(pool, &spec);
    assert_string_equal(names[0], "cn");
    assert_string_equal(names[1], "h");
    assert_null(names[2]);
}

/* ---- groups ---- */

/* Their text, or "cut". */
static const char *groups_told(void)
{
    creds_groups_t groups = creds_groups_none(pool);
    creds_account_t with = {0};
    ldap_entry_groups(&entry, &spec, &groups);
    creds_groups_give(&groups, &with);
    return with.groups_cut ? "cut" : creds_groups_text(pool, with.groups);
}

static void groups_are_the_values_of_the_attribute_that_is_named(void **state)
{
    (void)state;
    reset();
    begin_alice();
    add("memberOf", "cn=staff,dc=x");
    assert_string_equal(groups_told(), "");
    spec.groups = "MemberOf";
    assert_string_equal(groups_told(), "cn=staff%2Cdc=x");
    assert_int_equal(asked("alice", ""), NTLM_OK);
    spec.groups = "member";
    assert_string_equal(groups_told(), "");
}

static void a_part_of_the_values_is_no_list(void **state)
{
    (void)state;
    reset();
    begin_alice();
    spec.groups = "memberOf";
    add("memberOf;range=0-1499", "cn=a");
    assert_string_equal(groups_told(), "cut");
    assert_int_equal(asked("alice", ""), NTLM_OK);
    begin_alice();
    add("memberOf", "cn=a");
    add("memberOf", "cn=b");
    assert_string_equal(groups_told(), "cut");
    begin_alice();
    add("memberOf", "cn=\xff");
    assert_string_equal(groups_told(), "cut");
}

static void attributes_of_groups_are_asked_for_where_they_are_named(void **state)
{
    (void)state;
    reset();
    assert_false(name_is_listed(ldap_entry_attributes(pool, &spec), LDAP_ENTRY_GID));
    spec.groups = "memberOf";
    assert_true(name_is_listed(ldap_entry_attributes(pool, &spec), "memberOf"));
    assert_false(name_is_listed(ldap_entry_attributes(pool, &spec), LDAP_ENTRY_GID));
    spec.group_base = "dc=x";
    assert_true(name_is_listed(ldap_entry_attributes(pool, &spec), LDAP_ENTRY_GID));
}

int main(void)
{
    int failed;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hash_is_32_hex_digits_or_16_bytes),
        cmocka_unit_test(the_first_hash_attribute_that_is_there_counts),
        cmocka_unit_test(an_entry_that_shows_no_hash_is_known_all_the_same),
        cmocka_unit_test(what_is_no_hash_is_refused),
        cmocka_unit_test(an_account_without_a_password_never_logs_in),
        cmocka_unit_test(each_attribute_has_its_say),
        cmocka_unit_test(the_most_permanent_reason_is_the_one),
        cmocka_unit_test(a_state_that_cannot_be_read_refuses),
        cmocka_unit_test(an_attribute_in_two_descriptions_is_refused),
        cmocka_unit_test(two_values_of_what_decides_are_refused),
        cmocka_unit_test(what_is_not_asked_for_may_stand_there_twice),
        cmocka_unit_test(the_name_is_the_directorys),
        cmocka_unit_test(of_several_names_the_one_that_was_asked_for_counts),
        cmocka_unit_test(a_name_that_is_none_is_refused),
        cmocka_unit_test(an_entry_of_another_domain_is_not_the_account),
        cmocka_unit_test(what_another_domain_knows_is_told_beside),
        cmocka_unit_test(what_is_asked_for_is_what_is_looked_at),
        cmocka_unit_test(groups_are_the_values_of_the_attribute_that_is_named),
        cmocka_unit_test(a_part_of_the_values_is_no_list),
        cmocka_unit_test(attributes_of_groups_are_asked_for_where_they_are_named),
    };
    RUN_GROUP_IN_FOLDER(tests, failed);
    return failed;
}
