#include "binding.h"

#include "../hashed/search.h"

enum { OTHER, ABSENT };

const remark_row_t binding_remarks[] = {
    [OTHER] = {.id = "binding-other-certificate",
               .kind = REMARK_CAUSE,
               .sentence = "the channel binding is that of another certificate: not the one that "
                           "the server shows on this connection",
               .source = "RFC 5929 4"},
    [ABSENT] = {.id = "binding-left-out",
                .kind = REMARK_CAUSE,
                .sentence = "no MsvAvChannelBindings came, where one is required",
                .source = "RFC 5929 4"},
    {.id = NULL},
};

enum { HASH, DATA, STRUCT, VALUE };

static const remark_row_t *const steps[] = {
    [HASH] = binding_hash_remarks,
    [DATA] = binding_data_remarks,
    [STRUCT] = binding_struct_remarks,
    [VALUE] = binding_value_remarks,
};

typedef struct known_t {
    guessed_binding_t guessed; /* without its ways */
    bytes_t wanted;
} known_t;

static bool fits(const void *baton, const choice_t *choice)
{
    const known_t *known = baton;
    guessed_binding_t guessed = known->guessed;
    guessed.certificate.way = choice->way[HASH];
    guessed.data_way = choice->way[DATA];
    guessed.struct_way = choice->way[STRUCT];
    guessed.value_way = choice->way[VALUE];
    return binding_comes_out(&guessed, known->wanted);
}

/* Those of a certificate's signature that RFC 5929 hashes by as they are. */
static const digest_kind_t kinds[] = {DIGEST_SHA256, DIGEST_SHA384, DIGEST_SHA512};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

/* By which digest the server has hashed its certificate. */
static digest_kind_t right_digest(const replay_t *replay, bytes_t certificate)
{
    for (size_t i = 0; i < KINDS; i++) {
        const guessed_binding_t guessed = {.certificate = {.der = certificate, .right = kinds[i]}};
        for (size_t k = 0; k < replay->policy.bindings_count; k++)
            if (binding_comes_out(&guessed,
                                  (bytes_t){replay->policy.bindings[k], NTLM_BINDING_LEN}))
                return kinds[i];
    }
    return DIGEST_SHA256;
}

/* ---- certificates that the server has, and has not shown here ---- */

/* Whether another one gives it, with that choice. The same one may stand in the list twice. */
static bool is_of_another(const known_t *known, const subject_t *subject, const choice_t *choice)
{
    for (size_t i = 1; i < subject->certificates_count; i++) {
        known_t other = *known;
        other.guessed.certificate.der = subject->certificates[i];
        if (bytes_equal(subject->certificates[i], subject->certificates[0])) continue;
        for (size_t k = 0; k < KINDS; k++) {
            other.guessed.certificate.right = kinds[k];
            if (fits(&other, choice)) return true;
        }
    }
    return false;
}

/* ... and one mistake more. */
static void name_another_and_one(diagnosis_t *diagnosis, const known_t *known,
                                 const subject_t *subject)
{
    for (size_t step = 0; step < sizeof steps / sizeof steps[0]; step++)
        for (uint8_t row = 0; steps[step][row].id; row++) {
            choice_t choice = {.way = {RIGHT}};
            choice.way[step] = (uint8_t)(row + 1);
            if (is_of_another(known, subject, &choice))
                diagnosis_add_two(diagnosis, &binding_remarks[OTHER], &steps[step][row]);
        }
}

static void name_mistakes(diagnosis_t *diagnosis, const known_t *known, const subject_t *subject)
{
    const search_t search = {.steps = steps,
                             .steps_count = sizeof steps / sizeof steps[0],
                             .fits = fits,
                             .known = known};
    const bool is_other = is_of_another(known, subject, &(choice_t){.way = {RIGHT}});
    if (is_other) diagnosis_add(diagnosis, &binding_remarks[OTHER], NULL);
    if (search_singles(diagnosis, &search) || is_other) return;
    search_pairs(diagnosis, &search);
    name_another_and_one(diagnosis, known, subject);
}

void binding_causes(diagnosis_t *diagnosis, const subject_t *subject)
{
    const replay_t *replay = subject->replay;
    if (!replay || !replay_passed(replay, "proof")) return;
    if (replay->status == NTLM_BINDING_REQUIRED && replay->claim.binding == NTLM_BINDING_ABSENT)
        diagnosis_add(diagnosis, &binding_remarks[ABSENT], NULL);
    if (replay->status != NTLM_BINDING_MISMATCH || subject->certificates_count == 0) return;
    const bytes_t own = subject->certificates[0];
    const known_t known = {
        .guessed = {.certificate = {.der = own, .right = right_digest(replay, own)},
                    .tls_unique = subject->tls_unique},
        .wanted = replay->claim.response.said.channel_bindings};
    name_mistakes(diagnosis, &known, subject);
}
