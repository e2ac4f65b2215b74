/* own_file.h - a file that the configuration names: opened and read in one way.
 *
 * It must be a regular file (a pipe would be waited for), no larger than its kind may be,
 * and, where it holds a secret, not everybody's to read or to write. It is judged as it is
 * opened, so that nobody can put another one in its place between the two.
 */
#ifndef NTLM_CREDS_OWN_FILE_H
#define NTLM_CREDS_OWN_FILE_H

#include <apr_file_io.h>

#include "../ntlm/wire.h"

typedef enum own_file_fault_t {
    OWN_FILE_FINE,
    OWN_FILE_NOT_OPENED,
    OWN_FILE_NOT_REGULAR,
    OWN_FILE_WRITABLE, /* by everybody */
    OWN_FILE_READABLE, /* by everybody */
    OWN_FILE_TOO_LARGE,
    OWN_FILE_NOT_READ
} own_file_fault_t;

typedef struct own_file_t {
    /* What the caller says. */
    apr_fileperms_t everybody_may; /* APR_FPROT_WREAD, APR_FPROT_WWRITE, both, or 0 */
    apr_size_t max;                /* bytes; 0: as many as there are */

    /* What came of it. */
    apr_finfo_t info;    /* type, rights, size, times and inode, once it is open */
    apr_status_t status; /* of a fault: what the system says, or would say */
    const char *cannot;  /* "cannot open PATH: ...", from pool, when the system refuses */
    uint8_t *text;       /* the content, until own_file_forget() */
    apr_size_t len;
} own_file_t;

/* Opens a file that is fit; the caller closes it. */
own_file_fault_t own_file_open(own_file_t *own, apr_pool_t *pool, const char *path,
                               apr_file_t **file);

/* The same, and reads all of it. Only a file that is fine leaves a content to forget. */
own_file_fault_t own_file_read(own_file_t *own, apr_pool_t *pool, const char *path);

/* Wipes the content, and gives its memory back. */
void own_file_forget(own_file_t *own);

/* "cannot VERB PATH: what the system says" */
const char *creds_cannot(apr_pool_t *pool, const char *verb, const char *path, apr_status_t status);

#endif
