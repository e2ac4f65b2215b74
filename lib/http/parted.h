/* parted.h - headers that ask for a login, one for each scheme.
 *
 * httpd joins headers of one name when a script answers (ErrorDocument): "Negotiate, NTLM". RFC
 * 9110 11.6.1 lets it, but browsers take that for one challenge, of a scheme that nobody knows.
 */
#ifndef NTLM_HTTP_PARTED_H
#define NTLM_HTTP_PARTED_H

/* Registers the filter that takes what this module has asked with out of such headers again. */
void parted_register(void);

#endif
