#include "index.h"

#include <string.h>

#include "../place/places.h"
#include "../site/site.h"
#include "html.h"

static const char *const kinds[] = {
    [PLACE_PLAIN] = "production", [PLACE_OWN] = "bench", [PLACE_PAGE] = "page"};

static const struct {
    const char *example, *sentence;
} verdicts[] = {
    {"NTLM-Bench",
     "stands in the header of every answer: status=...; conn=...; req=...; login=...; "
     "user=...; id=..."},
    {"/last", "what became of the last login of this run, and why; /last.json for programs"},
    {"/last/1", "the same of the request with that id"},
    {"/decoded", "the same for people, with the messages decoded"},
    {"/r/my-test/ntlm", "/r/NAME in front of any address keeps a run of yours apart: its /last is "
                        "/r/NAME/last"},
    {"/fault/error-at-type1?nth=2", "?nth=N behind an address that goes wrong: the nth time of a "
                                    "run alone, so that another try succeeds"},
};

static const char *example_of(const place_row_t *row)
{
    return row->example ? row->example : row->pattern;
}

/* ---- for programs ---- */

static void say_places(json_t *json, const request_rec *r)
{
    json_open(json, "places", '[');
    for (size_t i = 0; place_tables[i]; i++)
        for (const place_row_t *row = place_tables[i]; row->pattern; row++) {
            json_open(json, NULL, '{');
            json_text(json, "pattern", row->pattern);
            json_text(json, "sentence", row->sentence);
            json_text(json, "by", kinds[row->kind]);
            json_text(json, "example", page_path(r, example_of(row)));
            json_close(json, '}');
        }
    json_close(json, ']');
}

static void say_accounts(json_t *json, const site_t *site)
{
    json_open(json, "accounts", '[');
    for (int i = 0; i < site->accounts->nelts; i++) {
        const site_account_t *account = &APR_ARRAY_IDX(site->accounts, i, site_account_t);
        json_open(json, NULL, '{');
        json_text(json, "domain", account->domain);
        json_text(json, "user", account->user);
        json_text(json, "password", account->password);
        json_bool(json, "disabled", account->disabled);
        json_close(json, '}');
    }
    json_close(json, ']');
}

int index_json(request_rec *r)
{
    const site_t *site = site_of_bench();
    page_t *page = page_open(r, "application/json");
    if (!page) return HTTP_INTERNAL_SERVER_ERROR;
    json_t json = {.out = page->out};
    json_open(&json, NULL, '{');
    json_text(&json, "version", site->version);
    json_open(&json, "urls", '{');
    for (int i = 0; i < site->urls->nelts; i++) {
        const site_url_t *url = &APR_ARRAY_IDX(site->urls, i, site_url_t);
        json_text(&json, url->kind, url->url);
    }
    json_close(&json, '}');
    say_accounts(&json, site);
    say_places(&json, r);
    json_close(&json, '}');
    return page_send(page);
}

/* ---- for people ---- */

static void write_login(page_t *page)
{
    html_element(page, "h2", "Log in");
    fputs("<p>", page->out);
    html_link(page, "/ntlm", "Log in here");
    html_text(page,
              " with one of the accounts below; what your browser sent is shown, decoded. With "
              "a wrong password, cancel when you are asked again: the page says why. ");
    html_link(page, "/decoded", "The last login");
    html_text(page, " is kept.");
    fputs("</p>\n", page->out);
}

static void write_accounts(page_t *page, const site_t *site)
{
    html_element(page, "h2", "Accounts");
    fputs("<table>\n<tr><th>domain</th><th>user</th><th>password</th><th></th></tr>\n", page->out);
    for (int i = 0; i < site->accounts->nelts; i++) {
        const site_account_t *account = &APR_ARRAY_IDX(site->accounts, i, site_account_t);
        fputs("<tr>", page->out);
        html_element(page, "td", "%s", *account->domain ? account->domain : "any");
        html_element(page, "td", "%s", account->user);
        fputs("<td>", page->out);
        html_element(page, "code", "%s", account->password);
        fputs("</td>", page->out);
        html_element(page, "td", "%s", account->disabled ? "disabled" : "");
        fputs("</tr>\n", page->out);
    }
    fputs("</table>\n", page->out);
}

static void write_ports(page_t *page, const site_t *site)
{
    html_element(page, "h2", "Ports");
    html_element(
        page, "p",
        "The proxy asks with 407, and leads to these ports alone. What it demands says the "
        "header NTLM-Bench-Place (/mic, as a path here) or the user's name: "
        "\"alice;mic\" is alice at /mic.");
    html_element(page, "p",
                 "Over TLS trust the ca that ntlm-testbench has printed. The certificates of "
                 "sha384, sha512 and ecdsa are signed otherwise than that of https, for channel "
                 "bindings; h2 speaks HTTP/2.");
    fputs("<table>\n", page->out);
    for (int i = 0; i < site->urls->nelts; i++) {
        const site_url_t *url = &APR_ARRAY_IDX(site->urls, i, site_url_t);
        html_row(page, url->kind, url->url);
    }
    fputs("</table>\n", page->out);
}

static void write_verdicts(page_t *page)
{
    html_element(page, "h2", "Verdicts");
    fputs("<table>\n", page->out);
    for (size_t i = 0; i < sizeof verdicts / sizeof verdicts[0]; i++)
        html_row(page, verdicts[i].example, verdicts[i].sentence);
    fputs("</table>\n", page->out);
}

static void write_places(page_t *page)
{
    html_element(page, "h2", "Addresses");
    html_element(
        page, "p",
        "Any method does, and any further path is yours (behind /-/ where an account stands "
        "in the path).");
    fputs("<table>\n", page->out);
    for (size_t i = 0; place_tables[i]; i++)
        for (const place_row_t *row = place_tables[i]; row->pattern; row++) {
            fputs("<tr><th>", page->out);
            html_text(page, "%s", row->pattern);
            fputs("</th><td>", page->out);
            html_text(page, "%s: ", row->sentence);
            html_link(page, example_of(row), example_of(row));
            fputs("</td></tr>\n", page->out);
        }
    fputs("</table>\n", page->out);
}

int index_page(request_rec *r)
{
    const char *accept = apr_table_get(r->headers_in, "Accept");
    const site_t *site = site_of_bench();
    apr_table_setn(r->headers_out, "Vary", "Accept");
    if (!page_is_for_people(r) && accept && strstr(accept, "application/json"))
        return index_json(r);
    page_t *page = html_open(r, "NTLM test bench");
    if (!page) return HTTP_INTERNAL_SERVER_ERROR;
    html_element(page, "p",
                 "A server for authors of NTLM clients: every behaviour has an address, and says "
                 "what is wrong with a login.");
    write_login(page);
    write_accounts(page, site);
    write_ports(page, site);
    write_verdicts(page);
    write_places(page);
    fputs("<p>", page->out);
    html_link(page, "/index.json", "The same as JSON");
    html_text(page, " (%s)", site->version);
    fputs("</p>\n", page->out);
    html_end(page);
    return page_send(page);
}

int index_style(request_rec *r)
{
    page_t *page = page_open(r, "text/css; charset=utf-8");
    if (!page) return HTTP_INTERNAL_SERVER_ERROR;
    fputs(":root { color-scheme: light dark; }\n"
          "body { font: 16px/1.5 sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em; }\n"
          "table { border-collapse: collapse; }\n"
          "th, td { text-align: left; vertical-align: top; padding: .2em 1em .2em 0; "
          "overflow-wrap: anywhere; }\n"
          "th { font-weight: 600; white-space: nowrap; }\n"
          "code, pre { font: 14px/1.4 monospace; }\n"
          "pre { overflow-x: auto; padding: .5em; border: 1px solid #8884; }\n"
          "summary { cursor: pointer; }\n",
          page->out);
    return page_send(page);
}
