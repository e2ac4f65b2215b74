/* handlers.h - what stands around a login: redirects, big bodies. One table of handlers.
 */
#ifndef NTLM_BENCH_HANDLERS_H
#define NTLM_BENCH_HANDLERS_H

void handlers_register(void);

#endif
