/* html.h - pages for people: HTML without script, in which all text of anybody is escaped.
 */
#ifndef NTLM_BENCH_HTML_H
#define NTLM_BENCH_HTML_H

#include "page.h"

/* Begins one with its title as headline. NULL if there is no memory. */
page_t *html_open(request_rec *r, const char *title);

/* Its end is written; page_send() or page_close() follows. */
void html_end(page_t *page);

/* A text, as for printf; what it gives is escaped. */
void html_text(page_t *page, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same in an element. */
void html_element(page_t *page, const char *element, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A link to an address of the bench. */
void html_link(page_t *page, const char *path, const char *text);

/* A row of a table that the caller has begun: a name and a text. */
void html_row(page_t *page, const char *name, const char *text);

#endif
