/* segments.h - how many segments of accounts this process has. */
#ifndef NTLM_UNIT_SEGMENTS_H
#define NTLM_UNIT_SEGMENTS_H

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../../lib/creds/file/creds_segment.h"

#define SEGMENT "memfd:ntlm-accounts"

/* Open ones. */
static int open_segments(void)
{
    char path[512], target[256];
    int count = 0;
    const struct dirent *entry;
    DIR *all = opendir("/proc/self/fd");
    while (all && (entry = readdir(all)) != NULL) {
        snprintf(path, sizeof path, "/proc/self/fd/%s", entry->d_name);
        ssize_t len = readlink(path, target, sizeof target - 1);
        target[len > 0 ? len : 0] = '\0';
        count += strstr(target, SEGMENT) != NULL;
    }
    if (all) closedir(all);
    return count;
}

/* Mapped ones. */
static int mapped_segments(void)
{
    char line[512];
    int count = 0;
    FILE *maps = fopen("/proc/self/maps", "r");
    while (maps && fgets(line, sizeof line, maps)) count += strstr(line, SEGMENT) != NULL;
    if (maps) fclose(maps);
    return count;
}

/* A descriptor for reading of a new one with that content. */
static int segment_of(const void *content, apr_size_t size)
{
    int made = creds_segment_new(), reader = -1;
    if (creds_segment_fill(made, content, size) == APR_SUCCESS) reader = creds_segment_reader(made);
    creds_segment_close(&made);
    return reader;
}

#endif
