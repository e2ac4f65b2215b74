#include "places.h"

#include <string.h>

#include <apr_escape.h>
#include <apr_lib.h>
#include <apr_strings.h>

#include "tables.h"

const place_row_t *const place_tables[] = {
    plain_places, account_places, fixed_places,  type2_places, connection_places,
    offer_places, fault_places,   around_places, page_places,  NULL,
};

/* ---- segments ---- */

typedef struct segments_t {
    apr_pool_t *pool;
    const char *at; /* "" or "/..." */
} segments_t;

/* The length of the segment that comes; at stands before its slash. */
static size_t segment_len(const segments_t *in)
{
    return strcspn(in->at + 1, "/");
}

/* NULL if it cannot be decoded, or has a NUL in it. */
static const char *take_segment(segments_t *in)
{
    const size_t len = segment_len(in);
    const char *encoded = apr_pstrndup(in->pool, in->at + 1, len), *decoded = encoded;
    in->at += 1 + len;
    if (strchr(encoded, '%')) decoded = apr_punescape_url(in->pool, encoded, NULL, NULL, 0);
    return decoded;
}

static bool takes_word(segments_t *in, const char *word, size_t len)
{
    if (*in->at != '/' || segment_len(in) != len || strncmp(in->at + 1, word, len) != 0)
        return false;
    in->at += 1 + len;
    return true;
}

/* ---- patterns ---- */

/* Whether what is left of the path may be the user's. */
static bool is_rest(const place_row_t *row, segments_t *left)
{
    if (*left->at == '\0' || strcmp(left->at, "/") == 0) return true;
    if (!row->exact) return true;
    return strncmp(left->at, "/-/", 3) == 0 || strcmp(left->at, "/-") == 0;
}

/* Goes along the pattern; false when the path does not fit. */
static bool fits(apr_pool_t *pool, const place_row_t *row, const char *path, place_t *place)
{
    segments_t in = {pool, path};
    size_t count = 0;
    if (*path != '/') return false;
    place->args = (place_args_t){.segments = {NULL}};
    for (const char *word = row->pattern; *word == '/' && word[1];) {
        const size_t len = strcspn(word + 1, "/");
        const bool is_name = word[1] == '{', may_miss = is_name && word[len - 1] == '?';
        const bool ends = *in.at != '/' || (row->exact && strncmp(in.at, "/-", 2) == 0 &&
                                            (in.at[2] == '/' || in.at[2] == '\0'));
        if (!is_name && !takes_word(&in, word + 1, len)) return false;
        if (is_name && ends && !may_miss) return false;
        if (is_name && !ends) {
            const char *segment = take_segment(&in);
            if (!segment) return false;
            place->args.segments[count] = segment;
        }
        if (is_name) count++;
        word += 1 + len;
    }
    if (!is_rest(row, &in)) return false;
    place->rest = apr_pstrdup(pool, in.at);
    return true;
}

/* Takes "/r/RUN" off. */
static const char *take_run(apr_pool_t *pool, const char *path, place_t *place)
{
    segments_t in = {pool, path};
    place->run = "";
    if (!takes_word(&in, "r", 1) || *in.at != '/' || segment_len(&in) == 0) return path;
    const char *run = take_segment(&in);
    if (!run || strlen(run) > RUN_MAX) {
        place->why = "the name of a run has 64 bytes at the most";
        return path;
    }
    place->run = run;
    return *in.at ? in.at : "/";
}

place_t place_of(apr_pool_t *pool, const char *path)
{
    place_t place = {.rest = ""};
    path = take_run(pool, path, &place);
    for (size_t i = 0; !place.why && !place.row && place_tables[i]; i++)
        for (const place_row_t *row = place_tables[i]; !place.row && row->pattern; row++)
            if (fits(pool, row, path, &place)) place.row = row;
    if (!place.row && !place.why) place.why = "there is no such address: / lists them";
    if (place.row && place.row->settings) place.settings = *place.row->settings;
    if (place.row && place.row->configure)
        place.why = place.row->configure(pool, &place.settings, &place.args);
    return place;
}
