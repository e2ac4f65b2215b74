#include "html.h"

#include <stdarg.h>

#include <apr_strings.h>

/* It escapes <, >, & and ", as attributes need it. */
static void put(page_t *page, const char *text)
{
    fputs(ap_escape_html(page->r->pool, text), page->out);
}

page_t *html_open(request_rec *r, const char *title)
{
    page_t *page = page_open(r, "text/html; charset=utf-8");
    if (!page) return NULL;
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width\">\n"
          "<link rel=\"stylesheet\" href=\"/style.css\">\n",
          page->out);
    html_element(page, "title", "%s", title);
    fputs("</head>\n<body>\n", page->out);
    html_element(page, "h1", "%s", title);
    return page;
}

void html_end(page_t *page)
{
    fputs("</body>\n</html>\n", page->out);
}

void html_text(page_t *page, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    put(page, apr_pvsprintf(page->r->pool, format, list));
    va_end(list);
}

void html_element(page_t *page, const char *element, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    fprintf(page->out, "<%s>", element);
    put(page, apr_pvsprintf(page->r->pool, format, list));
    fprintf(page->out, "</%s>\n", element);
    va_end(list);
}

void html_link(page_t *page, const char *path, const char *text)
{
    fputs("<a href=\"", page->out);
    put(page, page_path(page->r, path));
    fputs("\">", page->out);
    put(page, text);
    fputs("</a>", page->out);
}

void html_row(page_t *page, const char *name, const char *text)
{
    fputs("<tr>", page->out);
    html_element(page, "th", "%s", name);
    html_element(page, "td", "%s", text);
    fputs("</tr>\n", page->out);
}
