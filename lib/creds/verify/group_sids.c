#include "group_sids.h"

#include <string.h>

#include <apr_strings.h>

#include "../../ntlm/name.h"
#include "../../system/clock.h"
#include "../../system/shared.h"

enum { OLD_SECONDS = 600, AGAIN_SECONDS = 5 };

/* For all children. A writer makes its number odd, and even again when it is done. */
typedef struct row_t {
    uint32_t volatile number; /* 0: it is not known */
    apr_time_t asked;         /* in ticks */
    char sid[GROUP_SID_ROOM];
} row_t;

struct group_sids_t {
    const question_to_t *to;
    const apr_array_header_t *names; /* const char * */
    row_t *rows;                     /* one a name */
};

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

/* ---- rows ---- */

/* One that is being written by another is left to it. */
static void write_row(row_t *row, const char *sid)
{
    uint32_t number = __atomic_load_n(&row->number, __ATOMIC_ACQUIRE);
    if (strlen(sid) >= GROUP_SID_ROOM || number % 2 == 1) return;
    if (!__atomic_compare_exchange_n(&row->number, &number, number + 1, false, __ATOMIC_ACQ_REL,
                                     __ATOMIC_ACQUIRE))
        return;
    apr_cpystrn(row->sid, sid, GROUP_SID_ROOM);
    __atomic_store_n(&row->number, number + 2, __ATOMIC_RELEASE);
}

static bool read_row(const row_t *row, char sid[GROUP_SID_ROOM])
{
    const uint32_t number = __atomic_load_n(&row->number, __ATOMIC_ACQUIRE);
    if (number == 0 || number % 2 == 1) return false;
    memcpy(sid, row->sid, GROUP_SID_ROOM);
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    return __atomic_load_n(&row->number, __ATOMIC_RELAXED) == number;
}

static void keep_sid(void *row, const char *sid)
{
    write_row(row, sid);
}

/* One of all children asks, and not with each request. */
static bool is_due(row_t *row, apr_time_t now)
{
    apr_time_t asked = __atomic_load_n(&row->asked, __ATOMIC_ACQUIRE);
    const int seconds = row->number == 0 ? AGAIN_SECONDS : OLD_SECONDS;
    if (now - asked < apr_time_from_sec(seconds)) return false;
    return __atomic_compare_exchange_n(&row->asked, &asked, now, false, __ATOMIC_ACQ_REL,
                                       __ATOMIC_ACQUIRE);
}

/* ---- asking ---- */

group_sids_t *group_sids_open(apr_pool_t *pconf, apr_pool_t *pool, const question_to_t *to,
                              const char **why)
{
    const apr_array_header_t *names = wanted(pconf);
    void *rows = NULL;
    *why = NULL;
    if (names->nelts == 0 || !to->backend->sid) return NULL;
    if (shared_memory(pconf, (apr_size_t)names->nelts * sizeof(row_t), &rows) != APR_SUCCESS)
        return NULL;
    group_sids_t *made = apr_pcalloc(pconf, sizeof *made);
    *made = (group_sids_t){.to = to, .names = names, .rows = rows};
    for (int i = 0; i < names->nelts && !*why; i++) {
        const char *sid;
        *why = question_sid(to, pool, APR_ARRAY_IDX(names, i, const char *), &sid);
        if (*why) break;
        made->rows[i].asked = clock_ticks();
        write_row(&made->rows[i], sid);
    }
    return made;
}

bool group_sid(group_sids_t *sids, const char *name, char sid[GROUP_SID_ROOM])
{
    for (int i = 0; i < sids->names->nelts; i++) {
        const char *one = APR_ARRAY_IDX(sids->names, i, const char *);
        row_t *row = &sids->rows[i];
        if (unicode_casecmp(one, name) != 0) continue;
        const bool is_known = read_row(row, sid);
        if (is_due(row, clock_ticks())) question_send_sid(sids->to, one, keep_sid, row);
        return is_known;
    }
    return false;
}
