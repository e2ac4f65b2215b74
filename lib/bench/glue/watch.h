/* watch.h - what mod_auth_ntlmv2 says of the plain places, seen from outside: its lines of the log.
 */
#ifndef NTLM_BENCH_WATCH_H
#define NTLM_BENCH_WATCH_H

#include <httpd.h>

#include <http_core.h>

/* For the hook error_log. */
void watch_line(const ap_errorlog_info *info, const char *line);

#endif
