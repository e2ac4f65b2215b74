/* name_forms.h - the forms of a user's and of a domain's name that clients hash.
 */
#ifndef NTLM_NAME_FORMS_H
#define NTLM_NAME_FORMS_H

#include "../remarks.h"
#include "../replay.h"

/* What is wrong with a name, then with both of them; rows of name_form_remarks[]. */
enum {
    USER_AS_SENT,
    USER_LOWER,
    USER_UPPER_OTHERWISE,
    USER_WITH_DOMAIN,
    USER_LEFT_OUT,
    USER_TAKEN_APART,
    DOMAIN_LOWER,
    DOMAIN_IS_DNS,
    DOMAIN_IS_NETBIOS,
    DOMAIN_IS_TARGET,
    DOMAIN_IS_COMPUTER,
    DOMAIN_IS_DNS_COMPUTER,
    DOMAIN_IS_TREE,
    DOMAIN_IS_WORKSTATION,
    DOMAIN_WITH_DOT,
    DOMAIN_IS_DOT,
    DOMAIN_IS_WORKGROUP,
    DOMAIN_IS_HOST,
    DOMAIN_IS_LABEL,
    DOMAIN_BEFORE_USER,
    NAMES_UTF8,
    NAMES_UTF16BE,
    NAMES_NUL,
    NAMES_NUL_EACH,
    NAMES_BOM,
    NAMES_BOM_EACH,
    NAMES_UTF16BE_BOM,
    NAME_MISTAKES,
    FIRST_WAY = DOMAIN_BEFORE_USER
};

extern const remark_row_t name_form_remarks[];

/* A form, UTF-16LE, and the mistake that it is; NULL: it is right. */
enum { NAME_FORM_ROOM = 1152, FORMS_MAX = 64 }; /* both names in UTF-8, and a few signs */
typedef struct form_t {
    const remark_row_t *mistake;
    size_t len;
    uint8_t bytes[NAME_FORM_ROOM];
} form_t;

typedef struct forms_t {
    size_t right, count; /* the first ones are right */
    form_t list[FORMS_MAX];
} forms_t;

bytes_t form_bytes(const form_t *form);

/* Of a claim that got as far as its proof; into an empty list. */
void forms_of_user(forms_t *users, const ntlm_claim_t *claim);
void forms_of_domain(forms_t *domains, const replay_t *replay);

/* Both names, and a sign (UTF-8) between them, in room. */
bytes_t names_join(uint8_t room[NAME_FORM_ROOM], bytes_t first, const char *sign, bytes_t second);

#endif
