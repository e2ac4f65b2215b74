/* conftree.h - looking through httpd's tree of directives, sections included. */
#ifndef NTLM_CONFIG_CONFTREE_H
#define NTLM_CONFIG_CONFTREE_H

#include <stdbool.h>

#include <httpd.h>
#include <http_config.h>

/* The directive behind that one; NULL after the last. */
const ap_directive_t *conftree_next(const ap_directive_t *at);

/* True for a directive of that name. */
bool conftree_is(const ap_directive_t *at, const char *name);

/* True for that directive with that first word. */
bool conftree_says(apr_pool_t *pool, const ap_directive_t *at, const char *directive,
                   const char *word);

/* True for that directive with that word, in any place. */
bool conftree_lists(apr_pool_t *pool, const ap_directive_t *at, const char *directive,
                    const char *word);

/* The first directive of that name, from `at` (NULL: nowhere) on; NULL if there is none. */
const ap_directive_t *conftree_find(const ap_directive_t *at, const char *name);

/* The <VirtualHost> around it, or NULL. */
const ap_directive_t *conftree_host(const ap_directive_t *at);

/* Whether it is for that server: what stands outside of every <VirtualHost> may be for any. */
bool conftree_serves(const ap_directive_t *at, const server_rec *s);

#endif
