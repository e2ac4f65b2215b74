#include "search.h"

static size_t rows_of(const search_t *search, size_t step)
{
    size_t count = 0;
    while (search->steps[step][count].id) count++;
    return count;
}

static bool fits(const search_t *search, const choice_t *choice)
{
    return search->fits(search->known, choice);
}

static bool find_singles(diagnosis_t *diagnosis, const search_t *search, size_t step)
{
    bool found = false;
    for (size_t i = 0; i < rows_of(search, step); i++) {
        choice_t choice = {.way = {RIGHT}};
        choice.way[step] = (uint8_t)(i + 1);
        if (!fits(search, &choice)) continue;
        diagnosis_add(diagnosis, &search->steps[step][i], NULL);
        found = true;
    }
    return found;
}

static bool find_pairs(diagnosis_t *diagnosis, const search_t *search, size_t step, size_t other)
{
    choice_t choice = {.way = {RIGHT}};
    bool found = false;
    for (size_t i = 0; i < rows_of(search, step); i++) {
        choice.way[step] = (uint8_t)(i + 1);
        for (size_t k = 0; k < rows_of(search, other); k++) {
            choice.way[other] = (uint8_t)(k + 1);
            if (!fits(search, &choice)) continue;
            diagnosis_add_two(diagnosis, &search->steps[step][i], &search->steps[other][k]);
            found = true;
        }
    }
    return found;
}

bool search_singles(diagnosis_t *diagnosis, const search_t *search)
{
    bool found = false;
    for (size_t step = 0; step < search->steps_count; step++)
        if (find_singles(diagnosis, search, step)) found = true;
    return found;
}

bool search_pairs(diagnosis_t *diagnosis, const search_t *search)
{
    bool found = false;
    for (size_t step = 0; step < search->steps_count; step++)
        for (size_t other = step + 1; other < search->steps_count; other++)
            if (find_pairs(diagnosis, search, step, other)) found = true;
    return found;
}
