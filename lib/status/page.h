/* page.h - all figures as a section of mod_status' page: for people, and with ?auto for programs.
 */
#ifndef NTLM_STATUS_PAGE_H
#define NTLM_STATUS_PAGE_H

#include <apr_pools.h>

/* HTML; what is zero is left out of long lists. */
const char *page_html(apr_pool_t *pool);

/* Lines "NTLM...: number": every number is there. */
const char *page_auto(apr_pool_t *pool);

#endif
