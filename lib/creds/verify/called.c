#include "called.h"

#include <string.h>

#include <pthread.h>

#include <apr_strings.h>

#include "../../system/clock.h"
#include "../../system/shared.h"

enum { NAME_ROOM = 256 };

/* For all children, and written before learnt is. */
typedef struct answer_t {
    apr_time_t learnt;
    char computer[NAME_ROOM], domain[NAME_ROOM], dns[NAME_ROOM];
    creds_names_t names;
    const char *domains[3];
} answer_t;

struct called_t {
    const question_to_t *to;
    pthread_mutex_t learning; /* one question of a process is enough: nobody waits for it */
    answer_t *answer;
};

const char *called_open(apr_pool_t *pool, const question_to_t *to, called_t **called)
{
    called_t *made = apr_pcalloc(pool, sizeof *made);
    void *memory;
    if (shared_memory(pool, sizeof *made->answer, &memory) != APR_SUCCESS)
        return "there is no memory that children share";
    pthread_mutex_init(&made->learning, NULL);
    made->to = to;
    made->answer = memory;
    *called = made;
    return NULL;
}

apr_time_t called_since(const called_t *called)
{
    return __atomic_load_n(&called->answer->learnt, __ATOMIC_ACQUIRE);
}

static bool keep(char room[NAME_ROOM], const char *name)
{
    if (name && strlen(name) >= NAME_ROOM) return false;
    apr_cpystrn(room, name ? name : "", NAME_ROOM);
    return true;
}

/* Two children may both write what is the same. */
static const char *keep_names(answer_t *answer, const creds_names_t *names)
{
    if (!keep(answer->computer, names->computer) || !keep(answer->domain, names->domain) ||
        !keep(answer->dns, names->dns) || !answer->domain[0])
        return "what it calls its domain is no name";
    answer->names = (creds_names_t){.computer = names->computer ? answer->computer : NULL,
                                    .domain = answer->domain,
                                    .dns = answer->dns};
    answer->domains[0] = answer->domain;
    answer->domains[1] = answer->dns[0] ? answer->dns : NULL;
    __atomic_store_n(&answer->learnt, clock_ticks(), __ATOMIC_RELEASE);
    return NULL;
}

const char *called_learn(called_t *called, apr_pool_t *pool)
{
    creds_names_t names = {0};
    const char *why = NULL;
    if (!called->to->backend->names || called_since(called)) return NULL;
    if (pthread_mutex_trylock(&called->learning) != 0)
        return "it is being asked what this server is called";
    if (!called_since(called)) {
        why = question_names(called->to, pool, &names);
        if (!why) why = keep_names(called->answer, &names);
    }
    pthread_mutex_unlock(&called->learning);
    return why;
}

const creds_names_t *called_names(const called_t *called)
{
    return called_since(called) ? &called->answer->names : NULL;
}

const char *const *called_domains(const called_t *called)
{
    return called_since(called) ? called->answer->domains : NULL;
}
