#include "group_sids.h"

#include <string.h>

#include <apr_strings.h>

#include "../../ntlm/name.h"
#include "../../system/clock.h"
#include "../../system/shared.h"

enum { OLD_SECONDS = 600, AGAIN_SECONDS = 5 };

/* What all children know of one; zeros: nothing. */
typedef struct row_t {
    bool is_known;
    apr_time_t asked; /* in ticks; 0: nobody has */
    char sid[GROUP_SID_ROOM];
} row_t;

typedef struct table_t {
    apr_time_t looked; /* in ticks: whether it is time to ask for one; 0: nobody has */
    row_t rows[];      /* one a group */
} table_t;

typedef struct group_t {
    const group_sids_t *sids;
    const char *name;
    int row;
} group_t;

struct group_sids_t {
    const question_to_t *to;
    shared_t *shared; /* a table_t */
    group_t *groups;
    int count;
};

/* ---- what is wanted ---- */

bool group_is_sid(const char *word)
{
    static const char begins[] = "S-1-";
    const size_t len = strlen(begins);
    return strncmp(word, begins, len) == 0 && strlen(word) < GROUP_SID_ROOM &&
           word[len + strspn(word + len, "0123456789-")] == '\0';
}

static apr_array_header_t *wanted(apr_pool_t *pool)
{
    static const char key[] = "mod_auth_ntlmv2: groups of controllers";
    void *list = NULL;
    apr_pool_userdata_get(&list, key, pool);
    if (!list) {
        list = apr_array_make(pool, 4, sizeof(const char *));
        apr_pool_userdata_set(list, key, NULL, pool);
    }
    return list;
}

void group_sids_want(apr_pool_t *pool, const char *name)
{
    apr_array_header_t *names = wanted(pool);
    for (int i = 0; i < names->nelts; i++)
        if (unicode_casecmp(APR_ARRAY_IDX(names, i, const char *), name) == 0) return;
    APR_ARRAY_PUSH(names, const char *) = name;
}

const apr_array_header_t *group_sids_wanted(apr_pool_t *pool)
{
    return wanted(pool);
}

/* ---- what is known ---- */

/* A name that was a group's and is nobody's now leaves a SID that nobody has any more, and would
 * behind Require not let in whom it kept out, should that be a mistake. */
static void keep_sid(void *baton, const char *sid)
{
    const group_t *group = baton;
    table_t *table = strlen(sid) < GROUP_SID_ROOM ? shared_lock(group->sids->shared) : NULL;
    if (!table) return;
    row_t *row = &table->rows[group->row];
    if (*sid || !row->is_known) apr_cpystrn(row->sid, sid, GROUP_SID_ROOM);
    row->is_known = true;
    shared_unlock(group->sids->shared);
}

static row_t read_row(const group_t *group)
{
    row_t row = {0};
    const table_t *table = shared_lock(group->sids->shared);
    if (!table) return row;
    row = table->rows[group->row];
    shared_unlock(group->sids->shared);
    return row;
}

group_known_t group_sid(const group_sids_t *sids, const char *name, char sid[GROUP_SID_ROOM])
{
    for (int i = 0; sids && i < sids->count; i++) {
        if (unicode_casecmp(sids->groups[i].name, name) != 0) continue;
        const row_t row = read_row(&sids->groups[i]);
        memcpy(sid, row.sid, GROUP_SID_ROOM);
        return row.is_known ? GROUP_KNOWN : GROUP_NOT_YET;
    }
    return GROUP_NOT_WANTED;
}

/* ---- asking ---- */

/* Whether so many seconds have passed since then; if so, then becomes now. */
static bool has_come(apr_time_t *then, int seconds, apr_time_t now)
{
    const bool due = !*then || now - *then >= apr_time_from_sec(seconds);
    if (due) *then = now;
    return due;
}

/* One of all children asks; group: NULL, for whichever it may be. */
static bool is_due(const group_sids_t *sids, const group_t *group, apr_time_t now)
{
    table_t *table = shared_lock(sids->shared);
    if (!table) return false;
    row_t *row = group ? &table->rows[group->row] : NULL;
    const bool due = row ? has_come(&row->asked, row->is_known ? OLD_SECONDS : AGAIN_SECONDS, now)
                         : has_come(&table->looked, AGAIN_SECONDS, now);
    shared_unlock(sids->shared);
    return due;
}

void group_sids_refresh(const group_sids_t *sids, apr_time_t now)
{
    if (!sids || !is_due(sids, NULL, now)) return;
    for (int i = 0; i < sids->count; i++) {
        group_t *group = &sids->groups[i];
        if (is_due(sids, group, now)) question_send_sid(sids->to, group->name, keep_sid, group);
    }
}

/* What is wrong with one name is not wrong with the others; what hangs is waited for once. */
static const char *ask_for_all(const group_sids_t *sids, apr_pool_t *pool)
{
    const char *first = NULL;
    for (int i = 0; i < sids->count; i++) {
        const char *sid = NULL, *why;
        if (first && helpers_hang(sids->to->helpers)) break;
        why = question_sid(sids->to, pool, sids->groups[i].name, &sid);
        if (!first) first = why;
        if (why || !sid) continue;
        (void)is_due(sids, &sids->groups[i], clock_ticks());
        keep_sid(&sids->groups[i], sid);
    }
    return first;
}

const char *group_sids_open(apr_pool_t *pconf, apr_pool_t *pool, const question_to_t *to,
                            group_sids_t **sids)
{
    const apr_array_header_t *names = wanted(pconf);
    const apr_size_t count = (apr_size_t)names->nelts;
    *sids = NULL;
    if (count == 0 || !to->backend->sid) return NULL;
    group_sids_t *made = apr_pcalloc(pconf, sizeof *made);
    *made = (group_sids_t){.to = to, .count = names->nelts};
    const char *why = shared_open(pconf, sizeof(table_t) + count * sizeof(row_t), &made->shared);
    if (why) return why;
    made->groups = apr_pcalloc(pconf, count * sizeof *made->groups);
    for (int i = 0; i < made->count; i++)
        made->groups[i] = (group_t){made, APR_ARRAY_IDX(names, i, const char *), i};
    *sids = made;
    return ask_for_all(made, pool);
}
