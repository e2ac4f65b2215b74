/* A module that bears the name NEIGHBOUR_NAME, and takes the directive NEIGHBOUR_TAKES. */
#include <httpd.h>
#include <http_config.h>
#include <http_log.h>

APLOG_USE_MODULE(neighbour);

static const char *take(cmd_parms *cmd, void *dir, const char *words)
{
    (void)dir;
    ap_log_perror(APLOG_MARK, APLOG_WARNING, 0, cmd->pool, "the neighbour takes %s %s",
                  cmd->cmd->name, words);
    return NULL;
}

static const command_rec directives[] = {
    AP_INIT_RAW_ARGS(NEIGHBOUR_TAKES, take, NULL, OR_ALL, "taken by the neighbour"), {NULL}};

module AP_MODULE_DECLARE_DATA __attribute__((visibility("default"))) neighbour_module = {
    MODULE_MAGIC_NUMBER_MAJOR,
    MODULE_MAGIC_NUMBER_MINOR,
    -1,
    NEIGHBOUR_NAME,
    NULL,
    NULL,
    MODULE_MAGIC_COOKIE,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    directives,
    NULL,
    0,
};
