#include "ldap_secret.h"

#include <stdlib.h>
#include <string.h>

#include <apr_strings.h>
#include <apr_thread_proc.h>

#include "../../ntlm/crypto.h"
#include "../../system/own_file.h"

/* ---- the room for it ---- */

static apr_status_t wipe(void *room)
{
    secret_wipe(room, LDAP_SECRET_MAX + 1);
    return APR_SUCCESS;
}

static char *make_room(apr_pool_t *pool)
{
    char *room = apr_pcalloc(pool, LDAP_SECRET_MAX + 1);
    apr_pool_cleanup_register(pool, room, wipe, apr_pool_cleanup_null);
    return room;
}

/* ---- file: ---- */

static const char *say_fault(apr_pool_t *pool, const char *path, own_file_fault_t fault,
                             const own_file_t *own)
{
    switch (fault) {
    case OWN_FILE_NOT_REGULAR:
        return apr_psprintf(pool, "bindpw=file: %s is not a regular file", path);
    case OWN_FILE_WRITABLE:
    case OWN_FILE_READABLE:
        return apr_psprintf(pool,
                            "bindpw=file: everybody may read or write %s; chmod 600 it (httpd "
                            "reads it before it gives up root)",
                            path);
    case OWN_FILE_TOO_LARGE:
        return apr_psprintf(pool, "bindpw=file: %s holds more than a password", path);
    default: return apr_pstrcat(pool, "bindpw=file: ", own->cannot, NULL);
    }
}

static const char *from_file(apr_pool_t *pool, const char *path, char *room)
{
    own_file_t own = {.max = LDAP_SECRET_MAX};
    if (path[0] != '/') return "bindpw=file: takes a whole path; write bindpw=file:/etc/...";
    own_file_fault_t fault = own_file_read(&own, pool, path);
    if (fault == OWN_FILE_FINE) {
        memcpy(room, own.text, own.len);
        if (strlen(room) != own.len) fault = OWN_FILE_TOO_LARGE; /* there is a NUL in it */
        own_file_forget(&own);
    }
    if (fault != OWN_FILE_FINE) return say_fault(pool, path, fault, &own);
    size_t len = strlen(room);
    if (len && room[len - 1] == '\n') room[--len] = '\0';
    if (len && room[len - 1] == '\r') room[--len] = '\0';
    return NULL;
}

/* ---- exec: ---- */

/* Reads what fits; false if there is more, or a NUL in it. */
static bool read_all(apr_file_t *file, char *room)
{
    apr_size_t len = 0;
    char more;
    apr_size_t one = 1;
    apr_file_read_full(file, room, LDAP_SECRET_MAX, &len);
    bool all = len < LDAP_SECRET_MAX || apr_file_read(file, &more, &one) != APR_SUCCESS;
    return all && strlen(room) == len;
}

static const char *run(apr_pool_t *pool, char **argv, char *room)
{
    apr_procattr_t *how;
    apr_proc_t process;
    int code = 0;
    apr_exit_why_e ended = APR_PROC_EXIT;
    if (apr_procattr_create(&how, pool) != APR_SUCCESS ||
        apr_procattr_io_set(how, APR_NO_PIPE, APR_FULL_BLOCK, APR_NO_PIPE) != APR_SUCCESS ||
        apr_procattr_cmdtype_set(how, APR_PROGRAM_ENV) != APR_SUCCESS ||
        apr_procattr_error_check_set(how, 1) != APR_SUCCESS ||
        apr_proc_create(&process, argv[0], (const char *const *)argv, NULL, how, pool) !=
            APR_SUCCESS)
        return apr_psprintf(pool, "bindpw=exec: %s cannot be run", argv[0]);
    bool all = read_all(process.out, room);
    apr_file_close(process.out);
    apr_proc_wait(&process, &code, &ended, APR_WAIT);
    if (ended != APR_PROC_EXIT || code != 0)
        return apr_psprintf(pool, "bindpw=exec: %s fails", argv[0]);
    return all ? NULL : apr_psprintf(pool, "bindpw=exec: %s prints too much", argv[0]);
}

static const char *from_program(apr_pool_t *pool, const char *command, char *room)
{
    char **argv;
    if (command[0] != '/')
        return "bindpw=exec: takes a program's whole path; write bindpw=exec:/usr/local/bin/... "
               "(in quotes if arguments follow)";
    if (apr_tokenize_to_argv(command, &argv, pool) != APR_SUCCESS)
        return "bindpw=exec: the arguments cannot be read";
    const char *why = run(pool, argv, room);
    char *end = strpbrk(room, "\r\n");
    if (end) secret_wipe(end, strlen(end));
    return why;
}

/* ---- env: ---- */

static const char *from_environment(apr_pool_t *pool, const char *name, char *room)
{
    const char *value = getenv(name);
    if (!value) return apr_psprintf(pool, "bindpw=env: the environment of httpd has no %s", name);
    apr_cpystrn(room, value, LDAP_SECRET_MAX + 1);
    return strlen(value) > LDAP_SECRET_MAX ? "bindpw=env: the password is too long" : NULL;
}

/* ---- which ---- */

const char *ldap_secret_read(apr_pool_t *pool, const char *from, const char **secret)
{
    static const struct {
        const char *prefix;
        const char *(*read)(apr_pool_t *pool, const char *from, char *room);
    } ways[] = {{"file:", from_file}, {"exec:", from_program}, {"env:", from_environment}};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        size_t len = strlen(ways[i].prefix);
        if (strncmp(from, ways[i].prefix, len) != 0) continue;
        char *room = make_room(pool);
        const char *why = ways[i].read(pool, from + len, room);
        if (!why && !*room)
            why = apr_psprintf(pool, "bindpw=%s the password is empty", ways[i].prefix);
        if (!why) *secret = room;
        return why;
    }
    return LDAP_SECRET_HELP;
}
