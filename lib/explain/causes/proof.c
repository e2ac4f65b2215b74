#include "proof.h"

#include <stdlib.h>
#include <string.h>

#include "../../ntlm/crypto.h"

typedef struct search_t {
    const replay_t *replay;
    diagnosis_t *diagnosis;
    hashed_password_t right;
    hashed_password_t passwords[HASHED_PASSWORDS_MAX];
    size_t passwords_count;
    hashed_names_t names[3];
    size_t found;
} search_t;

static void try(search_t *search, const method_t *method)
{
    const remark_row_t *rows[5] = {NULL};
    size_t count = 0;
    if (!proof_fits(search->replay, method)) return;
    if (method->password->mistake) rows[count++] = method->password->mistake;
    for (size_t i = 0; i < 2; i++)
        if (method->name->mistakes[i]) rows[count++] = method->name->mistakes[i];
    if (method->key != PROOF_MISTAKES) rows[count++] = &proof_remarks[method->key];
    if (method->proof != PROOF_MISTAKES) rows[count++] = &proof_remarks[method->proof];
    search->found++;
    if (count == 1) diagnosis_add(search->diagnosis, rows[0], NULL);
    if (count == 2) diagnosis_add_two(search->diagnosis, rows[0], rows[1]);
}

/* With that password, all names of so many mistakes. */
static void try_names(search_t *search, const hashed_password_t *password, size_t mistakes, int key,
                      int proof)
{
    const hashed_names_t *names = &search->names[mistakes];
    for (size_t i = 0; i < names->count; i++)
        try(search, &(method_t){password, &names->list[i], key, proof});
}

/* ... and all passwords of so many mistakes. */
static void try_passwords(search_t *search, size_t mistakes, size_t in_names, int key, int proof)
{
    if (mistakes == 0) try_names(search, &search->right, in_names, key, proof);
    for (size_t i = 0; mistakes == 1 && i < search->passwords_count; i++)
        try_names(search, &search->passwords[i], in_names, key, proof);
}

/* All that have so many mistakes, wherever they are. */
static void try_all(search_t *search, size_t mistakes)
{
    for (int key = 0; key <= PROOF_MISTAKES; key++) {
        if (key >= FIRST_COVER && key != PROOF_MISTAKES) continue;
        for (int proof = FIRST_COVER; proof <= PROOF_MISTAKES; proof++) {
            const size_t so_far =
                (size_t)(key != PROOF_MISTAKES) + (size_t)(proof != PROOF_MISTAKES);
            if (so_far > mistakes) continue;
            const size_t left = mistakes - so_far;
            for (size_t in_password = 0; in_password <= left && in_password <= 1; in_password++)
                try_passwords(search, in_password, left - in_password, key, proof);
        }
    }
}

/* Each try hashes the whole response. One of that length does not come by HTTP, where it would not
 * fit into a header's line; in a recording it may stand. */
static size_t most_mistakes(const replay_t *replay)
{
    enum { LONG = 16384 };
    return replay->claim.response.temp.len < LONG ? 2 : 1;
}

void proof_causes(diagnosis_t *diagnosis, const subject_t *subject)
{
    const replay_t *replay = subject->replay;
    if (!replay || !subject->has_password || replay->status != NTLM_WRONG_PASSWORD) return;
    search_t *search = calloc(1, sizeof *search);
    if (!search) return;
    search->replay = replay;
    search->diagnosis = diagnosis;
    search->right.len = NTLM_KEY_LEN;
    memcpy(search->right.key, replay->key.nt_hash, NTLM_KEY_LEN);
    search->passwords_count =
        hashed_passwords(search->passwords, subject->password, replay->key.nt_hash);
    if (hashed_names(replay, search->names))
        for (size_t mistakes = 1; mistakes <= most_mistakes(replay) && search->found == 0;
             mistakes++)
            try_all(search, mistakes);
    hashed_names_free(search->names);
    secret_wipe(search, sizeof *search);
    free(search);
}
