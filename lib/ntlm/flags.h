/* flags.h - the constants of MS-NLMP, in its words and its order.
 *
 * NegotiateFlags: MS-NLMP 2.2.2.5 (its bits are lettered from W, 1, to A,
 * 0x80000000). AvId and MsvAvFlags: MS-NLMP 2.2.2.1.
 */
#ifndef NTLM_FLAGS_H
#define NTLM_FLAGS_H

enum {
    NTLMSSP_NEGOTIATE_UNICODE = 0x00000001,
    NTLM_NEGOTIATE_OEM = 0x00000002,
    NTLMSSP_REQUEST_TARGET = 0x00000004,
    NTLMSSP_NEGOTIATE_SIGN = 0x00000010,
    NTLMSSP_NEGOTIATE_SEAL = 0x00000020,
    NTLMSSP_NEGOTIATE_NTLM = 0x00000200,
    NTLMSSP_NEGOTIATE_ALWAYS_SIGN = 0x00008000,
    NTLMSSP_TARGET_TYPE_DOMAIN = 0x00010000,
    NTLMSSP_TARGET_TYPE_SERVER = 0x00020000,
    NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY = 0x00080000,
    NTLMSSP_NEGOTIATE_TARGET_INFO = 0x00800000,
    NTLMSSP_NEGOTIATE_VERSION = 0x02000000,
    NTLMSSP_NEGOTIATE_128 = 0x20000000,
    NTLMSSP_NEGOTIATE_KEY_EXCH = 0x40000000,
};
/* Not an int: the enumerators above fit one, this does not. */
#define NTLMSSP_NEGOTIATE_56 0x80000000U

/* AvId of an AV_PAIR. */
enum {
    MsvAvEOL = 0,
    MsvAvNbComputerName = 1,
    MsvAvNbDomainName = 2,
    MsvAvDnsComputerName = 3,
    MsvAvDnsDomainName = 4,
    MsvAvDnsTreeName = 5,
    MsvAvFlags = 6,
    MsvAvTimestamp = 7,
    MsvAvSingleHost = 8,
    MsvAvTargetName = 9,
    MsvAvChannelBindings = 10,
};

/* Bits of the value of MsvAvFlags. */
enum {
    MSV_AV_FLAG_CONSTRAINED = 0x00000001,
    MSV_AV_FLAG_MIC_PRESENT = 0x00000002,
    MSV_AV_FLAG_UNTRUSTED_SPN = 0x00000004,
};

/* Sizes of the wire, in bytes. */
enum {
    NTLM_SIGNATURE_LEN = 8, /* "NTLMSSP" and its NUL */
    NTLM_CHALLENGE_LEN = 8, /* ServerChallenge */
    NTLM_KEY_LEN = 16,      /* NT hash, NTOWFv2, session keys */
    NTLM_PROOF_LEN = 16,    /* NTProofStr */
    NTLM_MIC_LEN = 16,
    NTLM_BINDING_LEN = 16, /* value of MsvAvChannelBindings */
    NTLM_VERSION_LEN = 8,
};

#endif
