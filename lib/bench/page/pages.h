/* pages.h - what the bench answers: the echo of a login, verdicts, the index. One table of
 * handlers.
 */
#ifndef NTLM_BENCH_PAGES_H
#define NTLM_BENCH_PAGES_H

void pages_register(void);

#endif
