/* outlines.h - what an outline has written, as text and as JSON. */
#ifndef NTLM_UNIT_OUTLINES_H
#define NTLM_UNIT_OUTLINES_H

#include "unit.h"

#include "../../lib/explain/outline.h"

static char *written_memory;
static size_t written_len;
static outline_t outline;

static void forget_outline(void)
{
    free(written_memory);
    written_memory = NULL;
}

static outline_t *open_outline(bool as_json)
{
    forget_outline();
    FILE *out = open_memstream(&written_memory, &written_len);
    assert_non_null(out);
    outline = outline_to(out, as_json);
    return &outline;
}

/* Until the next open_outline() or forget_outline(). */
static const char *written_outline(void)
{
    fclose(outline.json.out);
    return written_memory;
}

static void assert_shows(const char *whole, const char *part)
{
    if (!strstr(whole, part)) fail_msg("\"%s\" is not in:\n%s", part, whole);
}

#endif
