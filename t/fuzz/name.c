/* A client's name: its parts are its own bytes and make it up again, what is counted for it
 * is the same in whatever domains it is sent, and no spelling of it is of another domain. */
#include "fuzz.h"

#include <stdio.h>

#include <apr_general.h>

#include "../../lib/creds/creds_login.h"
#include "../../lib/ntlm/name.h"
#include "../../lib/ntlm/unicode.h"

static bytes_t key_of(const char *name, uint8_t room[NAME_KEY_MAX])
{
    writer_t out = writer_to(room, NAME_KEY_MAX);
    REQUIRE(name_write_key(&out, name));
    return written(&out);
}

/* domain, separator and user stand in the name as they came out of it. */
static void expect_parts(const char *name, name_parts_t parts)
{
    const uint8_t *start = (const uint8_t *)name, *end = start + strlen(name);
    REQUIRE(parts.user.data && parts.user.data >= start && parts.user.data <= end);
    REQUIRE(parts.domain.data && parts.domain.data >= start && parts.domain.data <= end);
    REQUIRE(parts.domain.len + parts.user.len + parts.apart == strlen(name));
    REQUIRE(parts.apart || parts.domain.len == 0);
    const bytes_t first = parts.user.data == start ? parts.user : parts.domain;
    REQUIRE(!parts.apart || strchr("\\@", start[first.len]));
}

static void expect_one_key(const char *name)
{
    static const char *const around[][2] = {{"CORP\\", ""}, {"\\ ", " "}, {"\\", "@HOME"}};
    uint8_t rooms[2][NAME_KEY_MAX];
    char domained[3 * NTLM_USER_MAX + 16];
    bytes_t key = key_of(name, rooms[0]);
    for (size_t i = 0; i < sizeof around / sizeof *around; i++) {
        REQUIRE(key.len <= NAME_KEY_MAX && strlen(name) + 10 < sizeof domained);
        snprintf(domained, sizeof domained, "%s%s%s", around[i][0], name, around[i][1]);
        if (strchr(name, '\\') && *around[i][1]) continue; /* the '@' is then in the middle of it */
        REQUIRE(bytes_equal(key, key_of(domained, rooms[1])));
    }
}

/* Each spelling is the name as it was sent, or its user, alone or in the domain that it names. */
static void expect_spellings(apr_pool_t *pool, const char *name, const char *sent)
{
    static const char *const corp[] = {"CORP", "corp.test", "b", NULL};
    static const char *const web[] = {"WEB", "web.test", ".", NULL};
    static const creds_home_t home = {corp, web};
    const creds_login_t login = creds_login(pool, name, sent, &home);
    REQUIRE(login.name_count > 0 && login.name_count <= CREDS_NAMES_MAX);
    for (size_t i = 0; i < login.name_count; i++) {
        const creds_name_t *one = &login.names[i];
        const bool is_whole = strcmp(one->text, name) == 0 && !one->domain;
        if (is_whole) continue;
        REQUIRE(strcmp(one->user, login.user) == 0 && !strchr(one->user, '\\'));
        if (!one->domain) continue;
        REQUIRE(creds_home_is_one(&home, one->domain, login.domain));
        REQUIRE(strlen(one->text) == strlen(one->domain) + 1 + strlen(one->user));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const sent[] = {"", "CORP", ".", "OTHER"};
    static apr_pool_t *pool;
    char *name = malloc(size + 1);
    REQUIRE(name);
    if (!pool) {
        apr_initialize();
        apr_pool_create(&pool, NULL);
    }
    if (size) memcpy(name, data, size);
    name[size] = '\0';
    expect_parts(name, name_of_client(name));
    expect_parts(name, name_of_account(name));
    name_parts_t account = name_of_account(name);
    REQUIRE(account.user.data[account.user.len] == '\0');
    uint8_t room[NAME_KEY_MAX];
    writer_t out = writer_to(room, sizeof room);
    bool counted = name_write_key(&out, name);
    if (unicode_is_name(name) && strlen(name) <= 3 * NTLM_USER_MAX - 10) expect_one_key(name);
    REQUIRE(counted || !unicode_is_name(name) || strlen(name) > 3 * NTLM_USER_MAX);
    for (size_t i = 0; i < sizeof sent / sizeof *sent; i++) expect_spellings(pool, name, sent[i]);
    apr_pool_clear(pool);
    free(name);
    return 0;
}
