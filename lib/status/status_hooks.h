/* status_hooks.h - the figures in httpd's life.
 */
#ifndef NTLM_STATUS_HOOKS_H
#define NTLM_STATUS_HOOKS_H

/* Registers what makes them ready, what sees children begin and end, and who shows them: a section
 * of mod_status' page, and the handler ntlm-metrics for Prometheus. */
void status_register(void);

#endif
