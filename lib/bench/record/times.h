/* times.h - MsvAvTimestamp, by which an answer names its challenge.
 */
#ifndef NTLM_BENCH_TIMES_H
#define NTLM_BENCH_TIMES_H

#include "../../ntlm/message.h"

/* What the message has; empty: it has none, or cannot be parsed. */
bytes_t time_of_type2(bytes_t message);
bytes_t time_of_type3(bytes_t message);

#endif
