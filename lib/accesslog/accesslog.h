/* accesslog.h - what LogFormat may say beside httpd's own (docs/directives.md):
 *
 * %{ITEM}^JS an item of the request as JSON, %^NT what became of its login as an object of JSON,
 * %{ITEM}^W3 an item as W3C's extended log file format has it.
 */
#ifndef NTLM_ACCESSLOG_H
#define NTLM_ACCESSLOG_H

/* Registers it; where there is no mod_log_config, nothing. An item that is none is found by
 * configtest. */
void accesslog_register(void);

#endif
