/* sections.h - which sections of a configuration are about the same requests, as far as the
 * text tells.
 *
 * A section is one that says what holds for some requests: <Location>, <Directory>, <Files>,
 * <If> and the like, but neither <VirtualHost> nor what stands around a Require. NULL is the
 * whole of a server. No disk is looked at: which URL leads to which folder is not known.
 */
#ifndef NTLM_CONFIGTEST_SECTIONS_H
#define NTLM_CONFIGTEST_SECTIONS_H

#include <httpd.h>
#include <http_config.h>

/* The section that a directive stands in. */
const ap_directive_t *section_of(const ap_directive_t *at);

/* How two sections, each given by a directive in it, lie to each other. */
typedef enum section_relation_t {
    SECTIONS_APART,   /* no request is about both */
    SECTIONS_SAME,    /* all requests are: it is one section, or equal paths */
    SECTION_INSIDE,   /* all requests of the first one are about the second, too */
    SECTION_OUTSIDE,  /* the other way round */
    SECTIONS_UNKNOWN, /* some may be */
} section_relation_t;

section_relation_t sections_relate(apr_pool_t *pool, const ap_directive_t *a,
                                   const ap_directive_t *b);

#endif
