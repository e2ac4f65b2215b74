#include "hashed_binding.h"

/* ---- the application data ---- */

enum { NO_COLON = 1, NO_PREFIX, UPPER_PREFIX, BLANK, NUL, UNIQUE_PREFIX, UNIQUE };

const remark_row_t binding_data_remarks[] = {
    [NO_COLON - 1] = {.id = "binding-without-colon",
                      .kind = REMARK_CAUSE,
                      .sentence = "the colon behind \"tls-server-end-point\" was left out",
                      .source = "RFC 5929 4, RFC 5056 2.1"},
    [NO_PREFIX - 1] = {.id = "binding-without-prefix",
                       .kind = REMARK_CAUSE,
                       .sentence = "the prefix \"tls-server-end-point:\" was left out",
                       .source = "RFC 5929 4, RFC 5056 2.1"},
    [UPPER_PREFIX - 1] = {.id = "binding-prefix-upper-cased",
                          .kind = REMARK_CAUSE,
                          .sentence = "the prefix \"tls-server-end-point:\" was upper-cased",
                          .source = "RFC 5929 4, RFC 5056 2.1"},
    [BLANK - 1] = {.id = "binding-prefix-blank",
                   .kind = REMARK_CAUSE,
                   .sentence = "a blank stands behind the prefix \"tls-server-end-point:\"",
                   .source = "RFC 5929 4, RFC 5056 2.1"},
    [NUL - 1] = {.id = "binding-prefix-nul",
                 .kind = REMARK_CAUSE,
                 .sentence = "a NUL stands behind the prefix \"tls-server-end-point:\"",
                 .source = "RFC 5929 4, RFC 5056 2.1"},
    [UNIQUE_PREFIX - 1] = {.id = "binding-prefix-tls-unique",
                           .kind = REMARK_CAUSE,
                           .sentence = "the certificate's hash has the prefix \"tls-unique:\"",
                           .source = "RFC 5929 4, RFC 5056 2.1"},
    [UNIQUE - 1] = {.id = "binding-tls-unique",
                    .kind = REMARK_CAUSE,
                    .sentence = "the channel binding is tls-unique, not tls-server-end-point",
                    .source = "RFC 5929 4, RFC 5056 2.1"},
    {.id = NULL},
};

static bool write_data(writer_t *out, const guessed_binding_t *guessed)
{
    static const uint8_t nul = 0;
    const char *prefix = "tls-server-end-point:";
    switch (guessed->data_way) {
    case NO_COLON: prefix = "tls-server-end-point"; break;
    case NO_PREFIX: prefix = ""; break;
    case UPPER_PREFIX: prefix = "TLS-SERVER-END-POINT:"; break;
    case BLANK: prefix = "tls-server-end-point: "; break;
    case UNIQUE_PREFIX:
    case UNIQUE: prefix = "tls-unique:"; break;
    default: break;
    }
    write_bytes(out, bytes_of(prefix));
    if (guessed->data_way == NUL) write_bytes(out, (bytes_t){&nul, 1});
    if (guessed->data_way != UNIQUE) return hashed_certificate(out, &guessed->certificate);
    write_bytes(out, guessed->tls_unique);
    return guessed->tls_unique.len > 0 && guessed->certificate.way == 0;
}

/* ---- gss_channel_bindings_struct ---- */

enum { NO_STRUCT = 1, BIG_ENDIAN, NO_ADDRESSES, NO_LENGTH, NULL_ADDRESS, WIDE, OF_WINDOWS };

const remark_row_t binding_struct_remarks[] = {
    [NO_STRUCT -
     1] = {.id = "binding-without-struct",
           .kind = REMARK_CAUSE,
           .sentence = "no gss_channel_bindings_struct was hashed, but the application data alone",
           .source = "RFC 2744 3.11, MS-NLMP 3.1.5.1.2"},
    [BIG_ENDIAN - 1] = {.id = "binding-struct-big-endian",
                        .kind = REMARK_CAUSE,
                        .sentence = "the lengths in gss_channel_bindings_struct are big endian",
                        .source = "RFC 2744 3.11, MS-NLMP 3.1.5.1.2"},
    [NO_ADDRESSES -
        1] = {.id = "binding-struct-without-addresses",
              .kind = REMARK_CAUSE,
              .sentence =
                  "the four numbers of the addresses were left out of gss_channel_bindings_struct",
              .source = "RFC 2744 3.11, MS-NLMP 3.1.5.1.2"},
    [NO_LENGTH -
        1] = {.id = "binding-struct-without-length",
              .kind = REMARK_CAUSE,
              .sentence =
                  "the length of the application data was left out of gss_channel_bindings_struct",
              .source = "RFC 2744 3.11, MS-NLMP 3.1.5.1.2"},
    [NULL_ADDRESS - 1] = {.id = "binding-struct-null-address",
                          .kind = REMARK_CAUSE,
                          .sentence = "the types of the addresses in gss_channel_bindings_struct "
                                      "are GSS_C_AF_NULLADDR, not 0",
                          .source = "RFC 2744 3.11, MS-NLMP 3.1.5.1.2"},
    [WIDE - 1] =
        {.id = "binding-struct-64-bit",
         .kind = REMARK_CAUSE,
         .sentence =
             "gss_channel_bindings_struct was hashed as it lies in memory, with numbers of 8 bytes",
         .source = "RFC 2744 3.11, MS-NLMP 3.1.5.1.2"},
    [OF_WINDOWS - 1] = {.id = "binding-struct-of-windows",
                        .kind = REMARK_CAUSE,
                        .sentence = "SEC_CHANNEL_BINDINGS was hashed, with its offsets, not "
                                    "gss_channel_bindings_struct",
                        .source = "RFC 2744 3.11, MS-NLMP 3.1.5.1.2"},
    {.id = NULL},
};

enum { ADDRESS_NUMBERS = 4, NULLADDR = 255 };

static void write_be32(writer_t *out, size_t value)
{
    const uint8_t bytes[] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
                             (uint8_t)value};
    write_bytes(out, (bytes_t){bytes, sizeof bytes});
}

/* As SSPI gives it: of each address type, length and offset, then both of the data behind it. */
static void write_of_windows(writer_t *out, bytes_t data)
{
    enum { BEFORE_DATA = 6, SIZE = 32 };
    for (int i = 0; i < BEFORE_DATA; i++) write_u32(out, 0);
    write_u32(out, (uint32_t)data.len);
    write_u32(out, SIZE);
    write_bytes(out, data);
}

static void write_struct(writer_t *out, unsigned way, bytes_t data)
{
    if (way == NO_STRUCT) {
        write_bytes(out, data);
        return;
    }
    if (way == OF_WINDOWS) {
        write_of_windows(out, data);
        return;
    }
    for (int i = 0; way != NO_ADDRESSES && i < ADDRESS_NUMBERS; i++) {
        if (way == WIDE)
            write_u64(out, 0);
        else
            write_u32(out, way == NULL_ADDRESS && i % 2 == 0 ? NULLADDR : 0);
    }
    if (way == BIG_ENDIAN)
        write_be32(out, data.len);
    else if (way == WIDE)
        write_u64(out, data.len);
    else if (way != NO_LENGTH)
        write_u32(out, (uint32_t)data.len);
    write_bytes(out, data);
}

/* ---- MsvAvChannelBindings ---- */

enum { OWN_HASH = 1, STRUCT_SHA256, STRUCT_SHA1, HEX_CUT };

const remark_row_t binding_value_remarks[] = {
    [OWN_HASH - 1] = {.id = "binding-is-hash",
                      .kind = REMARK_CAUSE,
                      .sentence = "MsvAvChannelBindings begins as the certificate's hash does: it "
                                  "was cut, not hashed by MD5",
                      .source = "MS-NLMP 3.1.5.1.2"},
    [STRUCT_SHA256 -
        1] = {.id = "binding-struct-sha256",
              .kind = REMARK_CAUSE,
              .sentence = "gss_channel_bindings_struct was hashed by SHA-256 and cut, not by MD5",
              .source = "MS-NLMP 3.1.5.1.2"},
    [STRUCT_SHA1 - 1] = {.id = "binding-struct-sha1",
                         .kind = REMARK_CAUSE,
                         .sentence =
                             "gss_channel_bindings_struct was hashed by SHA-1 and cut, not by MD5",
                         .source = "MS-NLMP 3.1.5.1.2"},
    [HEX_CUT - 1] = {.id = "binding-md5-hex",
                     .kind = REMARK_CAUSE,
                     .sentence = "MsvAvChannelBindings is hex digits of the MD5, not its bytes",
                     .source = "MS-NLMP 3.1.5.1.2"},
    {.id = NULL},
};

static void write_digits(writer_t *out, bytes_t bytes)
{
    char digits[2 * DIGEST_MAX];
    hex_write(digits, bytes);
    write_bytes(out, (bytes_t){(const uint8_t *)digits, 2 * bytes.len});
}

static bool write_value(writer_t *out, unsigned way, bytes_t hashed)
{
    uint8_t digest[DIGEST_MAX];
    const digest_kind_t kind = way == STRUCT_SHA256 ? DIGEST_SHA256
                               : way == STRUCT_SHA1 ? DIGEST_SHA1
                                                    : DIGEST_MD5;
    const size_t len = digest_of(kind, &hashed, 1, digest);
    if (way == HEX_CUT)
        write_digits(out, (bytes_t){digest, len});
    else
        write_bytes(out, (bytes_t){digest, len});
    return len > 0;
}

bool binding_comes_out(const guessed_binding_t *guessed, bytes_t wanted)
{
    uint8_t data_room[BINDING_DATA_MAX], struct_room[2 * BINDING_DATA_MAX], room[2 * DIGEST_MAX];
    writer_t data = writer_to(data_room, sizeof data_room);
    writer_t all = writer_to(struct_room, sizeof struct_room), value = writer_to(room, sizeof room);
    bool ok;
    if (guessed->value_way == OWN_HASH) {
        ok = guessed->data_way == 0 && guessed->struct_way == 0 &&
             hashed_certificate(&value, &guessed->certificate);
    } else {
        ok = write_data(&data, guessed);
        write_struct(&all, guessed->struct_way, written(&data));
        ok = ok && write_value(&value, guessed->value_way, written(&all));
    }
    return ok && !data.overflow && !all.overflow && !value.overflow &&
           value.len >= NTLM_BINDING_LEN && bytes_equal((bytes_t){room, NTLM_BINDING_LEN}, wanted);
}
