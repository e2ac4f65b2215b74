#include "mech.h"

static const struct {
    const char *word, *name;
    uint8_t len, oid[10];
} mechs[] = {
    [SPNEGO_KERBEROS] = {"kerberos", "Kerberos", 9, {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x12, 1, 2, 2}},
    [SPNEGO_MS_KERBEROS] = {"ms-kerberos",
                            "Kerberos",
                            9,
                            {0x2A, 0x86, 0x48, 0x82, 0xF7, 0x12, 1, 2, 2}},
    [SPNEGO_IAKERB] = {"iakerb", "IAKERB", 6, {0x2B, 6, 1, 5, 2, 5}},
    [SPNEGO_NEGOEX] = {"negoex", "NEGOEX", 10, {0x2B, 6, 1, 4, 1, 0x82, 0x37, 2, 2, 30}},
    [SPNEGO_NTLM] = {"ntlm", "NTLMSSP", 10, {0x2B, 6, 1, 4, 1, 0x82, 0x37, 2, 2, 10}},
    [SPNEGO_OTHER] = {"other", "another mechanism", 0, {0}},
    [SPNEGO_RAW] = {"raw", "NTLM without SPNEGO", 0, {0}},
};
_Static_assert(sizeof mechs / sizeof mechs[0] == SPNEGO_MECH_COUNT, "one row for each mechanism");

spnego_mech_t spnego_mech_of(bytes_t oid)
{
    for (int i = 0; i < SPNEGO_OTHER; i++)
        if (bytes_equal(oid, spnego_mech_oid((spnego_mech_t)i))) return (spnego_mech_t)i;
    return SPNEGO_OTHER;
}

bytes_t spnego_mech_oid(spnego_mech_t mech)
{
    return (bytes_t){mechs[mech].oid, mechs[mech].len};
}

const char *spnego_mech_word(spnego_mech_t mech)
{
    return mechs[mech].word;
}

const char *spnego_mech_name(spnego_mech_t mech)
{
    return mechs[mech].name;
}
