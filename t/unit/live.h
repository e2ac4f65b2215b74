/* live.h - whom a password file that is served knows. */
#ifndef NTLM_UNIT_LIVE_H
#define NTLM_UNIT_LIVE_H

#include "../../lib/creds/file/creds_live.h"

static bool knows(creds_file_t *file, const char *name)
{
    creds_account_t account;
    bool known = creds_table_find(creds_live_borrow(file), name, &account);
    creds_live_give_back(file);
    return known;
}

#endif
