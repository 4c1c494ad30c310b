#include "unit/unit.h"

#include <unistd.h>

#include "kb/image.h"
#include "session/lint.h"

static struct session session;
static struct arena arena;

static int setup(void **state)
{
    struct session_options options = {.shipped_only = true};
    const char *build = getenv("NDR_BUILD");

    (void)state;
    arena_init(&arena);
    options.data = file_join(&arena, build ? build : ".", "share/ndr");
    return session_open(&session, &options) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    session_close(&session);
    arena_fini(&arena);
    return 0;
}

/* A field that the image forgets changes what some sample leads to, or what lint says. */
static void image__all_samples_lead_where_they_do_from_the_xml(void **state)
{
    struct err_list faults;

    (void)state;
    err_list_init(&faults, &arena);
    session_lint(&session, &faults);
    for (size_t i = 0; i < faults.count; i++) {
        struct str line = err_format(&arena, &faults.items[i]);

        print_error("%.*s\n", (int)line.len, line.ptr);
    }
    assert_int_equal(faults.count, 0);
}

/* What was read from an image makes the same image again. */
static void image__of_an_image_is_the_same(void **state)
{
    char *folder = file_join(&arena, session.folders[KB_LAYER_SHIPPED], "codes");
    struct err_list faults;
    struct kb from_xml;
    struct kb from_image;
    struct buf first;
    struct buf second;

    (void)state;
    err_list_init(&faults, &arena);
    buf_init(&first, BUF_NO_LIMIT);
    buf_init(&second, BUF_NO_LIMIT);
    kb_init(&from_xml);
    kb_init(&from_image);
    assert_true(kb_load_folder(&from_xml, folder, KB_LAYER_SHIPPED, &faults));
    kb_image_write(&from_xml, folder, &first);
    assert_true(kb_image_read(&from_image, file_join(&arena, session.folders[KB_LAYER_SHIPPED], "knowledge.img"), folder));
    kb_image_write(&from_image, folder, &second);
    assert_true(str_equal(buf_str(&first), buf_str(&second)));
    kb_fini(&from_xml);
    kb_fini(&from_image);
    buf_fini(&first);
    buf_fini(&second);
}

/* Whatever happened to the file: it is refused whole, or read to its end. */
static void image__that_is_damaged(void **state)
{
    char *folder = file_join(&arena, session.folders[KB_LAYER_SHIPPED], "codes");
    char path[] = "/tmp/ndr-image-XXXXXX";
    int fd = mkstemp(path);
    struct buf whole;
    size_t refused = 0;

    (void)state;
    buf_init(&whole, BUF_NO_LIMIT);
    assert_true(fd >= 0);
    assert_int_equal(file_read(file_join(&arena, session.folders[KB_LAYER_SHIPPED], "knowledge.img"), &whole), FILE_OK);
    for (size_t round = 0; round < 60; round++) {
        struct str bytes = str_dup(&arena, buf_str(&whole));
        size_t at = round * 7919 * 31 % whole.len;
        struct kb kb;

        ((char *)bytes.ptr)[round < 20 ? whole.len - 1 - round * 3 : at] ^= (char)(round % 2 ? 0x80 : 0x11);
        bytes = str_sub(bytes, 0, round % 5 == 4 ? at : bytes.len);
        assert_int_equal(ftruncate(fd, 0), 0);
        assert_int_equal(pwrite(fd, bytes.ptr, bytes.len, 0), bytes.len);
        kb_init(&kb);
        if (!kb_image_read(&kb, path, folder)) {
            assert_int_equal(kb.count, 0);
            refused++;
        }
        kb_fini(&kb);
    }
    close(fd);
    unlink(path);
    buf_fini(&whole);
    assert_true(refused > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(image__all_samples_lead_where_they_do_from_the_xml),
        cmocka_unit_test(image__of_an_image_is_the_same),
        cmocka_unit_test(image__that_is_damaged),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
