/* folder.h - a folder for the files of a test, gone afterwards. */
#ifndef NTLM_UNIT_FOLDER_H
#define NTLM_UNIT_FOLDER_H

#include "unit.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <apr_general.h>
#include <apr_strings.h>

static apr_pool_t *pool;
static char folder[] = "/tmp/unit-creds-XXXXXX";

static const char *path_of(const char *name)
{
    return apr_pstrcat(pool, folder, "/", name, NULL);
}

/* A file of that mode (the umask has no say) with that text. */
static const char *file_with(const char *name, const char *text, mode_t mode)
{
    const char *path = path_of(name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, mode), 0);
    return path;
}

static void remove_folder(void)
{
    const struct dirent *entry;
    DIR *files = opendir(folder);
    while (files && (entry = readdir(files)) != NULL)
        if (entry->d_name[0] != '.') unlink(path_of(entry->d_name));
    if (files) closedir(files);
    if (rmdir(folder) != 0) perror(folder);
}

/* Runs a group with the pool and the folder there. */
#define RUN_GROUP_IN_FOLDER(tests, failed)                                                         \
    do {                                                                                           \
        apr_initialize();                                                                          \
        apr_pool_create(&pool, NULL);                                                              \
        failed = mkdtemp(folder) ? RUN_GROUP(tests) : 1;                                           \
        remove_folder();                                                                           \
        apr_pool_destroy(pool);                                                                    \
        apr_terminate();                                                                           \
    } while (0)

#endif
