/* creds_reader.h - the process that waits for a password file to change, and reads it once.
 *
 * It is forked by httpd's parent, may be root as that is, and does one thing: it looks four times
 * a second whether one of the files has changed, opens and reads the one that has, becomes httpd's
 * User, makes a table of it in a segment, and ends. What it has to say it leaves in a report.
 * So neither the parent nor any request waits for the reading, a file of mode 0600 is read, bytes
 * of a file are taken apart without root's rights, and if it is killed nothing has happened.
 * It ends with its parent, whose ports, logs and other descriptors it does not keep open. The
 * parent trusts nothing of it but what it finds sealed and sound.
 */
#ifndef NTLM_CREDS_READER_H
#define NTLM_CREDS_READER_H

#include <sys/types.h>

#include "creds_live.h"

/* As whom files are taken apart, if the parent is root. */
typedef struct creds_reader_user_t {
    uid_t user;
    gid_t group;
} creds_reader_user_t;

typedef enum creds_reader_outcome_t {
    CREDS_READER_ENDED, /* without a word */
    CREDS_READER_DONE,
    CREDS_READER_REFUSED
} creds_reader_outcome_t;

/* What it leaves. Nobody but it and the one who has started it can see that. */
typedef struct creds_report_t {
    volatile apr_uint32_t file;  /* which one it reads, from 1 in their order; 0: it waits */
    volatile apr_uint32_t since; /* when it began to, in clock_msec() */
    creds_reader_outcome_t outcome;
    creds_stamp_t stamp; /* what it found; of a file that cannot be read, what it saw */
    char why[1024];      /* CREDS_READER_REFUSED: a sentence */
} creds_report_t;

typedef struct creds_reader_t {
    pid_t pid;   /* 0: there is none */
    int segment; /* where it writes the table */
    creds_report_t *report;
} creds_reader_t;

/* Starts one for these files (creds_live_all()). Gives false with errno if there is no room. */
bool creds_reader_start(creds_reader_t *reader, creds_file_t *files,
                        const creds_reader_user_t *user);

/* Gives back what belongs to one that has ended, or that a child of httpd has inherited. */
void creds_reader_forget(creds_reader_t *reader);

/* The file that its report is about, or NULL. */
creds_file_t *creds_reader_file(const creds_reader_t *reader, creds_file_t *files);

#endif
