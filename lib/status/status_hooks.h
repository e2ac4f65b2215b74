/* status_hooks.h - the figures in httpd's life.
 */
#ifndef NTLM_STATUS_HOOKS_H
#define NTLM_STATUS_HOOKS_H

/* Registers what makes them ready, and what sees children begin and end. */
void status_register(void);

#endif
