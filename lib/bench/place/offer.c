#include "tables.h"

#define SET(...)                                                                                   \
    .kind = PLACE_PLAIN, .settings = &(const settings_t)                                           \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }

/* Production answers; its directives there are written by support/ntlm-testbench. */
const place_row_t offer_places[] = {
    {.pattern = "/offer/negotiate",
     .sentence = "Negotiate alone: NTLM in SPNEGO, or by itself under that name",
     .kind = PLACE_PLAIN},
    {.pattern = "/offer/two-lines",
     .sentence = "Negotiate and NTLM, a header each",
     .kind = PLACE_PLAIN},
    {.pattern = "/offer/one-line",
     .sentence = "Negotiate and NTLM in one header, with a comma between them",
     SET(.offer = OFFER_ONE_LINE)},
    {.pattern = "/offer/basic",
     .sentence = "Basic behind NTLM, without TLS, too",
     SET(.takes_basic = true)},
    {.pattern = "/offer/basic-first", .sentence = "Basic in front of NTLM", .kind = PLACE_PLAIN},
    {.pattern = "/offer/lower-case",
     .sentence = "the scheme is called ntlm, with its challenge, too",
     SET(.offer = OFFER_LOWER_CASE)},
    {.pattern = "/offer/none",
     .sentence = "401 without an offer; who comes by itself gets a challenge. ?nth=1: at first "
                 "alone",
     SET(.offer = OFFER_NONE)},
    {.pattern = "/server/not-configured",
     .sentence = "a server whose administrator forgot to say where the accounts are: 500",
     .kind = PLACE_PLAIN},
    {.pattern = "/server/backend-down",
     .sentence = "a server that cannot ask for accounts now: 503, with Retry-After",
     .kind = PLACE_PLAIN},
    {.pattern = NULL},
};
