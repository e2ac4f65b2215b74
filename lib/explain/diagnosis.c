#include "diagnosis.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static remarks_t *list_of(diagnosis_t *diagnosis, const remark_row_t *row)
{
    return row->kind == REMARK_CAUSE ? &diagnosis->causes : &diagnosis->warnings;
}

/* A place for a remark, or NULL if it is there, or there is no room. */
static remark_t *new_remark(remarks_t *remarks, const char *id)
{
    for (size_t i = 0; i < remarks->count; i++)
        if (strcmp(remarks->list[i].id, id) == 0) return NULL;
    if (remarks->count == REMARKS_MAX) {
        remarks->more = true;
        return NULL;
    }
    remark_t *remark = &remarks->list[remarks->count++];
    snprintf(remark->id, sizeof remark->id, "%s", id);
    return remark;
}

void diagnosis_add(diagnosis_t *diagnosis, const remark_row_t *row, const char *words, ...)
{
    va_list args;
    remark_t *remark = new_remark(list_of(diagnosis, row), row->id);
    if (!remark) return;
    int len = snprintf(remark->text, sizeof remark->text, "%s%s", row->sentence, words ? ": " : "");
    remark->source = row->source;
    if (!words || len < 0 || (size_t)len >= sizeof remark->text) return;
    va_start(args, words);
    vsnprintf(remark->text + len, sizeof remark->text - (size_t)len, words, args);
    va_end(args);
}

void diagnosis_add_two(diagnosis_t *diagnosis, const remark_row_t *row, const remark_row_t *other)
{
    char id[REMARK_ID_MAX];
    if (strcmp(row->id, other->id) > 0) {
        const remark_row_t *first = other;
        other = row;
        row = first;
    }
    snprintf(id, sizeof id, "%s+%s", row->id, other->id);
    remark_t *remark = new_remark(list_of(diagnosis, row), id);
    if (!remark) return;
    snprintf(remark->text, sizeof remark->text, "%s; and %s", row->sentence, other->sentence);
    remark->source = row->source;
}
