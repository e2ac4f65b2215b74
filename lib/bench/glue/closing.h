/* closing.h - a connection ends: by whom, for the history.
 */
#ifndef NTLM_BENCH_CLOSING_H
#define NTLM_BENCH_CLOSING_H

#include <httpd.h>

/* For the hook pre_close_connection. */
int closing_look(conn_rec *c);

#endif
