#include "foreign.h"

#include <string.h>

#include <apr_strings.h>

/* The names that modules bear in httpd: that of a file. */
#define WINBIND "mod_auth_ntlm_winbind.c"
#define MOD_NTLM "mod_ntlm.c"
#define AUTHN_NTLM "mod_authn_ntlm.c"

/* What another module of that name takes is not declined by it: httpd calls both. */
static const char *refuse(const cmd_parms *cmd, const char *const modules[])
{
    for (size_t i = 0; modules[i]; i++)
        if (ap_find_linked_module(modules[i])) return DECLINE_CMD;
    const char *names = NULL;
    for (size_t i = 0; modules[i]; i++) {
        const char *name = apr_pstrndup(cmd->pool, modules[i], strlen(modules[i]) - strlen(".c"));
        names = names ? apr_pstrcat(cmd->pool, names, modules[i + 1] ? ", " : " or ", name, NULL)
                      : name;
    }
    return apr_psprintf(cmd->pool, "%s is a directive of %s, which is not loaded; %s",
                        cmd->cmd->name, names, cmd->cmd->errmsg);
}

const char *foreign_winbind(cmd_parms *cmd, void *dir, const char *words)
{
    static const char *const modules[] = {WINBIND, NULL};
    (void)dir, (void)words;
    return refuse(cmd, modules);
}

const char *foreign_mod_ntlm(cmd_parms *cmd, void *dir, const char *words)
{
    static const char *const modules[] = {MOD_NTLM, NULL};
    (void)dir, (void)words;
    return refuse(cmd, modules);
}

const char *foreign_authn_ntlm(cmd_parms *cmd, void *dir, const char *words)
{
    static const char *const modules[] = {AUTHN_NTLM, NULL};
    (void)dir, (void)words;
    return refuse(cmd, modules);
}

const char *foreign_sspi(cmd_parms *cmd, void *dir, const char *words)
{
    static const char *const modules[] = {"mod_auth_sspi.c", "mod_authnz_sspi.c", AUTHN_NTLM, NULL};
    (void)dir, (void)words;
    return refuse(cmd, modules);
}

const char *foreign_winbind_or_ntlm(cmd_parms *cmd, void *dir, const char *words)
{
    static const char *const modules[] = {WINBIND, MOD_NTLM, NULL};
    (void)dir, (void)words;
    return refuse(cmd, modules);
}

const char *foreign_ntlm_or_authn(cmd_parms *cmd, void *dir, const char *words)
{
    static const char *const modules[] = {MOD_NTLM, AUTHN_NTLM, NULL};
    (void)dir, (void)words;
    return refuse(cmd, modules);
}

const char *foreign_any_ntlm(cmd_parms *cmd, void *dir, const char *words)
{
    static const char *const modules[] = {WINBIND, MOD_NTLM, AUTHN_NTLM, NULL};
    (void)dir, (void)words;
    return refuse(cmd, modules);
}
