#include "audit_report_json.h"

#include <string.h>

#include "../explain/json.h"
#include "audit_time.h"

static void put_time(json_t *json, const char *key, time_t at)
{
    char room[AUDIT_TIME_ROOM];
    json_text(json, key, at ? audit_time_utc(at, room) : NULL);
}

static void put_name(json_t *json, const char *key, const char *name)
{
    json_text(json, key, strcmp(name, "-") == 0 ? NULL : name);
}

static void put_refused(json_t *json, const audit_sums_t *sums)
{
    json_open(json, "refused", '{');
    for (audit_demand_t demand = 0; demand < AUDIT_DEMAND_COUNT; demand++)
        json_number(json, audit_demand_row(demand)->directive, sums->refused[demand]);
    json_close(json, '}');
}

static void put_schemes(json_t *json, const audit_tally_t *tally)
{
    json_open(json, "schemes", '{');
    for (scheme_t scheme = SCHEME_NONE + 1; scheme < SCHEME_COUNT; scheme++)
        json_number(json, scheme_name(scheme), tally->schemes[scheme]);
    json_close(json, '}');
}

static void put_reasons(json_t *json, const audit_tally_t *tally)
{
    json_open(json, "why", '[');
    for (size_t i = 0; i < AUDIT_REMEDY_COUNT; i++) {
        const audit_remedy_t *remedy = audit_remedy(i);
        if (tally->why[i] == 0) continue;
        json_open(json, NULL, '{');
        put_name(json, "why", remedy->why);
        json_number(json, "logins", tally->why[i]);
        json_text(json, "meaning", remedy->meaning);
        json_open(json, "write", '[');
        for (const char *const *line = remedy->lines; *line; line++) json_text(json, NULL, *line);
        json_close(json, ']');
        json_close(json, '}');
    }
    json_close(json, ']');
}

/* ---- rows ---- */

typedef struct list_t {
    json_t *json;
    bool all_rows, of_logins;
} list_t;

static void put_sums(const list_t *list, const audit_sums_t *sums)
{
    json_t *json = list->json;
    json_number(json, list->of_logins ? "logins" : "times", sums->count);
    if (list->of_logins) {
        put_refused(json, sums);
        json_number(json, "kerberos_listed", sums->kerberos);
    } else {
        json_number(json, "without_tls", sums->refused[AUDIT_DEMAND_TLS]);
    }
    put_time(json, "last", sums->last);
}

static void put_row(const audit_row_t *row, void *closure)
{
    const list_t *list = closure;
    json_t *json = list->json;
    if (!list->all_rows && row->sums.kerberos == 0 &&
        !audit_sums_break(&row->sums, AUDIT_DEMANDS_ALL))
        return;
    json_open(json, NULL, '{');
    put_name(json, "user", row->user);
    put_name(json, "domain", row->domain);
    put_name(json, "workstation", row->workstation);
    put_name(json, "client", row->client);
    put_name(json, "agent", row->agent);
    put_sums(list, &row->sums);
    json_close(json, '}');
}

/* others: whoever has no row, since there was no room for more; null if everybody has one. */
static void put_rows(const list_t *list, const char *key, const char *others,
                     const audit_rows_t *rows)
{
    json_open(list->json, key, '[');
    audit_rows_each(rows, put_row, (void *)(uintptr_t)list);
    json_close(list->json, ']');
    if (rows->others.count == 0) {
        json_text(list->json, others, NULL);
        return;
    }
    json_open(list->json, others, '{');
    put_sums(list, &rows->others);
    json_close(list->json, '}');
}

void audit_report_json(FILE *out, const audit_tally_t *tally, bool all_rows)
{
    json_t json = {.out = out};
    const list_t logins = {&json, all_rows, true}, basic = {&json, true, false};
    json_open(&json, NULL, '{');
    json_number(&json, "lines", tally->lines);
    json_number(&json, "unreadable_lines", tally->unreadable);
    json_number(&json, "undated_lines", tally->undated);
    json_number(&json, "lines_before", tally->before);
    json_number(&json, "logins", tally->sums.count);
    put_time(&json, "first", tally->first);
    put_time(&json, "last", tally->sums.last);
    put_schemes(&json, tally);
    put_refused(&json, &tally->sums);
    json_number(&json, "kerberos_listed", tally->sums.kerberos);
    put_reasons(&json, tally);
    put_rows(&logins, "who", "others", &tally->logins);
    put_rows(&basic, "basic_unasked", "basic_unasked_others", &tally->basic);
    json_close(&json, '}');
}
