/* Runs a fuzz target over the files of its seed folders, one TAP line each. */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>

enum { SEED_MAX = 1 << 20 };

/* In memory of exactly the seed's size, so that a sanitizer sees a read past it. */
static void run_seed(const char *path)
{
    static uint8_t room[SEED_MAX];
    FILE *file = fopen(path, "rb");
    if (!file) abort();
    size_t size = fread(room, 1, sizeof room, file);
    fclose(file);
    uint8_t *exact = malloc(size ? size : 1);
    memcpy(exact, room, size);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
}

int main(int argc, char **argv)
{
    int count = 0;
    for (int i = 1; i < argc; i++) {
        DIR *folder = opendir(argv[i]);
        const struct dirent *entry;
        if (!folder) abort();
        while ((entry = readdir(folder)) != NULL) {
            char path[4096];
            if (entry->d_name[0] == '.') continue;
            snprintf(path, sizeof path, "%s/%s", argv[i], entry->d_name);
            run_seed(path);
            printf("ok %d - %s\n", ++count, entry->d_name);
        }
        closedir(folder);
    }
    printf("1..%d\n", count);
    return count == 0;
}
