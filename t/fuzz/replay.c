/* Runs a fuzz target over seeds, files or folders of them: one TAP line each, and before it the
 * seed as a comment, for who dies of it. */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>

enum { SEED_MAX = 1 << 20 };

static int count;

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
    printf("# %s\n", path);
    fflush(stdout);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    printf("ok %d - %s\n", ++count, path);
}

static void run_folder(DIR *folder, const char *name)
{
    const struct dirent *entry;
    while ((entry = readdir(folder)) != NULL) {
        char path[4096];
        if (entry->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "%s/%s", name, entry->d_name);
        run_seed(path);
    }
    closedir(folder);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        DIR *folder = opendir(argv[i]);
        if (folder)
            run_folder(folder, argv[i]);
        else
            run_seed(argv[i]);
    }
    printf("1..%d\n", count);
    return count == 0;
}
