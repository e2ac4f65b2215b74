#include <string.h>

#include "../../ntlm/flags.h"
#include "tables.h"

static const char *any_flags(apr_pool_t *pool, settings_t *settings, const place_args_t *args)
{
    uint8_t bytes[4];
    (void)pool;
    if (!hex_read(bytes_of(args->segments[0]), bytes, sizeof bytes))
        return "the flags are 8 hex digits, as in /type2/flags/e2898235";
    settings->shape.has_flags = true;
    for (size_t i = 0; i < sizeof bytes; i++)
        settings->shape.flags = settings->shape.flags << 8 | bytes[i];
    return NULL;
}

static const char *av_flags(apr_pool_t *pool, settings_t *settings, const place_args_t *args)
{
    uint8_t bytes[4] = {0};
    (void)pool;
    if (args->segments[0] && !hex_read(bytes_of(args->segments[0]), bytes, sizeof bytes))
        return "the flags are 8 hex digits, as in /type2/av-flags/00000002";
    settings->shape.has_av_flags = true;
    for (size_t i = 0; i < sizeof bytes; i++)
        settings->shape.av_flags = settings->shape.av_flags << 8 | bytes[i];
    return NULL;
}

static const char *single_host(apr_pool_t *pool, settings_t *settings, const place_args_t *args)
{
    (void)pool;
    if (strcmp(args->segments[0], "48") == 0) settings->shape.single_host = 48;
    if (strcmp(args->segments[0], "80") == 0) settings->shape.single_host = 80;
    return settings->shape.single_host ? NULL : "MsvAvSingleHost has 48 or 80 bytes";
}

#define SHAPED(...)                                                                                \
    .kind = PLACE_OWN, .settings = &(const settings_t)                                             \
    {                                                                                              \
        .shape = { __VA_ARGS__ }                                                                   \
    }

const place_row_t type2_places[] = {
    {.pattern = "/type2/no-time",
     .sentence = "a challenge without MsvAvTimestamp: clients take their own clock, and leave the "
                 "MIC out",
     SHAPED(.no_time = true)},
    {.pattern = "/type2/oem",
     .sentence = "a challenge with NTLM_NEGOTIATE_OEM: names are no UTF-16, but for the AV pairs",
     SHAPED(.flags_with = NTLM_NEGOTIATE_OEM, .flags_without = NTLMSSP_NEGOTIATE_UNICODE)},
    {.pattern = "/type2/no-ess",
     .sentence = "a challenge without NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY",
     SHAPED(.flags_without = NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY)},
    {.pattern = "/type2/no-version",
     .sentence = "a challenge without NTLMSSP_NEGOTIATE_VERSION; its Version is zeros",
     SHAPED(.flags_without = NTLMSSP_NEGOTIATE_VERSION)},
    {.pattern = "/type2/no-key-exch",
     .sentence = "a challenge without NTLMSSP_NEGOTIATE_KEY_EXCH: no session key may be sent",
     SHAPED(.flags_without = NTLMSSP_NEGOTIATE_KEY_EXCH)},
    {.pattern = "/type2/no-target-info",
     .sentence = "a challenge without target information, as servers before NTLMv2 sent it",
     SHAPED(.flags_without = NTLMSSP_NEGOTIATE_TARGET_INFO)},
    {.pattern = "/type2/empty-target-info",
     .sentence = "a challenge whose target information is an MsvAvEOL and nothing else",
     SHAPED(.no_names = true, .no_time = true)},
    {.pattern = "/type2/no-target-name",
     .sentence = "a challenge whose TargetName is empty, without NTLMSSP_REQUEST_TARGET",
     SHAPED(.target = TARGET_NONE)},
    {.pattern = "/type2/server",
     .sentence = "a challenge of a server that is in no domain: TargetName is the computer's name",
     SHAPED(.target = TARGET_SERVER)},
    {.pattern = "/type2/unknown-pairs",
     .sentence = "a challenge with AV pairs that nobody knows: they come back as they are",
     SHAPED(.unknown_pairs = 3)},
    {.pattern = "/type2/many-pairs",
     .sentence = "a challenge with more than a hundred AV pairs",
     SHAPED(.unknown_pairs = 120)},
    {.pattern = "/type2/long-names",
     .sentence = "a challenge whose names have 255 characters each",
     SHAPED(.long_names = true)},
    {.pattern = "/type2/av-flags/{hex?}",
     .sentence = "a challenge with an MsvAvFlags of its own, zero unless it is said",
     .kind = PLACE_OWN,
     .example = "/type2/av-flags/00000002",
     .configure = av_flags},
    {.pattern = "/type2/single-host/{bytes}",
     .sentence = "a challenge with an MsvAvSingleHost of 48 or 80 bytes",
     .kind = PLACE_OWN,
     .example = "/type2/single-host/48",
     .configure = single_host},
    {.pattern = "/type2/flags/{hex}",
     .sentence = "a challenge with these NegotiateFlags, whatever the client offers",
     .kind = PLACE_OWN,
     .example = "/type2/flags/e2898235",
     .configure = any_flags},
    {.pattern = NULL},
};
