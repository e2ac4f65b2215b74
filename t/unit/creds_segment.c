/* Memory that processes share, and that nobody can change any more. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../lib/creds/file/creds_segment.h"

static const char text[] = "what is in it";

static int sealed_segment(void)
{
    int segment = creds_segment_new();
    assert_true(segment >= 0);
    assert_int_equal(creds_segment_fill(segment, text, sizeof text), 0);
    return segment;
}

/* Whether a process that is forked here finds that so. */
static bool holds_in_a_child(bool (*claim)(void *), void *about)
{
    int status = 0;
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) _exit(claim(about) ? 0 : 1);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool fails_with(long result, int error)
{
    return result == -1 && errno == error;
}

static bool cannot_be_changed(void *about)
{
    int segment = *(int *)about;
    return fails_with(write(segment, "x", 1), EPERM) &&
           fails_with(pwrite(segment, "x", 1, 0), EPERM) &&
           fails_with(ftruncate(segment, 0), EPERM) &&
           fails_with(ftruncate(segment, 1 << 20), EPERM) &&
           fails_with(fcntl(segment, F_ADD_SEALS, 0), EPERM) &&
           mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED, segment, 0) == MAP_FAILED;
}

static void a_sealed_one_can_be_changed_by_nobody(void **state)
{
    (void)state;
    int segment = sealed_segment();
    assert_true(cannot_be_changed(&segment));
    assert_true(holds_in_a_child(cannot_be_changed, &segment));
    creds_segment_close(&segment);
    assert_int_equal(segment, -1);
}

static bool cannot_be_made_writable(void *about)
{
    return fails_with(mprotect(about, sizeof text, PROT_READ | PROT_WRITE), EACCES);
}

static void a_mapping_cannot_be_made_writable(void **state)
{
    (void)state;
    apr_size_t size;
    int segment = sealed_segment(), reader = creds_segment_reader(segment);
    assert_true(reader >= 0);
    creds_segment_close(&segment);
    const void *mapped = creds_segment_map(reader, &size);
    creds_segment_close(&reader);
    assert_non_null(mapped);
    assert_int_equal(size, sizeof text);
    assert_string_equal(mapped, text);
    void *place = (void *)(uintptr_t)mapped;
    assert_true(cannot_be_made_writable(place));
    assert_true(holds_in_a_child(cannot_be_made_writable, place));
    creds_segment_unmap(mapped, size);
}

static void what_is_not_sealed_is_not_taken(void **state)
{
    (void)state;
    apr_size_t size;
    int segment = creds_segment_new();
    assert_int_equal(write(segment, text, sizeof text), sizeof text);
    assert_true(fails_with(creds_segment_reader(segment), EPERM));
    assert_null(creds_segment_map(segment, &size));
    creds_segment_close(&segment);
}

/* Who could still write would change what others trust. */
static void it_is_not_sealed_while_somebody_can_write_to_it(void **state)
{
    (void)state;
    int segment = creds_segment_new();
    assert_int_equal(ftruncate(segment, 4096), 0);
    void *mapped = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, segment, 0);
    assert_true(mapped != MAP_FAILED);
    assert_int_equal(creds_segment_fill(segment, text, sizeof text), EBUSY);
    assert_int_equal(creds_segment_reader(segment), -1);
    munmap(mapped, 4096);
    creds_segment_close(&segment);
}

static bool is_refused_as_too_long(void *about)
{
    (void)about;
    const struct rlimit limit = {8, 8};
    int segment = creds_segment_new();
    return setrlimit(RLIMIT_FSIZE, &limit) == 0 &&
           creds_segment_fill(segment, text, sizeof text) == EFBIG;
}

static void a_limit_of_the_length_of_files_ends_nobody(void **state)
{
    (void)state;
    assert_true(holds_in_a_child(is_refused_as_too_long, NULL));
}

/* ---- a word ---- */

static bool sees_seven_and_cannot_write(void *about)
{
    const creds_word_t *word = about;
    int nowhere[2];
    if (pipe(nowhere) != 0) return false;
    return *word->seen == 7 &&
           fails_with(mprotect((void *)(uintptr_t)word->seen, 4, PROT_READ | PROT_WRITE), EACCES) &&
           fails_with(write(nowhere[1], (void *)(uintptr_t)word->own, 4), EFAULT);
}

static void a_word_is_its_makers_to_write_and_everybodys_to_see(void **state)
{
    (void)state;
    creds_word_t word;
    assert_int_equal(creds_word_make(&word), 0);
    assert_int_equal(*word.seen, 0);
    *word.own = 7;
    assert_true(holds_in_a_child(sees_seven_and_cannot_write, &word));
    creds_word_drop(&word, true);
    assert_null(word.seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sealed_one_can_be_changed_by_nobody),
        cmocka_unit_test(a_mapping_cannot_be_made_writable),
        cmocka_unit_test(what_is_not_sealed_is_not_taken),
        cmocka_unit_test(it_is_not_sealed_while_somebody_can_write_to_it),
        cmocka_unit_test(a_limit_of_the_length_of_files_ends_nobody),
        cmocka_unit_test(a_word_is_its_makers_to_write_and_everybodys_to_see),
    };
    return RUN_GROUP(tests);
}
