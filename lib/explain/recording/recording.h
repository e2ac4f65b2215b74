/* recording.h - what a recording of HTTP holds of NTLM: its messages in their order, and what stood
 * in the place of one.
 */
#ifndef NTLM_RECORDING_H
#define NTLM_RECORDING_H

#include "../tokens.h"

enum { RECORDED_MAX = 10000 };

typedef enum recorded_kind_t {
    RECORDED_NEGOTIATE, /* a Type 1 */
    RECORDED_CHALLENGE, /* a server's message */
    RECORDED_ANSWER,    /* what a client sent to log in: a Type 3, or what stood in its place */
    RECORDED_OTHER      /* what stood in the place of a message, and answers nothing */
} recorded_kind_t;

typedef struct recorded_t {
    recorded_kind_t kind;
    size_t place;       /* the line or the entry, from 1; 0: it has none */
    const char *name;   /* static: the header's, or the JSON member's; NULL: it has none */
    bool proxy, tls;    /* from or to a proxy (407); over TLS. false: not known */
    bytes_t connection; /* a name that its messages share; empty: not known */
    const char *scheme; /* static, of the two that are ours; NULL: neither */
    bytes_t message;    /* NTLM; of an answer with a reason what a server takes for it, or empty */
    const char *why;    /* NULL, or (static text) the reason why there is no message */
    bytes_t value;      /* a header's, as it came; may be empty */
    uint8_t *memory;    /* of all those bytes */
} recorded_t;

/* All zeros: nothing has been read. */
typedef struct recording_t {
    const char *format;     /* static: "trace", "HAR", ...; NULL: nothing was found */
    const char *place_word; /* static: "line" or "entry" */
    const char *hint;       /* static: why the last text that looked like a message is none */
    bool more;              /* it has more than RECORDED_MAX, or there was no memory for them */
    size_t count, room;
    recorded_t *list;
} recording_t;

/* Appends a copy. */
void recording_add(recording_t *recording, const recorded_t *recorded);

/* The same of a token: what it is follows from who sent it, and from what came before. place and
 * connection and what is known of the connection are taken from recorded. */
void recording_add_token(recording_t *recording, const token_t *token, recorded_t recorded);

/* When all has been read: where nothing answers, something may have been meant to, a Type 1 behind
 * a challenge or a client's header that has none of our schemes. The last one is the answer. */
void recording_end(recording_t *recording);

/* Whether they came on one connection, as far as is known, and were meant for the same server. */
bool recorded_together(const recorded_t *a, const recorded_t *b);

/* For people: "line 3, Authorization". room holds RECORDED_WHERE. */
enum { RECORDED_WHERE = 64 };
const char *recorded_where(const recording_t *recording, const recorded_t *recorded,
                           char room[RECORDED_WHERE]);

void recording_free(recording_t *recording);

#endif
