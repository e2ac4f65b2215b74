#include "audit_tally.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "../ntlm/status.h"
#include "audit_text.h"

/* ---- rows ---- */

/* Room for what is shown of a name at the most; docs/statuses.md says how long they are in the
 * error log, where each byte may become four. */
enum {
    USER_ROOM = 264,
    DOMAIN_ROOM = 136,
    WORKSTATION_ROOM = 136,
    CLIENT_ROOM = 64,
    AGENT_ROOM = 128
};

typedef struct names_t {
    char user[USER_ROOM], domain[DOMAIN_ROOM], workstation[WORKSTATION_ROOM], client[CLIENT_ROOM],
        agent[AGENT_ROOM];
} names_t;

static void read_names(names_t *names, const audit_line_t *line)
{
    audit_source_t source = line->source;
    audit_text(names->user, USER_ROOM, line->fields[AUDIT_USER], source);
    audit_text(names->domain, DOMAIN_ROOM, line->fields[AUDIT_DOMAIN], source);
    audit_text(names->workstation, WORKSTATION_ROOM, line->fields[AUDIT_WORKSTATION], source);
    audit_text(names->client, CLIENT_ROOM, line->client, source);
    audit_text(names->agent, AGENT_ROOM, line->agent, source);
}

static int compare(const void *one, const void *other)
{
    const audit_row_t *a = one, *b = other;
    int order = strcmp(a->domain, b->domain);
    if (!order) order = strcmp(a->user, b->user);
    if (!order) order = strcmp(a->workstation, b->workstation);
    if (!order) order = strcmp(a->client, b->client);
    return order ? order : strcmp(a->agent, b->agent);
}

static const char *put(char **room, const char *text)
{
    size_t size = strlen(text) + 1;
    char *put_there = memcpy(*room, text, size);
    *room += size;
    return put_there;
}

/* A row and its names are one piece of memory. */
static audit_row_t *make_row(const names_t *names)
{
    size_t size = strlen(names->user) + strlen(names->domain) + strlen(names->workstation) +
                  strlen(names->client) + strlen(names->agent) + 5;
    audit_row_t *row = calloc(1, sizeof *row + size);
    if (!row) return NULL;
    char *room = (char *)(row + 1);
    row->user = put(&room, names->user);
    row->domain = put(&room, names->domain);
    row->workstation = put(&room, names->workstation);
    row->client = put(&room, names->client);
    row->agent = put(&room, names->agent);
    return row;
}

/* A balanced tree: no choice of names makes it slow. What is not in it yet is put there as it is
 * wanted, and replaced by a row. */
static audit_sums_t *sums_of(audit_rows_t *rows, const audit_line_t *line)
{
    static names_t names;
    read_names(&names, line);
    const audit_row_t wanted = {.user = names.user,
                                .domain = names.domain,
                                .workstation = names.workstation,
                                .client = names.client,
                                .agent = names.agent};
    const bool has_room = rows->count < rows->most;
    audit_row_t **node =
        has_room ? tsearch(&wanted, &rows->tree, compare) : tfind(&wanted, &rows->tree, compare);
    if (!node) return has_room ? NULL : &rows->others;
    if (*node != &wanted) return &(*node)->sums;
    audit_row_t *row = make_row(&names);
    if (!row) {
        tdelete(&wanted, &rows->tree, compare);
        return NULL;
    }
    *node = row;
    rows->count++;
    return &row->sums;
}

typedef struct visit_t {
    void (*visit)(const audit_row_t *row, void *closure);
    void *closure;
} visit_t;

static void visit_node(const void *node, VISIT order, void *closure)
{
    const visit_t *how = closure;
    if (order != postorder && order != leaf) return;
    how->visit(*(audit_row_t *const *)node, how->closure);
}

void audit_rows_each(const audit_rows_t *rows, void (*visit)(const audit_row_t *row, void *closure),
                     void *closure)
{
    visit_t how = {visit, closure};
    twalk_r(rows->tree, visit_node, &how);
}

/* ---- sums ---- */

bool audit_tally_is_login(const audit_line_t *line)
{
    return audit_line_says(line, AUDIT_STATUS, ntlm_status_row(NTLM_OK)->name) && !line->is_kept;
}

static scheme_t scheme_of(const audit_line_t *line)
{
    bytes_t scheme = line->fields[AUDIT_SCHEME];
    return scheme_of_text((const char *)scheme.data, scheme.len);
}

bool audit_tally_counts(const audit_line_t *line)
{
    const char *unasked = ntlm_status_row(NTLM_SCHEME_REFUSED)->name;
    return audit_tally_is_login(line) ||
           (audit_line_says(line, AUDIT_STATUS, unasked) && scheme_of(line) == SCHEME_BASIC);
}

static void add(audit_sums_t *sums, const audit_line_t *line, audit_demands_t refusing)
{
    sums->count++;
    for (unsigned i = 0; i < AUDIT_DEMAND_COUNT; i++) sums->refused[i] += refusing >> i & 1;
    sums->kerberos += audit_lists_kerberos(line);
    if (line->at > sums->last) sums->last = line->at;
}

static void add_login(audit_tally_t *tally, const audit_line_t *line)
{
    scheme_t scheme = scheme_of(line);
    add(&tally->sums, line, audit_forecast(line));
    tally->schemes[scheme]++;
    tally->from[line->source]++;
    if (scheme == SCHEME_NEGOTIATE) tally->why[audit_remedy_of(line->fields[AUDIT_WHY])]++;
    if (line->is_dated && (!tally->first || line->at < tally->first)) tally->first = line->at;
}

/* Nothing else is wrong with a password that nobody asked for. */
static audit_demands_t in_clear_text(const audit_line_t *line)
{
    return audit_forecast(line) & 1U << AUDIT_DEMAND_TLS;
}

bool audit_tally_add(audit_tally_t *tally, const audit_line_t *line)
{
    bool login = audit_tally_is_login(line);
    audit_sums_t *sums = sums_of(login ? &tally->logins : &tally->basic, line);
    if (!sums) return false;
    add(sums, line, login ? audit_forecast(line) : in_clear_text(line));
    if (login) add_login(tally, line);
    tally->undated += !line->is_dated;
    return true;
}

bool audit_sums_break(const audit_sums_t *sums, audit_demands_t demands)
{
    for (unsigned i = 0; i < AUDIT_DEMAND_COUNT; i++)
        if ((demands >> i & 1) && sums->refused[i] > 0) return true;
    return false;
}

/* ---- all of it ---- */

audit_tally_t audit_tally(void)
{
    return (audit_tally_t){.logins.most = AUDIT_ROWS, .basic.most = AUDIT_BASIC_ROWS};
}

void audit_tally_forget(audit_tally_t *tally)
{
    tdestroy(tally->logins.tree, free);
    tdestroy(tally->basic.tree, free);
    *tally = audit_tally();
}
