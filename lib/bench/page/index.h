/* index.h - what the bench has: every address with a sentence, the accounts, the ports.
 */
#ifndef NTLM_BENCH_INDEX_H
#define NTLM_BENCH_INDEX_H

#include <httpd.h>

/* /, for people, or as JSON for who accepts that and no HTML. */
int index_page(request_rec *r);

/* /index.json */
int index_json(request_rec *r);

/* /style.css */
int index_style(request_rec *r);

#endif
