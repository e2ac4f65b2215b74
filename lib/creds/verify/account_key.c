#include "account_key.h"

#include <string.h>

#include "../../ntlm/crypto.h"

/* One that is too long to be an account, or no text, is nobody's, and stands for itself. */
bool account_key(const char *controller, const char *user, uint8_t key[TRIES_KEY_LEN])
{
    static const uint8_t no_secret[NTLM_KEY_LEN] = {0};
    uint8_t room[NAME_KEY_MAX];
    writer_t folded = writer_to(room, sizeof room);
    const bool is_folded = name_write_key(&folded, user);
    const bytes_t parts[] = {{(const uint8_t *)controller, strlen(controller) + 1},
                             is_folded ? written(&folded) : bytes_of(user)};
    return hmac_md5(no_secret, parts, 2, key);
}
