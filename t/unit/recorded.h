/* recorded.h - recordings for the tests of what is read out of them. */
#ifndef NTLM_UNIT_RECORDED_H
#define NTLM_UNIT_RECORDED_H

#include "unit.h"

#include <string.h>

#include "../../lib/explain/recording/reading.h"

#define TYPE1 "TlRMTVNTUAABAAAAB4IIAA=="
#define TYPE2 "TlRMTVNTUAACAAAAB4IIAA=="
#define TYPE3 "TlRMTVNTUAADAAAAB4IIAA=="
#define SENT "> Authorization: NTLM "
#define GOT "< WWW-Authenticate: NTLM "
#define LOGIN SENT TYPE1 "\n" GOT TYPE2 "\n" SENT TYPE3 "\n"

static recording_t recording;

static const recording_t *recorded_text(const char *text)
{
    recording_free(&recording);
    recording_read(&recording, bytes_of(text));
    return &recording;
}

/* What was read, one character each: N, C, A, or - for what is none of them. */
static const char *kinds(void)
{
    static char room[64];
    assert_true(recording.count < sizeof room);
    for (size_t i = 0; i < recording.count; i++) room[i] = "NCA-"[recording.list[i].kind];
    room[recording.count] = '\0';
    return room;
}

static void assert_kinds(const char *text, const char *expected)
{
    recorded_text(text);
    if (strcmp(kinds(), expected) != 0) fail_msg("%s, not %s, is in:\n%s", kinds(), expected, text);
}

static void assert_where(size_t at, const char *expected)
{
    char room[RECORDED_WHERE];
    assert_true(at < recording.count);
    assert_string_equal(recorded_where(&recording, &recording.list[at], room), expected);
}

static int forget_recording(void **state)
{
    recording_free(&recording);
    return forget_hex(state);
}

#endif
