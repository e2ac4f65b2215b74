#include "passwd_file.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/ntlm/crypto.h"
#include "../lib/ntlm/unicode.h"

enum { FILE_LEN_MAX = 1 << 30 };

static passwd_exit_t cannot(const char *what, const char *name)
{
    warn("cannot %s %s", what, name);
    return PASSWD_NO_FILE;
}

/* ---- lines ---- */

static size_t byte_order_mark(const passwd_file_t *file)
{
    return file->len >= 3 && memcmp(file->text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

bool passwd_file_next(const passwd_file_t *file, passwd_entry_t *entry)
{
    while (entry->end < file->len) {
        entry->start = entry->end == 0 ? byte_order_mark(file) : entry->end;
        const char *text = file->text + entry->start;
        const char *newline = memchr(text, '\n', file->len - entry->start);
        size_t len = newline ? (size_t)(newline - text) : file->len - entry->start;
        entry->end = entry->start + len + 1;
        entry->number++;
        if (creds_line_parse(text, len, &entry->line) != CREDS_LINE_SKIP) return true;
    }
    return false;
}

passwd_exit_t passwd_file_check(const passwd_file_t *file)
{
    passwd_entry_t at = {0};
    passwd_exit_t result = PASSWD_OK;
    while (result == PASSWD_OK && passwd_file_next(file, &at)) {
        if (at.line.kind != CREDS_LINE_BAD) continue;
        warnx("%s:%zu: %s", file->name, at.number, at.line.why);
        result = PASSWD_BAD_FILE;
    }
    secret_wipe(&at, sizeof at);
    return result;
}

passwd_exit_t passwd_file_find(const passwd_file_t *file, const char *user, passwd_entry_t *entry)
{
    passwd_entry_t at = {0};
    passwd_exit_t result = PASSWD_NO_USER;
    while (result != PASSWD_BAD_FILE && passwd_file_next(file, &at)) {
        if (unicode_casecmp(at.line.name, user) != 0) continue;
        if (result == PASSWD_OK) {
            warnx("%s:%zu: '%s' is the same name as in line %zu (case makes no difference); "
                  "remove one of the two",
                  file->name, at.number, at.line.name, entry->number);
            result = PASSWD_BAD_FILE;
            continue;
        }
        *entry = at;
        result = PASSWD_OK;
    }
    secret_wipe(&at, sizeof at);
    return result;
}

void passwd_line_make(const char *user, const uint8_t nt_hash[NTLM_KEY_LEN], bool disabled,
                      passwd_line_t *line)
{
    size_t len = strlen(user);
    memcpy(line->text, user, len);
    line->text[len++] = ':';
    line->digits = len;
    hex_write(line->text + len, (bytes_t){nt_hash, NTLM_KEY_LEN});
    len += SMBPASSWD_DIGITS;
    for (const char *flag = disabled ? ":[D]" : ""; *flag; flag++) line->text[len++] = *flag;
    line->text[len++] = '\n';
    line->len = len;
}

/* ---- opening ---- */

/* A new file is for root and httpd, whose group has another name everywhere. */
static gid_t group_of_httpd(void)
{
    static const char *const names[] = {"www-data", "apache", "httpd", "http", "www"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct group *group = getgrnam(names[i]);
        if (group) return group->gr_gid;
    }
    return (gid_t)-1;
}

static passwd_exit_t plan_new_file(passwd_file_t *file)
{
    struct stat info;
    bool root = geteuid() == 0;
    if (lstat(file->name, &info) == 0) {
        warnx("%s is a symbolic link to a file that does not exist; name that file", file->name);
        return PASSWD_NO_FILE;
    }
    file->path = strdup(file->name);
    if (!file->path) return cannot("create", file->name);
    file->is_new = true;
    file->group = root ? group_of_httpd() : (gid_t)-1;
    file->mode = root ? 0640 : 0600;
    return PASSWD_OK;
}

static passwd_exit_t find_file(passwd_file_t *file, passwd_access_t access)
{
    file->path = realpath(file->name, NULL);
    if (file->path) return PASSWD_OK;
    if (errno != ENOENT) return cannot("open", file->name);
    if (access >= PASSWD_MAKE) return plan_new_file(file);
    warnx("%s does not exist; use -c to create it", file->name);
    return PASSWD_NO_FILE;
}

/* The lock first: what is looked at afterwards stays. */
static passwd_exit_t open_and_lock(passwd_file_t *file, passwd_access_t access, struct stat *info)
{
    int mode = access == PASSWD_READ ? O_RDONLY : O_RDWR;
    file->fd = open(file->path, mode | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file->fd < 0) return cannot("open", file->name);
    if (access != PASSWD_READ && flock(file->fd, LOCK_EX) != 0) return cannot("lock", file->name);
    if (fstat(file->fd, info) != 0) return cannot("stat", file->name);
    if (S_ISREG(info->st_mode)) {
        file->owner = info->st_uid;
        file->group = info->st_gid;
        file->mode = info->st_mode & 07777;
        return PASSWD_OK;
    }
    warnx("%s is not a regular file; name a password file", file->name);
    return PASSWD_NO_FILE;
}

/* While this process waited for the lock, another may have renamed a new file
 * over the one that is locked. */
static bool is_replaced(const passwd_file_t *file, const struct stat *info)
{
    struct stat now;
    return stat(file->path, &now) != 0 || now.st_dev != info->st_dev || now.st_ino != info->st_ino;
}

static passwd_exit_t load(passwd_file_t *file, off_t size)
{
    if (size > FILE_LEN_MAX) {
        warnx("%s is too large for a password file", file->name);
        return PASSWD_BAD_FILE;
    }
    size_t len = (size_t)size;
    file->text = calloc(1, len + 1); /* -fanalyzer does not know that read() fills it */
    if (!file->text) return cannot("hold", file->name);
    while (file->len < len) {
        ssize_t got = read(file->fd, file->text + file->len, len - file->len);
        if (got < 0) return cannot("read", file->name);
        if (got == 0) break;
        file->len += (size_t)got;
    }
    if (file->len > 0 && file->text[file->len - 1] != '\n') file->text[file->len++] = '\n';
    return passwd_file_check(file);
}

passwd_exit_t passwd_file_open(const char *name, passwd_access_t access, passwd_file_t *file)
{
    struct stat info;
    for (;;) {
        *file = (passwd_file_t){.name = name, .fd = -1, .owner = (uid_t)-1, .group = (gid_t)-1};
        passwd_exit_t result = find_file(file, access);
        if (result != PASSWD_OK || file->is_new) return result;
        result = open_and_lock(file, access, &info);
        if (result != PASSWD_OK) return result;
        if (access == PASSWD_READ || !is_replaced(file, &info)) break;
        close(file->fd);
        free(file->path);
    }
    return access == PASSWD_CREATE ? PASSWD_OK : load(file, info.st_size);
}

void passwd_file_close(passwd_file_t *file)
{
    if (file->text) secret_wipe(file->text, file->len);
    free(file->text);
    free(file->path);
    if (file->fd >= 0) close(file->fd);
    file->text = file->path = NULL;
    file->fd = -1;
}

/* ---- rewriting ---- */

bool write_all(int fd, bytes_t bytes)
{
    while (bytes.len > 0) {
        ssize_t done = write(fd, bytes.data, bytes.len);
        if (done < 0) return false;
        bytes = bytes_from(bytes, (size_t)done);
    }
    return true;
}

static bytes_t text_part(const passwd_file_t *file, size_t start, size_t end)
{
    if (start == end) return bytes_none();
    return (bytes_t){(const uint8_t *)file->text + start, end - start};
}

/* Left to another owner, the file would open or close itself to somebody. */
static passwd_exit_t keep_owner(const passwd_file_t *file, int fd)
{
    struct stat info;
    if (fstat(fd, &info) != 0) return cannot("stat", file->name);
    uid_t owner = file->owner == (uid_t)-1 ? info.st_uid : file->owner;
    gid_t group = file->group == (gid_t)-1 ? info.st_gid : file->group;
    bool same = info.st_uid == owner && info.st_gid == group;
    if (!same && fchown(fd, owner, group) != 0)
        return cannot("set the owner and group of", file->name);
    return fchmod(fd, file->mode) == 0 ? PASSWD_OK : cannot("set the mode of", file->name);
}

/* The rename is done already; that it may not be on the disk yet is no failure. */
static void sync_folder(char *path)
{
    int fd = open(dirname(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return;
    fsync(fd);
    close(fd);
}

static passwd_exit_t fill(const passwd_file_t *file, int fd, const bytes_t parts[3])
{
    for (int i = 0; i < 3; i++)
        if (!write_all(fd, parts[i])) return cannot("write", file->name);
    passwd_exit_t result = keep_owner(file, fd);
    if (result != PASSWD_OK) return result;
    return fsync(fd) == 0 ? PASSWD_OK : cannot("write", file->name);
}

static passwd_exit_t rename_filled(const passwd_file_t *file, char *temp, const bytes_t parts[3])
{
    int fd = mkstemp(temp);
    if (fd < 0) return cannot("make a new file beside", file->name);
    passwd_exit_t result = fill(file, fd, parts);
    if (close(fd) != 0 && result == PASSWD_OK) result = cannot("write", file->name);
    if (result == PASSWD_OK && rename(temp, file->path) != 0)
        result = cannot("replace", file->name);
    if (result == PASSWD_OK)
        sync_folder(temp);
    else
        unlink(temp);
    return result;
}

passwd_exit_t passwd_file_replace(const passwd_file_t *file, size_t start, size_t end, bytes_t with)
{
    const bytes_t parts[] = {text_part(file, 0, start), with, text_part(file, end, file->len)};
    size_t size = strlen(file->path) + sizeof ".XXXXXX";
    sigset_t all, before;
    char *temp = malloc(size);
    if (!temp) return cannot("write", file->name);
    snprintf(temp, size, "%s.XXXXXX", file->path);
    /* A signal must not leave the new file behind. */
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &before);
    passwd_exit_t result = rename_filled(file, temp, parts);
    sigprocmask(SIG_SETMASK, &before, NULL);
    free(temp);
    return result;
}
