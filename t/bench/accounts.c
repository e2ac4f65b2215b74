/* What accounts cost, one line a figure. Times on a shared machine vary; the ratios are of
 * figures taken side by side, in one run. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <string.h>

#include <apr_general.h>

#include "../../lib/creds/file/creds_table.h"
#include "times.h"

enum { BATCH = 2000, STEP = 7919, SIZES = 3 };

static const unsigned sizes[SIZES] = {10, 10000, 1000000};

static unsigned any_number(void)
{
    static unsigned long long state = 88172645463325252ULL;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (unsigned)(state >> 11);
}

/* ---- the table ---- */

typedef struct accounts_t {
    unsigned count;
    apr_pool_t *pool;
    creds_table_t *table;
    double hits[BATCHES], misses[BATCHES]; /* nanoseconds a look-up */
} accounts_t;

/* STEP is a prime, so that every number comes once, in no order. */
static char *make_text(unsigned count, size_t *len)
{
    char *text = malloc((size_t)count * 64 + 1), *at = text;
    if (!text) abort();
    for (unsigned i = 0; i < count; i++)
        at += sprintf(at, "user%07u:%032x\n", (unsigned)((unsigned long long)i * STEP % count), i);
    *len = (size_t)(at - text);
    return text;
}

/* Resident memory, as the system counts it. */
static size_t in_use(void)
{
    unsigned long all = 0, resident = 0;
    FILE *statm = fopen("/proc/self/statm", "r");
    if (!statm || fscanf(statm, "%lu %lu", &all, &resident) != 2) abort();
    fclose(statm);
    return resident * (size_t)sysconf(_SC_PAGESIZE);
}

/* What is wanted of a million. */
static const char *goal(unsigned count, double figure, const char *wanted)
{
    static char text[64];
    if (count != sizes[SIZES - 1]) return "";
    snprintf(text, sizeof text, " (goal: at most %s; %s)", wanted,
             figure <= atof(wanted) ? "reached" : "missed");
    return text;
}

static void load(accounts_t *accounts, unsigned count)
{
    size_t len;
    char *text = make_text(count, &len);
    accounts->count = count;
    apr_pool_create_unmanaged_ex(&accounts->pool, NULL, NULL);
    size_t before = in_use();
    double start = now();
    if (creds_table_parse(accounts->pool, "FILE", text, len, &accounts->table)) abort();
    double took = now() - start;
    size_t bytes = in_use() - before;
    printf("%7u accounts: load %.3f ms%s\n", count, took * 1e3, goal(count, took * 1e3, "700 ms"));
    printf("%7u accounts: memory %.1f MB, %.1f bytes an account (the file has %.1f MB)%s\n", count,
           (double)bytes / 1e6, (double)bytes / count, (double)len / 1e6,
           goal(count, (double)bytes / 1e6, "64 MB"));
    free(text);
}

static double look_up(const accounts_t *accounts, const char *format, bool expected)
{
    static char names[BATCH][32];
    creds_account_t account;
    for (int i = 0; i < BATCH; i++)
        snprintf(names[i], sizeof names[i], format, any_number() % accounts->count);
    double start = now();
    for (int i = 0; i < BATCH; i++)
        if (creds_table_find(accounts->table, names[i], &account) != expected) abort();
    return (now() - start) * 1e9 / BATCH;
}

/* The sizes take turns, so that a slow moment of the machine is everybody's. */
static void measure_tables(accounts_t *all)
{
    double hits[SIZES], misses[SIZES];
    for (int i = 0; i < SIZES; i++) load(&all[i], sizes[i]);
    for (int b = 0; b < BATCHES; b++)
        for (int i = 0; i < SIZES; i++) {
            all[i].hits[b] = look_up(&all[i], "user%07u", true);
            all[i].misses[b] = look_up(&all[i], "user%07ux", false);
        }
    for (int i = 0; i < SIZES; i++) {
        hits[i] = median(all[i].hits);
        misses[i] = median(all[i].misses);
        printf("%7u accounts: look-up %.0f ns (hit), %.0f ns (miss)%s\n", sizes[i], hits[i],
               misses[i], goal(sizes[i], hits[i] > misses[i] ? hits[i] : misses[i], "1000 ns"));
    }
    printf("look-up at 1 M / at 10 k: %.2f (hit), %.2f (miss)\n", hits[2] / hits[1],
           misses[2] / misses[1]);
    printf("look-up at 1 M / at 10: %.2f (hit), %.2f (miss)\n", hits[2] / hits[0],
           misses[2] / misses[0]);
}

int main(void)
{
    static accounts_t all[SIZES];
    setvbuf(stdout, NULL, _IOLBF, 0);
    apr_initialize();
    measure_tables(all);
    for (int i = 0; i < SIZES; i++) apr_pool_destroy(all[i].pool);
    apr_terminate();
    return 0;
}
