/* dump_exit.h - how ntlmdump ends.
 *
 * A function of the tool that gives DUMP_UNUSABLE has told the user why on stderr.
 */
#ifndef NTLM_DUMP_EXIT_H
#define NTLM_DUMP_EXIT_H

typedef enum dump_exit_t {
    DUMP_OK = 0,      /* all messages are well-formed; verify: the login is accepted */
    DUMP_REFUSED = 1, /* a message breaks a rule; verify: the login is refused */
    DUMP_UNUSABLE = 2 /* wrong usage, or input that nothing can be made of */
} dump_exit_t;

dump_exit_t dump_usage(void); /* says it on stderr; gives DUMP_UNUSABLE */

#endif
