/* Any text as a recording: each of its logins is chosen, and what was found holds together. */
#include "fuzz.h"

#include "../../lib/explain/recording/reading.h"
#include "../../lib/explain/recording/recorded_login.h"

static void look_at(const recording_t *recording, const recorded_t *recorded)
{
    char where[RECORDED_WHERE];
    REQUIRE(recorded->why || recorded->message.len > 0);
    REQUIRE(!recorded->why || recorded->kind >= RECORDED_ANSWER);
    REQUIRE(strlen(recorded_where(recording, recorded, where)) > 0);
}

static void choose(const recording_t *recording, size_t number)
{
    const recorded_login_t login = recorded_login(recording, number);
    REQUIRE(login.type3 && login.type3->kind == RECORDED_ANSWER);
    REQUIRE(!login.type2 || (login.type2 < login.type3 && login.type2->message.len > 0));
    REQUIRE(!login.type1 || (login.type2 && login.type1 < login.type2));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { MOST = 50 };
    recording_t recording = {.count = 0};
    recording_read(&recording, (bytes_t){data, size});
    for (size_t i = 0; i < recording.count; i++) look_at(&recording, &recording.list[i]);
    for (size_t i = 1; i <= recorded_logins(&recording) && i <= MOST; i++) choose(&recording, i);
    recording_free(&recording);
    return 0;
}
