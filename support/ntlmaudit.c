/* ntlmaudit - who would be refused if more were demanded: read out of logs.
 *
 * What it says, of each line and of all, is lib/audit.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/audit/audit_error_log.h"
#include "../lib/audit/audit_json_log.h"
#include "../lib/audit/audit_report.h"
#include "../lib/audit/audit_report_json.h"
#include "../lib/audit/audit_time.h"
#include "audit_lines.h"

typedef enum audit_exit_t {
    AUDIT_FINE = 0,
    AUDIT_BREAKS = 1,  /* --fail-if-any: somebody would be refused */
    AUDIT_UNUSABLE = 2 /* wrong usage, a log that cannot be read, or one without logins */
} audit_exit_t;

typedef struct audit_t {
    bool as_json, all_rows;
    bool has_since;
    time_t since;
    audit_demands_t failing; /* --fail-if-any; 0 without it */
    bool saw_logins;         /* whenever they were */
    audit_tally_t tally;
} audit_t;

static audit_exit_t usage(void)
{
    fputs("usage: ntlmaudit [--json] [--all] [--since DATE] [--fail-if-any[=DIRECTIVE,...]] "
          "[LOG...|-]\n"
          "A LOG is httpd's error log, with LogLevel auth_ntlmv2:info, or the access log in JSON.\n"
          "Of one that is compressed: zcat LOG | ntlmaudit -. See ntlmaudit(1).\n",
          stderr);
    return AUDIT_UNUSABLE;
}

/* ---- lines ---- */

static audit_kind_t understand(bytes_t text, audit_line_t *line)
{
    return text.len > 0 && text.data[0] == '{' ? audit_json_log_line(text, line)
                                               : audit_error_log_line(text, line);
}

static bool is_before(const audit_t *audit, const audit_line_t *line)
{
    return audit->has_since && line->is_dated && line->at < audit->since;
}

static void count(audit_t *audit, const audit_line_t *line)
{
    if (!audit_tally_counts(line)) return;
    audit->saw_logins |= audit_tally_is_login(line);
    if (is_before(audit, line))
        audit->tally.before++;
    else if (!audit_tally_add(&audit->tally, line))
        err(AUDIT_UNUSABLE, "cannot count");
}

static void take(audit_t *audit, bytes_t text)
{
    audit_line_t line;
    audit_kind_t kind = understand(text, &line);
    if (kind == AUDIT_GARBLED) audit->tally.unreadable++;
    if (kind == AUDIT_OURS) count(audit, &line);
    audit_json_log_forget(&line);
}

/* ---- logs ---- */

static bool is_compressed(bytes_t line)
{
    return line.len >= 2 && line.data[0] == 0x1F && line.data[1] == 0x8B;
}

static audit_exit_t read_log(audit_t *audit, const char *name, int fd)
{
    static audit_lines_t lines;
    audit_got_t got;
    bytes_t line;
    audit_lines_over(&lines, fd);
    for (bool first = true; (got = audit_lines_next(&lines, &line)) != AUDIT_GOT_END;
         first = false) {
        audit->tally.lines++;
        if (first && is_compressed(line)) {
            warnx("%s is compressed: zcat LOG | ntlmaudit -", name);
            return AUDIT_UNUSABLE;
        }
        if (got == AUDIT_GOT_TOO_LONG)
            audit->tally.unreadable++;
        else
            take(audit, line);
    }
    if (!lines.failed) return AUDIT_FINE;
    warn("cannot read %s", name);
    return AUDIT_UNUSABLE;
}

static audit_exit_t open_log(audit_t *audit, const char *name)
{
    if (strcmp(name, "-") == 0) return read_log(audit, "stdin", STDIN_FILENO);
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        warn("cannot open %s", name);
        return AUDIT_UNUSABLE;
    }
    audit_exit_t result = read_log(audit, name, fd);
    close(fd);
    return result;
}

/* A part of the logs would say less than there is: it is all of them or nothing. */
static audit_exit_t read_logs(audit_t *audit, int count, char *const *names)
{
    if (count == 0) return read_log(audit, "stdin", STDIN_FILENO);
    for (int i = 0; i < count; i++)
        if (open_log(audit, names[i]) != AUDIT_FINE) return AUDIT_UNUSABLE;
    return AUDIT_FINE;
}

/* ---- all of it ---- */

static audit_exit_t conclude(const audit_t *audit)
{
    if (audit->as_json)
        audit_report_json(stdout, &audit->tally, audit->all_rows);
    else
        audit_report_text(stdout, &audit->tally, audit->all_rows);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        warn("cannot write to stdout");
        return AUDIT_UNUSABLE;
    }
    if (!audit->saw_logins) {
        warnx("there is no login in it; logins are logged with: LogLevel auth_ntlmv2:info");
        return AUDIT_UNUSABLE;
    }
    return audit_sums_break(&audit->tally.sums, audit->failing) ? AUDIT_BREAKS : AUDIT_FINE;
}

static bool read_since(audit_t *audit, const char *text)
{
    audit->has_since = audit_time(bytes_of(text), &audit->since) == strlen(text);
    if (!audit->has_since)
        warnx("--since %s: write 2026-11-28, \"2026-11-28 16:41:12\" or "
              "\"Sat Nov 28 16:41:12 2026\"",
              text);
    return audit->has_since;
}

static bool read_failing(audit_t *audit, const char *names)
{
    audit->failing = AUDIT_DEMANDS_ALL;
    if (!names || audit_demands_read(names, &audit->failing)) return true;
    warnx("--fail-if-any=%s: write names of these, with commas between them:", names);
    for (audit_demand_t demand = 0; demand < AUDIT_DEMAND_COUNT; demand++)
        fprintf(stderr, "  %s\n", audit_demand_row(demand)->directive);
    return false;
}

static bool read_options(audit_t *audit, int argc, char **argv)
{
    static const struct option options[] = {
        {"json", no_argument, NULL, 'j'},        {"all", no_argument, NULL, 'a'},
        {"since", required_argument, NULL, 's'}, {"fail-if-any", optional_argument, NULL, 'f'},
        {"help", no_argument, NULL, 'h'},        {NULL, 0, NULL, 0}};
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
        case 'j': audit->as_json = true; break;
        case 'a': audit->all_rows = true; break;
        case 's':
            if (!read_since(audit, optarg)) return false;
            break;
        case 'f':
            if (!read_failing(audit, optarg)) return false;
            break;
        default: usage(); return false;
        }
    }
    return true;
}

int main(int argc, char **argv)
{
    static audit_t audit;
    audit.tally = audit_tally();
    /* Else the C library looks after its time zone's file at each line. */
    setenv("TZ", ":/etc/localtime", 0);
    if (!read_options(&audit, argc, argv)) return AUDIT_UNUSABLE;
    audit_exit_t result = read_logs(&audit, argc - optind, argv + optind);
    if (result == AUDIT_FINE) result = conclude(&audit);
    audit_tally_forget(&audit.tally);
    return (int)result;
}
