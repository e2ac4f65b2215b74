#include "threads.h"

#include <apr_atomic.h>

#include <httpd.h>

#include <ap_mpm.h>

static apr_uint32_t held;

static apr_status_t give_back(void *unused)
{
    (void)unused;
    apr_atomic_dec32(&held);
    return APR_SUCCESS;
}

bool threads_hold(apr_pool_t *pool)
{
    int all = 0;
    const apr_uint32_t others = apr_atomic_inc32(&held);
    ap_mpm_query(AP_MPMQ_MAX_THREADS, &all);
    if (others >= (apr_uint32_t)all / 2) {
        apr_atomic_dec32(&held);
        return false;
    }
    apr_pool_cleanup_register(pool, &held, give_back, apr_pool_cleanup_null);
    return true;
}
