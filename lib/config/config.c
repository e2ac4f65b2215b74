#include "config.h"

#include <string.h>

#include <apr_strings.h>

#include "intern.h"

/* ---- places ---- */

static apr_array_header_t *places(apr_pool_t *pconf)
{
    static const char key[] = "places with accounts";
    apr_array_header_t *all = intern_find(pconf, key);
    if (all) return all;
    all = apr_array_make(pconf, 2, sizeof(config_place_t));
    intern_keep(pconf, key, all);
    return all;
}

const apr_array_header_t *config_places(apr_pool_t *pconf)
{
    return places(pconf);
}

static void remember_place(const cmd_parms *cmd, const dir_config_t *config)
{
    apr_array_header_t *all = places(cmd->pool);
    for (int i = 0; i < all->nelts; i++)
        if (APR_ARRAY_IDX(all, i, config_place_t).config == config) return;
    APR_ARRAY_PUSH(all, config_place_t) = (config_place_t){config, cmd->server, cmd->directive};
}

/* ---- a directive ---- */

/* NULL, or what is wrong with where the directive stands. In .htaccess it could stand in spite
 * of the table (AllowOverrideList), and what is made for one request is no key for the next. In
 * <Limit> httpd would take it for all methods. */
static const char *misplaced(cmd_parms *cmd)
{
    const bool is_global = cmd->cmd->req_override == RSRC_CONF;
    return ap_check_cmd_context(cmd, is_global ? GLOBAL_ONLY : NOT_IN_HTACCESS | NOT_IN_LIMIT);
}

/* httpd hands over the first words of a list and says nothing of the others. */
static const char *read_words(cmd_parms *cmd, void *dir, int argc, char *const argv[])
{
    enum { HANDED_OVER = 64 };
    const config_member_t *member = cmd->cmd->cmd_data;
    if (argc >= HANDED_OVER) return "more than 63 words; httpd would leave out the others";
    void *value = (char *)dir + member->offset;
    return member->read_for ? member->read_for(cmd->server, cmd->pool, argc, argv, value)
                            : member->read(cmd->pool, argc, argv, member, value);
}

const char *config_take_all(cmd_parms *cmd, void *dir, int argc, char *const argv[])
{
    const config_member_t *member = cmd->cmd->cmd_data;
    const char *why = misplaced(cmd);
    if (why) return why;
    why = read_words(cmd, dir, argc, argv);
    if (why) return apr_pstrcat(cmd->pool, cmd->cmd->name, *why == ' ' ? "" : ": ", why, NULL);
    if (member->names_users) remember_place(cmd, dir);
    return NULL;
}

const char *config_take12(cmd_parms *cmd, void *dir, const char *first, const char *second)
{
    char *const words[] = {apr_pstrdup(cmd->pool, first), apr_pstrdup(cmd->pool, second)};
    return config_take_all(cmd, dir, second ? 2 : 1, words);
}

const char *config_take1(cmd_parms *cmd, void *dir, const char *word)
{
    return config_take12(cmd, dir, word, NULL);
}

/* ---- by a table of directives ---- */

/* Each request does this for each member, all of which have four bytes or eight: no loop. */
static void copy(void *to, const void *from, apr_size_t size)
{
    if (size == sizeof(apr_uint32_t)) memcpy(to, from, sizeof(apr_uint32_t));
    if (size == sizeof(apr_uint64_t)) memcpy(to, from, sizeof(apr_uint64_t));
}

static bool is_said(const void *value, apr_size_t size)
{
    apr_uint64_t bytes = 0;
    copy(&bytes, value, size);
    return bytes != 0;
}

void config_add(const command_rec *table, void *to, const void *said)
{
    for (; table->cmd_data; table++) {
        const config_member_t *member = table->cmd_data;
        const char *value = (const char *)said + member->offset;
        if (is_said(value, member->size)) copy((char *)to + member->offset, value, member->size);
    }
}

void config_settle(const command_rec *table, void *config)
{
    for (; table->cmd_data; table++) {
        const config_member_t *member = table->cmd_data;
        char *value = (char *)config + member->offset;
        const apr_int32_t narrow = (apr_int32_t)member->otherwise;
        const bool is_narrow = member->size == sizeof narrow;
        if (member->otherwise && !is_said(value, member->size))
            copy(value, is_narrow ? (const void *)&narrow : &member->otherwise, member->size);
        if (member->settle) member->settle(value);
    }
}

static apr_uint64_t what_counts(const config_member_t *member, const void *config)
{
    const char *value = (const char *)config + member->offset;
    apr_uint64_t bytes = 0;
    if (member->counts) return (apr_uint64_t)(apr_uintptr_t)member->counts(value);
    copy(&bytes, value, member->size);
    return bytes;
}

bool config_is_same(const command_rec *table, const void *a, const void *b)
{
    for (; table->cmd_data; table++) {
        const config_member_t *member = table->cmd_data;
        if (member->is_for_proofs) continue;
        if (what_counts(member, a) != what_counts(member, b)) return false;
    }
    return true;
}
