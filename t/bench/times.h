/* times.h - times of many batches, of which the one in the middle is the figure. */
#ifndef NTLM_BENCH_TIMES_H
#define NTLM_BENCH_TIMES_H

#include <stdlib.h>
#include <time.h>

enum { BATCHES = 101 };

/* In seconds. */
static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values)
{
    qsort(values, BATCHES, sizeof *values, ascending);
    return values[BATCHES / 2];
}

#endif
