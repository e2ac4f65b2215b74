/* name.h - names that hold a domain, taken apart: here and nowhere else.
 *
 * The parts lie within the name that they are taken from: they live as long as it does, end in
 * no NUL of their own, and are never NULL, however empty. They are for looking up, counting and
 * policy only: the proof is about the name as it was sent.
 */
#ifndef NTLM_NAME_H
#define NTLM_NAME_H

#include "wire.h"

enum {
    NTLM_USER_MAX = 104,   /* longest user name, in UTF-16 units */
    NTLM_DOMAIN_MAX = 255, /* longest domain or workstation name, likewise */
};

typedef struct name_parts_t {
    bytes_t domain, user;
    bool apart; /* there are two parts, of which either may be empty; else the domain is */
} name_parts_t;

/* A user name as clients send it: DOMAIN\user is split at its first '\', else user@domain at
 * its last '@'. */
name_parts_t name_of_client(const char *name);

/* The same for a part of one, which may hold a domain itself. */
name_parts_t name_within(bytes_t name);

/* An account's name as sources spell it: "user", or "DOMAIN\user", split at its first '\'. The
 * user ends where the name does, so that its data is a string. */
name_parts_t name_of_account(const char *name);

/* NULL if an account may be called so, "user" or "DOMAIN\user"; else (static text) why not: it
 * is not text (unicode_check_name), has an empty part, a second '\', a blank at the end of a
 * part, or is longer than NTLM allows. */
const char *name_check(const char *account);

/* Whether it is one of these, NULL at the end, in any case. */
bool name_is_listed(const char *const *list, const char *name);

/* The name that failures of a client's user name are counted for, in UTF-16LE: without any
 * domain, however many stand around it, since a name that holds one is found behind another,
 * too; without blanks at its ends and with one between words, as directories match names
 * (RFC 4518 2.6.1); in capitals by both tables, as accounts are compared. False if it does not
 * fit, or the name is not UTF-8. */
enum { NAME_KEY_MAX = 2 * 3 * NTLM_USER_MAX };
bool name_write_key(writer_t *out, const char *name);

#endif
