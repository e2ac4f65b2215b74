#include "audit_report.h"

#include <inttypes.h>
#include <string.h>

#include "audit_text.h"
#include "audit_time.h"

/* ---- figures ---- */

static void print_share(FILE *out, const char *name, uint64_t count, uint64_t of)
{
    double share = of ? 100.0 * (double)count / (double)of : 0;
    fprintf(out, "  %-32s%12" PRIu64 "%8.1f %%\n", name, count, share);
}

static const char *when(time_t at, char room[AUDIT_TIME_ROOM])
{
    return at ? audit_time_here(at, room) : "-";
}

static void print_logins(FILE *out, const audit_tally_t *tally)
{
    char first[AUDIT_TIME_ROOM], last[AUDIT_TIME_ROOM];
    fprintf(out, "%" PRIu64 " logins in %" PRIu64 " lines, from %s to %s\n", tally->sums.count,
            tally->lines, when(tally->first, first), when(tally->sums.last, last));
    for (scheme_t scheme = SCHEME_NONE + 1; scheme < SCHEME_COUNT; scheme++)
        print_share(out, scheme_name(scheme), tally->schemes[scheme], tally->sums.count);
}

static void print_note(FILE *out, uint64_t count, const char *what)
{
    if (count > 0) fprintf(out, "  note: %s: %" PRIu64 "\n", what, count);
}

static void print_notes(FILE *out, const audit_tally_t *tally)
{
    print_note(out, tally->before, "lines before --since, which do not count");
    print_note(out, tally->undated, "lines without a time that can be read, which count");
    print_note(out, tally->unreadable, "lines that cannot be read, and do not count");
    if (tally->from[AUDIT_ERROR_LOG] && tally->from[AUDIT_JSON_LOG])
        fputs("  note: logins are from error logs and from JSON logs; those in both count twice\n",
              out);
}

static void print_forecast(FILE *out, const audit_tally_t *tally)
{
    char name[64];
    fputs("\nWould be refused by\n", out);
    for (audit_demand_t demand = 0; demand < AUDIT_DEMAND_COUNT; demand++) {
        const audit_demand_row_t *row = audit_demand_row(demand);
        snprintf(name, sizeof name, "%s %s", row->directive, row->value);
        print_share(out, name, tally->sums.refused[demand], tally->sums.count);
    }
    fputs("\nCame by NTLM, and could have come by Kerberos\n", out);
    print_share(out, "Negotiate, with Kerberos listed", tally->sums.kerberos, tally->sums.count);
}

static void print_reasons(FILE *out, const audit_tally_t *tally)
{
    const uint64_t of = tally->schemes[SCHEME_NEGOTIATE];
    if (of == 0) return;
    fputs("\nWhy they came by NTLM (of those by Negotiate), and what to write\n", out);
    for (size_t i = 0; i < AUDIT_REMEDY_COUNT; i++) {
        const audit_remedy_t *remedy = audit_remedy(i);
        if (tally->why[i] == 0) continue;
        print_share(out, remedy->why, tally->why[i], of);
        fprintf(out, "      %s\n", remedy->meaning);
        for (const char *const *line = remedy->lines; *line; line++)
            fprintf(out, "        %s\n", *line);
    }
}

/* ---- rows ---- */

enum { USER_COLUMN = 512, WIDEST = 40, NUMBER = 10, LAST = 21 };

typedef struct table_t {
    FILE *out;
    bool all_rows;
    size_t user, workstation, client; /* widths */
    bool has_agents;
    uint64_t rows; /* that are shown */
} table_t;

static const char *user_column(const audit_row_t *row, char room[USER_COLUMN])
{
    bool has_domain = strcmp(row->domain, "-") != 0;
    snprintf(room, USER_COLUMN, "%s%s%s", has_domain ? row->domain : "", has_domain ? "\\" : "",
             row->user);
    return room;
}

static bool is_shown(const table_t *table, const audit_row_t *row)
{
    return table->all_rows || row->sums.kerberos > 0 ||
           audit_sums_break(&row->sums, AUDIT_DEMANDS_ALL);
}

static void widen(size_t *width, const char *text)
{
    size_t wanted = audit_text_width(text);
    if (wanted > WIDEST) wanted = WIDEST;
    if (wanted > *width) *width = wanted;
}

static void measure_row(const audit_row_t *row, void *closure)
{
    table_t *table = closure;
    char user[USER_COLUMN];
    if (!is_shown(table, row)) return;
    table->rows++;
    table->has_agents |= strcmp(row->agent, "-") != 0;
    widen(&table->user, user_column(row, user));
    widen(&table->workstation, row->workstation);
    widen(&table->client, row->client);
}

static void print_names(const table_t *table, const char *user, const char *workstation,
                        const char *client)
{
    fputs("  ", table->out);
    audit_text_write(table->out, user, table->user);
    fputs("  ", table->out);
    audit_text_write(table->out, workstation, table->workstation);
    fputs("  ", table->out);
    audit_text_write(table->out, client, table->client);
}

static void print_number(const table_t *table, uint64_t number)
{
    if (number > 0)
        fprintf(table->out, "%*" PRIu64, NUMBER, number);
    else
        fprintf(table->out, "%*s", NUMBER, "-");
}

/* The last columns: what may be long, or is not there, ends the line. */
static void print_end(const table_t *table, const char *last, const char *agent)
{
    fprintf(table->out, "  %s", last);
    if (table->has_agents) {
        fprintf(table->out, "%*s", LAST - (int)strlen(last), "");
        audit_text_write(table->out, agent, 0);
    }
    fputc('\n', table->out);
}

static void print_login_sums(const table_t *table, const audit_sums_t *sums, const char *agent)
{
    char room[AUDIT_TIME_ROOM];
    print_number(table, sums->count);
    for (audit_demand_t demand = 0; demand < AUDIT_DEMAND_COUNT; demand++)
        print_number(table, sums->refused[demand]);
    print_number(table, sums->kerberos);
    print_end(table, when(sums->last, room), agent);
}

static void print_row(const audit_row_t *row, void *closure)
{
    const table_t *table = closure;
    char user[USER_COLUMN];
    if (!is_shown(table, row)) return;
    print_names(table, user_column(row, user), row->workstation, row->client);
    print_login_sums(table, &row->sums, row->agent);
}

static void print_others(const table_t *table, const audit_rows_t *rows,
                         void (*print_sums)(const table_t *table, const audit_sums_t *sums,
                                            const char *agent))
{
    if (rows->others.count == 0) return;
    print_names(table, "(others)", "-", "-");
    print_sums(table, &rows->others, "-");
    fprintf(table->out, "  note: there is room for %zu rows; who came behind them is in (others)\n",
            rows->most);
}

static table_t measure(FILE *out, const audit_rows_t *rows, bool all_rows)
{
    table_t table = {.out = out, .all_rows = all_rows};
    widen(&table.user, "(others)");
    widen(&table.workstation, "workstation");
    widen(&table.client, "client");
    audit_rows_each(rows, measure_row, &table);
    return table;
}

static void print_who(FILE *out, const audit_tally_t *tally, bool all_rows)
{
    const audit_rows_t *rows = &tally->logins;
    table_t table = measure(out, rows, all_rows);
    fprintf(out, "\n%s: %" PRIu64 " of %zu rows\n", all_rows ? "Who logs in" : "Who", table.rows,
            rows->count);
    if (table.rows == 0 && rows->others.count == 0) return;
    print_names(&table, "user", "workstation", "client");
    fprintf(out, "%*s", NUMBER, "logins");
    for (audit_demand_t demand = 0; demand < AUDIT_DEMAND_COUNT; demand++)
        fprintf(out, "%*s", NUMBER, audit_demand_row(demand)->column);
    fprintf(out, "%*s", NUMBER, "Kerberos");
    print_end(&table, "last", "agent");
    audit_rows_each(rows, print_row, &table);
    print_others(&table, rows, print_login_sums);
}

/* ---- passwords ---- */

static void print_basic_sums(const table_t *table, const audit_sums_t *sums, const char *agent)
{
    char room[AUDIT_TIME_ROOM];
    print_number(table, sums->count);
    print_number(table, sums->refused[AUDIT_DEMAND_TLS]);
    print_end(table, when(sums->last, room), agent);
}

static void print_basic_row(const audit_row_t *row, void *closure)
{
    const table_t *table = closure;
    char user[USER_COLUMN];
    print_names(table, user_column(row, user), row->workstation, row->client);
    print_basic_sums(table, &row->sums, row->agent);
}

static void print_basic(FILE *out, const audit_tally_t *tally)
{
    const audit_rows_t *rows = &tally->basic;
    table_t table = measure(out, rows, true);
    if (rows->count == 0) return;
    fputs("\nChange these passwords: they came by Basic, which nobody asked for\n", out);
    print_names(&table, "user", "workstation", "client");
    fprintf(out, "%*s%*s", NUMBER, "times", NUMBER, "in clear");
    print_end(&table, "last", "agent");
    audit_rows_each(rows, print_basic_row, &table);
    print_others(&table, rows, print_basic_sums);
}

void audit_report_text(FILE *out, const audit_tally_t *tally, bool all_rows)
{
    print_logins(out, tally);
    print_notes(out, tally);
    print_forecast(out, tally);
    print_reasons(out, tally);
    print_who(out, tally, all_rows);
    print_basic(out, tally);
}
