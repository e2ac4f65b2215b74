#include "dump_certificate.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/explain/encoding.h"
#include "../lib/explain/hashed/digests.h"
#include "../lib/ntlm/crypto.h"
#include "dump_input.h"

#define BEGIN "-----BEGIN CERTIFICATE-----"
#define END "-----END CERTIFICATE-----"

/* ---- PEM ---- */

/* What stands behind the mark, in whole; false if the mark does not stand there. */
static bool skip_behind(bytes_t *whole, const char *mark, bytes_t *before)
{
    const uint8_t *at = memmem(whole->data, whole->len, mark, strlen(mark));
    if (!at) return false;
    *before = (bytes_t){whole->data, (size_t)(at - whole->data)};
    *whole = bytes_from(*whole, before->len + strlen(mark));
    return true;
}

/* Each is decoded behind the one before; base64 is longer than what it holds. */
static void read_pem(bytes_t text, certificates_t *out)
{
    uint8_t *room = out->memory;
    bytes_t base64;
    while (out->count < CERTIFICATES_MAX && skip_behind(&text, BEGIN, &base64) &&
           skip_behind(&text, END, &base64)) {
        writer_t der = writer_to(room, base64.len);
        if (decode_base64(base64, &der) != NULL) return;
        out->list[out->count++] = written(&der);
        room += der.len;
    }
}

/* ---- what clients make of it ---- */

static bool hash(certificates_t *out)
{
    static const char kind[] = "tls-server-end-point:";
    static uint8_t room[2 * TOKEN_MAX];
    writer_t pem = writer_to(room, sizeof room);
    memcpy(out->data, kind, sizeof kind - 1);
    digest_write_pem(&pem, out->list[0]);
    size_t len = pem.overflow ? 0 : certificate_hash(written(&pem), out->data + sizeof kind - 1);
    out->data_len = sizeof kind - 1 + len;
    return len > 0;
}

static bool read_text(bytes_t text, certificates_t *out)
{
    out->memory = malloc(text.len + 1);
    if (!out->memory) return false;
    read_pem(text, out);
    if (out->count == 0) {
        if (text.len > 0) memcpy(out->memory, text.data, text.len);
        out->list[out->count++] = (bytes_t){out->memory, text.len};
    }
    return hash(out);
}

dump_exit_t certificates_read(const char *path, certificates_t *certificates)
{
    uint8_t *memory;
    size_t len;
    dump_exit_t result = input_file(path, &memory, &len);
    if (result == DUMP_OK && !read_text((bytes_t){memory, len}, certificates)) {
        warnx("--cert: there is no certificate in %s, neither PEM nor DER", path);
        result = DUMP_UNUSABLE;
    }
    if (memory) secret_wipe(memory, len); /* a key may stand beside it */
    free(memory);
    return result;
}

void certificates_free(certificates_t *certificates)
{
    free(certificates->memory);
    certificates->memory = NULL;
}
