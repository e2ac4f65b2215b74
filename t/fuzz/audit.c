/* Lines of logs, of either kind: what is counted adds up, and both reports of it are printable. */
#include "fuzz.h"

#include "../../lib/audit/audit_error_log.h"
#include "../../lib/audit/audit_json_log.h"
#include "../../lib/audit/audit_report.h"
#include "../../lib/audit/audit_report_json.h"
#include "../../lib/audit/audit_time.h"

static uint64_t in_rows;

static void count_row(const audit_row_t *row, void *closure)
{
    (void)closure;
    in_rows += row->sums.count;
}

static void take(audit_tally_t *tally, bytes_t text)
{
    audit_line_t line;
    bool as_json = text.len > 0 && text.data[0] == '{';
    audit_kind_t kind =
        as_json ? audit_json_log_line(text, &line) : audit_error_log_line(text, &line);
    if (kind == AUDIT_OURS && audit_tally_counts(&line)) REQUIRE(audit_tally_add(tally, &line));
    audit_json_log_forget(&line);
}

static void report(const audit_tally_t *tally,
                   void (*write)(FILE *out, const audit_tally_t *tally, bool all_rows))
{
    char *memory = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&memory, &len);
    REQUIRE(out);
    write(out, tally, true);
    REQUIRE(fclose(out) == 0);
    for (size_t i = 0; i < len; i++)
        REQUIRE(memory[i] == '\n' || (memory[i] >= 0x20 && memory[i] < 0x7F));
    free(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    audit_tally_t tally = audit_tally();
    bytes_t rest = {data, size};
    time_t at;
    tally.logins.most = tally.basic.most = 2;
    REQUIRE(audit_time(rest, &at) <= size);
    while (rest.len > 0) {
        size_t len = 0;
        while (len < rest.len && rest.data[len] != '\n') len++;
        take(&tally, (bytes_t){rest.data, len});
        rest = bytes_from(rest, len + 1);
    }
    in_rows = tally.logins.others.count;
    audit_rows_each(&tally.logins, count_row, NULL);
    REQUIRE(in_rows == tally.sums.count);
    report(&tally, audit_report_text);
    report(&tally, audit_report_json);
    audit_tally_forget(&tally);
    return 0;
}
