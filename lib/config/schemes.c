#include "schemes.h"

/* Each takes so many bits of a schemes_t, the first one the lowest. */
enum { SCHEME_BITS = 8, SCHEME_MASK = (1 << SCHEME_BITS) - 1 };

static char names[SCHEME_COUNT][sizeof "Negotiate"] = {
    [SCHEME_NTLM] = "NTLM", [SCHEME_NEGOTIATE] = "Negotiate", [SCHEME_BASIC] = "Basic"};

char *scheme_name(scheme_t scheme)
{
    return scheme == SCHEME_NONE ? NULL : names[scheme];
}

scheme_t scheme_of_name(const char *name)
{
    for (scheme_t scheme = SCHEME_NONE + 1; scheme < SCHEME_COUNT; scheme++)
        if (name == names[scheme]) return scheme;
    return SCHEME_NONE;
}

/* Which is asked of many texts. A letter of either case differs from no other byte in that bit
 * alone. */
static bool is_name(const char *text, size_t len, const char *name)
{
    enum { SMALL = 0x20 };
    size_t at = 0;
    while (at < len && name[at] != '\0' && (text[at] | SMALL) == (name[at] | SMALL)) at++;
    return at == len && name[at] == '\0';
}

scheme_t scheme_of_text(const char *text, size_t len)
{
    for (scheme_t scheme = SCHEME_NONE + 1; scheme < SCHEME_COUNT; scheme++)
        if (is_name(text, len, names[scheme])) return scheme;
    return SCHEME_NONE;
}

scheme_t schemes_at(schemes_t schemes, size_t place)
{
    if (place >= SCHEME_COUNT - 1) return SCHEME_NONE;
    return (scheme_t)(schemes >> place * SCHEME_BITS & SCHEME_MASK);
}

bool schemes_have(schemes_t schemes, scheme_t scheme)
{
    for (; schemes; schemes >>= SCHEME_BITS)
        if ((schemes & SCHEME_MASK) == (schemes_t)scheme) return true;
    return false;
}

schemes_t schemes_with(schemes_t schemes, scheme_t last)
{
    size_t place = 0;
    while (schemes_at(schemes, place) != SCHEME_NONE) place++;
    return schemes | (schemes_t)last << place * SCHEME_BITS;
}

schemes_t schemes_in_both(schemes_t schemes, schemes_t others)
{
    schemes_t both = 0;
    for (size_t i = 0; schemes_at(schemes, i) != SCHEME_NONE; i++)
        if (schemes_have(others, schemes_at(schemes, i)))
            both = schemes_with(both, schemes_at(schemes, i));
    return both;
}
