/* ways.h - the ways of a guess by their ids. */
#ifndef NTLM_UNIT_WAYS_H
#define NTLM_UNIT_WAYS_H

#include "unit.h"

#include "../../lib/explain/remarks.h"
#include "../../lib/ntlm/wire.h"

static unsigned way_of(const remark_row_t *rows, const char *id)
{
    for (unsigned i = 0; rows[i].id; i++)
        if (strcmp(rows[i].id, id) == 0) return i + 1;
    fail_msg("there is no %s", id);
    return 0;
}

#define assert_these(bytes, text, size)                                                            \
    do {                                                                                           \
        assert_int_equal((bytes).len, size);                                                       \
        assert_memory_equal((bytes).data, text, size);                                             \
    } while (0)

#endif
