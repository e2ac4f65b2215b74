/* metrics.h - all figures for Prometheus: its text exposition format, version 0.0.4. */
#ifndef NTLM_STATUS_METRICS_H
#define NTLM_STATUS_METRICS_H

#include <apr_pools.h>

#define METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"

/* Every number is there, also those that are zero. No label is a client's to choose. */
const char *metrics_text(apr_pool_t *pool);

#endif
