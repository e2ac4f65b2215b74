/* passwd_file.h - a password file as ntlmpasswd reads and rewrites it.
 *
 * A change never touches the file: a new one is written beside it, with the
 * owner, group and mode of the old one, and renamed over it. Who changes holds
 * a lock on the file from reading it until then, so that of several changes at
 * one time none is lost. All other bytes of the file stay as they are.
 */
#ifndef NTLM_PASSWD_FILE_H
#define NTLM_PASSWD_FILE_H

#include <stdbool.h>
#include <sys/types.h>

#include "../lib/creds/file/creds_line.h"
#include "../lib/ntlm/wire.h"
#include "passwd_exit.h"

typedef struct passwd_file_t {
    const char *name; /* as the user gave it, for messages */
    char *path;       /* the file itself: symbolic links are followed */
    int fd;           /* holds the lock; -1 when the file is new */
    bool is_new;
    char *text; /* the content; its last line ends with '\n'; a secret */
    size_t len;
    uid_t owner; /* what a rewritten file gets; (uid_t)-1 and (gid_t)-1: the process's */
    gid_t group;
    mode_t mode;
} passwd_file_t;

typedef enum passwd_access_t {
    PASSWD_READ,
    PASSWD_CHANGE, /* locks the file */
    PASSWD_MAKE,   /* likewise, but the file may be missing */
    PASSWD_CREATE  /* likewise; its content is not read */
} passwd_access_t;

/* Opens and checks a file: every line of it is valid then. The caller closes it,
 * after a failure too. */
passwd_exit_t passwd_file_open(const char *name, passwd_access_t access, passwd_file_t *file);
void passwd_file_close(passwd_file_t *file);

/* One account and where it stands. It holds a secret: the caller wipes it. */
typedef struct passwd_entry_t {
    size_t start, end; /* its line in file->text, with the '\n' */
    size_t number;     /* of the line, from 1 */
    creds_line_t line;
} passwd_entry_t;

/* Moves on to the next account, from {0} to the first; false if there is none. */
bool passwd_file_next(const passwd_file_t *file, passwd_entry_t *entry);

/* Checks that every line is valid, as opening a file does. */
passwd_exit_t passwd_file_check(const passwd_file_t *file);

/* PASSWD_NO_USER if it is not there; that is not told to the user. */
passwd_exit_t passwd_file_find(const passwd_file_t *file, const char *user, passwd_entry_t *entry);

/* A plain line with its '\n'; a secret. */
typedef struct passwd_line_t {
    char text[CREDS_NAME_MAX + SMBPASSWD_DIGITS + sizeof "::[D]\n"];
    size_t len, digits; /* digits: where those of the hash begin */
} passwd_line_t;

void passwd_line_make(const char *user, const uint8_t nt_hash[NTLM_KEY_LEN], bool disabled,
                      passwd_line_t *line);

/* Rewrites the file with other bytes in place of text[start] to text[end - 1]. */
passwd_exit_t passwd_file_replace(const passwd_file_t *file, size_t start, size_t end,
                                  bytes_t with);

/* Writes all bytes; false (errno) if not. */
bool write_all(int fd, bytes_t bytes);

#endif
