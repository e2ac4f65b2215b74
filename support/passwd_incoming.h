/* passwd_incoming.h - the accounts of another file or of stdin, for --import and --sync.
 */
#ifndef NTLM_PASSWD_INCOMING_H
#define NTLM_PASSWD_INCOMING_H

#include "passwd_file.h"

/* One account. Small, since there may be a million of them; hashes stay in the text, so
 * that sorting leaves no copies of them in memory. */
typedef struct incoming_t {
    char *name;
    size_t start, end, number; /* its line, as in passwd_entry_t */
    size_t found_at;           /* the caller's: the line of FILE that has it; 0: none yet */
} incoming_t;

typedef struct incoming_list_t {
    passwd_file_t source;
    incoming_t *accounts; /* sorted by name, each name once */
    size_t count;
    size_t computers; /* that were left out */
} incoming_list_t;

/* Reads all accounts of a file, or of stdin for "-"; those of computers only if they are
 * wanted. The caller closes it, after a failure too. */
passwd_exit_t incoming_open(const char *name, bool computers, incoming_list_t *list);
void incoming_close(incoming_list_t *list);

/* NULL if it is not there. */
incoming_t *incoming_find(const incoming_list_t *list, const char *name);

/* The account's line; a secret. */
void incoming_line(const incoming_list_t *list, const incoming_t *account, creds_line_t *line);

/* From now on in the order of their lines; nothing can be found any more. */
void incoming_in_order(incoming_list_t *list);

/* Says that a name stands twice in a file; gives PASSWD_BAD_FILE. */
passwd_exit_t passwd_is_twice(const passwd_file_t *file, size_t a, size_t b, const char *name);

#endif
