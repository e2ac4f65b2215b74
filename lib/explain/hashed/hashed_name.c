#include "hashed_name.h"

#include <stdlib.h>
#include <string.h>

#include "../../ntlm/avpairs.h"
#include "../../ntlm/name.h"
#include "../../ntlm/unicode.h"
#include "digests.h"

/* ---- both names ---- */

static void write_utf8(writer_t *out, bytes_t utf16)
{
    char text[NAME_FORM_ROOM];
    unicode_show(utf16, text, sizeof text);
    write_bytes(out, bytes_of(text));
}

/* A mistake, or the right way. */
enum { RIGHT_WAY = NAME_MISTAKES, BOM = 0xFEFF };

/* Each of them, with what is put before or behind it. */
static void write_each(writer_t *out, int way, bytes_t first, bytes_t second)
{
    const bytes_t names[] = {first, second};
    for (size_t i = 0; i < 2; i++) {
        if (way == NAMES_BOM_EACH) write_u16(out, BOM);
        write_bytes(out, names[i]);
        if (way == NAMES_NUL_EACH) write_u16(out, 0);
    }
}

static void write_names(writer_t *out, int way, bytes_t user, bytes_t domain)
{
    uint8_t room[NAME_FORM_ROOM], turned_room[NAME_FORM_ROOM];
    writer_t turned = writer_to(turned_room, sizeof turned_room);
    const bytes_t both = names_join(room, user, "", domain);
    digest_write_utf16be(&turned, both);
    switch (way) {
    case DOMAIN_BEFORE_USER: write_each(out, way, domain, user); return;
    case NAMES_NUL_EACH:
    case NAMES_BOM_EACH: write_each(out, way, user, domain); return;
    case NAMES_UTF8: write_utf8(out, both); return;
    case NAMES_UTF16BE_BOM: write_u16(out, BOM >> 8 | (BOM & 0xFF) << 8); break;
    case NAMES_BOM: write_u16(out, BOM); break;
    default: break;
    }
    const bool is_turned = way == NAMES_UTF16BE || way == NAMES_UTF16BE_BOM;
    write_bytes(out, is_turned ? written(&turned) : both);
    if (way == NAMES_NUL) write_u16(out, 0);
}

/* ---- lists ---- */

static bool is_same(const hashed_name_t *a, const hashed_name_t *b)
{
    return bytes_equal((bytes_t){a->bytes, a->len}, (bytes_t){b->bytes, b->len});
}

/* The same bytes by the same mistakes, or by none. */
static bool has(const hashed_names_t *names, const hashed_name_t *name, bool whatever)
{
    for (size_t i = 0; i < names->count; i++) {
        const hashed_name_t *other = &names->list[i];
        const bool alike =
            other->mistakes[0] == name->mistakes[0] && other->mistakes[1] == name->mistakes[1];
        if ((whatever || alike) && is_same(other, name)) return true;
    }
    return false;
}

static bool grow(hashed_names_t *names)
{
    const size_t room = names->room ? 2 * names->room : 16;
    hashed_name_t *list = reallocarray(names->list, room, sizeof *list);
    if (!list) return false;
    names->list = list;
    names->room = room;
    return true;
}

/* Into the list of its mistakes' number, unless fewer give the same bytes. */
static bool add(hashed_names_t lists[3], const hashed_name_t *name)
{
    const size_t mistakes = name->mistakes[1] ? 2 : name->mistakes[0] ? 1 : 0;
    hashed_names_t *names = &lists[mistakes];
    for (size_t fewer = 0; fewer < mistakes; fewer++)
        if (has(&lists[fewer], name, true)) return true;
    if (has(names, name, false)) return true;
    if (names->count == names->room && !grow(names)) return false;
    names->list[names->count++] = *name;
    return true;
}

static bool add_way(hashed_names_t lists[3], const form_t *user, const form_t *domain, int way)
{
    hashed_name_t name = {.len = 0};
    const remark_row_t *wrong_way = way == RIGHT_WAY ? NULL : &name_form_remarks[way];
    const remark_row_t *const all[] = {user ? user->mistake : NULL, domain ? domain->mistake : NULL,
                                       wrong_way};
    size_t mistakes = 0;
    for (size_t i = 0; i < 3; i++) {
        if (!all[i]) continue;
        if (mistakes == 2) return true;
        name.mistakes[mistakes++] = all[i];
    }
    writer_t out = writer_to(name.bytes, sizeof name.bytes);
    write_names(&out, way, form_bytes(user), form_bytes(domain));
    name.len = written(&out).len;
    return out.overflow || add(lists, &name);
}

/* A part of a name that was sent whole, in UTF-16LE. */
static bytes_t part_of(uint8_t room[NAME_FORM_ROOM], bytes_t utf8, bool upper)
{
    char text[NAME_FORM_ROOM / 2];
    uint8_t half[NAME_FORM_ROOM];
    writer_t utf16 = writer_to(half, sizeof half), out = writer_to(room, NAME_FORM_ROOM);
    if (utf8.len >= sizeof text) return bytes_none();
    memcpy(text, utf8.data, utf8.len);
    text[utf8.len] = '\0';
    unicode_write_utf8(&utf16, text);
    if (upper)
        unicode_write_upper(&out, written(&utf16), UNICODE_UPPER_WINDOWS7);
    else
        write_bytes(&out, written(&utf16));
    return written(&out);
}

/* alice@corp was sent, and ALICE is hashed: with its domain, with the one that was sent, with
 * the challenge's, or none. */
static bool add_taken_apart(hashed_names_t lists[3], const replay_t *replay)
{
    uint8_t user_room[NAME_FORM_ROOM], room[NAME_FORM_ROOM], both[NAME_FORM_ROOM];
    const name_parts_t parts = name_of_client(replay->claim.user);
    if (!parts.apart) return true;
    const bytes_t user = part_of(user_room, parts.user, true);
    bytes_t netbios;
    avpairs_find(replay->challenge.target_info, MsvAvNbDomainName, &netbios);
    for (int way = 0; way < 5; way++) {
        const bytes_t domain = way < 2    ? part_of(room, parts.domain, way == 1)
                               : way == 2 ? replay->claim.domain_utf16
                               : way == 3 ? netbios
                                          : bytes_none();
        const bytes_t whole = names_join(both, user, "", domain);
        hashed_name_t name = {.mistakes = {&name_form_remarks[USER_TAKEN_APART]}, .len = whole.len};
        memcpy(name.bytes, whole.data, whole.len);
        if (!add(lists, &name)) return false;
    }
    return true;
}

static bool add_all(hashed_names_t lists[3], const forms_t *users, const forms_t *domains)
{
    for (size_t u = 0; u < users->count; u++)
        for (size_t d = 0; d < domains->count; d++)
            for (int way = FIRST_WAY; way <= RIGHT_WAY; way++)
                if (!add_way(lists, &users->list[u], &domains->list[d], way)) return false;
    return true;
}

/* Right ones first, so that nothing that is right is taken for a mistake. */
bool hashed_names(const replay_t *replay, hashed_names_t lists[3])
{
    forms_t *forms = calloc(2, sizeof *forms);
    memset(lists, 0, 3 * sizeof *lists);
    if (!forms) return false;
    forms_of_user(&forms[0], &replay->claim);
    forms_of_domain(&forms[1], replay);
    bool ok = true;
    for (size_t u = 0; u < forms[0].right; u++)
        for (size_t d = 0; d < forms[1].right; d++)
            ok = ok && add_way(lists, &forms[0].list[u], &forms[1].list[d], RIGHT_WAY);
    ok = ok && add_taken_apart(lists, replay) && add_all(lists, &forms[0], &forms[1]);
    free(forms);
    return ok;
}

void hashed_names_free(hashed_names_t lists[3])
{
    for (size_t i = 0; i < 3; i++) free(lists[i].list);
    memset(lists, 0, 3 * sizeof *lists);
}
