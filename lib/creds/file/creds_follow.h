/* creds_follow.h - httpd's parent sees to it that changes of password files come to its children.
 *
 * A reader (creds_reader.h) waits for a change. When it has ended the parent looks at what it has
 * made, serves it to the children that it forks from then on, lays it out for those that run
 * (creds_shelf.h), and starts the next reader. The parent learns of that within a second, which
 * is how often it looks for processes that have ended. (Its monitor hook is of no use
 * for that: httpd runs it every tenth time.) What is read, by whom and when:
 *
 *   a change that is whole       reader, at most a quarter of a second later
 *   a file written in place      when it has not changed for two seconds
 *   a second change meanwhile    the next reader, when the first one has ended
 *   killed while it waits        the next reader within ten seconds
 *   broken, no room, killed      one error line, and the old table serves; tried again when the
 *   or slower than a minute      file changes, and each minute, since the machine may be to blame
 *
 * All of this is called by httpd's parent process, but creds_follow_child().
 */
#ifndef NTLM_CREDS_FOLLOW_H
#define NTLM_CREDS_FOLLOW_H

#include "creds_reader.h"

typedef struct creds_follow_t {
    creds_reader_user_t user;
    void (*complain)(const char *why); /* logs an error */
} creds_follow_t;

/* Follows the files that were opened with that pool, until its end; before the first child is
 * forked. Where the system has no memfd the children look for themselves. */
void creds_follow_begin(apr_pool_t *pool, const creds_follow_t *how);

/* Every ten seconds or so. */
void creds_follow_look(void);

/* In a child, before it serves anybody: gives up what is the parent's alone, and takes what is new
 * from then on, until pool ends. */
void creds_follow_child(apr_pool_t *pool);

#endif
