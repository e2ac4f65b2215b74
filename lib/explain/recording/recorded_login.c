#include "recorded_login.h"

size_t recorded_logins(const recording_t *recording)
{
    size_t count = 0;
    for (size_t i = 0; i < recording->count; i++)
        if (recording->list[i].kind == RECORDED_ANSWER) count++;
    return count;
}

static const recorded_t *answer(const recording_t *recording, size_t number)
{
    for (size_t i = 0; i < recording->count; i++)
        if (recording->list[i].kind == RECORDED_ANSWER && --number == 0) return &recording->list[i];
    return NULL;
}

static const recorded_t *challenge_of(const recording_t *recording, const recorded_t *type3)
{
    const recorded_t *elsewhere = NULL;
    for (const recorded_t *at = type3; at-- > recording->list;) {
        if (at->kind != RECORDED_CHALLENGE || at->proxy != type3->proxy) continue;
        if (recorded_together(at, type3)) return at;
        if (!elsewhere) elsewhere = at;
    }
    return elsewhere;
}

/* Messages by themselves may stand in any order, but not behind those of another login. */
static const recorded_t *negotiate_of(const recording_t *recording, const recorded_t *type2)
{
    for (const recorded_t *at = type2; at-- > recording->list;) {
        if (!recorded_together(at, type2)) continue;
        if (at->kind == RECORDED_NEGOTIATE) return at;
        if (at->kind != RECORDED_OTHER) return NULL;
    }
    return NULL;
}

recorded_login_t recorded_login(const recording_t *recording, size_t number)
{
    recorded_login_t login = {
        .number = number, .count = recorded_logins(recording), .type3 = answer(recording, number)};
    if (login.type3) login.type2 = challenge_of(recording, login.type3);
    if (login.type2) login.type1 = negotiate_of(recording, login.type2);
    return login;
}

bool recorded_is_of(const recorded_login_t *login, const recorded_t *recorded)
{
    return recorded == login->type1 || recorded == login->type2 || recorded == login->type3;
}
