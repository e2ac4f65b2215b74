#include "dump_recording.h"

#include <err.h>
#include <stdlib.h>

#include "../lib/explain/recording/reading.h"
#include "dump_input.h"

/* ---- reading ---- */

static void warn_of_others(const char *path, const recording_t *recording)
{
    enum { MOST = 5 };
    char where[RECORDED_WHERE];
    for (size_t i = 0; i < recording->count && i < MOST; i++)
        if (recording->list[i].why)
            warnx("%s: %s: %s", path, recorded_where(recording, &recording->list[i], where),
                  recording->list[i].why);
}

/* From 1; 0: it is no number. */
static size_t number_of(const char *text)
{
    char *end;
    unsigned long number = strtoul(text, &end, 10);
    return *text >= '0' && *text <= '9' && *end == '\0' ? number : 0;
}

static dump_exit_t choose(const char *path, const char *number, dump_recording_t *recorded)
{
    const recording_t *recording = &recorded->recording;
    char where[RECORDED_WHERE];
    size_t count = recorded_logins(recording), wanted = number ? number_of(number) : count;
    if (count == 0) {
        warnx("%s: there is no %s in it%s%s", path, recording->count ? "login" : "NTLM message",
              recording->hint ? ": " : "", recording->hint ? recording->hint : "");
        warn_of_others(path, recording);
        return DUMP_UNUSABLE;
    }
    if (wanted == 0 || wanted > count) {
        warnx("--login: it is a number from 1 to %zu", count);
        return DUMP_UNUSABLE;
    }
    recorded->login = recorded_login(recording, wanted);
    if (recorded->login.type2 || recorded->login.type3->why) return DUMP_OK;
    warnx("%s: %s: there is no Type 2 in front of this Type 3", path,
          recorded_where(recording, recorded->login.type3, where));
    warn_of_others(path, recording);
    return DUMP_UNUSABLE;
}

dump_exit_t recording_open(const char *path, const char *number, dump_recording_t *recorded)
{
    uint8_t *memory;
    size_t len;
    dump_exit_t result = input_file(path, &memory, &len);
    recorded->recording = (recording_t){.count = 0};
    if (result == DUMP_OK) {
        recording_read(&recorded->recording, (bytes_t){memory, len});
        result = choose(path, number, recorded);
    }
    free(memory);
    return result;
}

void recording_close(dump_recording_t *recorded)
{
    recording_free(&recorded->recording);
}

/* ---- what was taken, and what not ---- */

static void report_taken(outline_t *out, const dump_recording_t *recorded, const char *name,
                         const recorded_t *message)
{
    char where[RECORDED_WHERE];
    outline_text(out, name, message ? recorded_where(&recorded->recording, message, where) : NULL);
}

static void report_skipped(outline_t *out, const recording_t *recording, const recorded_t *message)
{
    char where[RECORDED_WHERE];
    const char *why = message->why ? message->why : "it is of another login";
    recorded_where(recording, message, where);
    outline_words(out, "skipped", "%s: %s", where, why);
    detail_open(out, NULL);
    detail_text(out, "where", where);
    detail_text(out, "why", why);
    detail_close(out);
}

static void report_all_skipped(outline_t *out, const dump_recording_t *recorded)
{
    enum { MOST = 50 };
    const recording_t *recording = &recorded->recording;
    size_t skipped = 0;
    outline_open_list(out, "skipped");
    for (size_t i = 0; i < recording->count; i++)
        if (!recorded_is_of(&recorded->login, &recording->list[i]) && skipped++ < MOST)
            report_skipped(out, recording, &recording->list[i]);
    outline_close_list(out);
    if (skipped > MOST) {
        outline_words(out, "skipped_more", "%zu", skipped - MOST);
        detail_number(out, "skipped_more", skipped - MOST);
    }
    if (recording->more)
        outline_text(out, "cut", "it has more messages than are read: those at its end are not");
}

void recording_report(outline_t *out, const dump_recording_t *recorded)
{
    const recorded_login_t *login = &recorded->login;
    outline_open(out, "recording", "%s, login %zu of %zu", recorded->recording.format,
                 login->number, login->count);
    detail_text(out, "format", recorded->recording.format);
    detail_number(out, "login", login->number);
    detail_number(out, "logins", login->count);
    report_taken(out, recorded, "type1", login->type1);
    report_taken(out, recorded, "type2", login->type2);
    report_taken(out, recorded, "type3", login->type3);
    report_all_skipped(out, recorded);
    outline_close(out);
}
