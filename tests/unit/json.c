#include "unit/unit.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/filter.h"
#include "cli/json.h"

enum { SOURCE_BYTES = 160 };

/* Bytes in memory of exactly their length, each seventh of which needs an escape. */
static struct str make_source(void)
{
    char *bytes = malloc(SOURCE_BYTES);

    assert_non_null(bytes);
    for (int i = 0; i < SOURCE_BYTES; i++) {
        bytes[i] = (char)(i % 97 == 50 ? '"' : i % 97 == 80 ? '\n' : 'a' + i % 26);
    }
    return str_make(bytes, SOURCE_BYTES);
}

/* The text as it has to be written. */
static void assert_written(const struct buf *out, struct str text)
{
    struct buf want;

    buf_init(&want, BUF_NO_LIMIT);
    buf_add_z(&want, "\"");
    filter_json(&want, text);
    buf_add_z(&want, "\"");
    assert_int_equal(out->len, want.len);
    assert_memory_equal(out->ptr, want.ptr, want.len);
    buf_fini(&want);
}

static void json_text__is_the_same_whether_bytes_behind_may_be_read(void **state)
{
    struct str source = make_source();
    struct buf out;
    (void)state;

    buf_init(&out, BUF_NO_LIMIT);
    for (int which = -1; which < JSON_READABLE; which++) {
        for (size_t from = 0; from <= source.len; from++) {
            for (size_t len = 0; len <= source.len - from; len++) {
                struct json json = {.out = &out};

                if (which >= 0) {
                    json_may_read(&json, which, source);
                }
                buf_clear(&out);
                json_text(&json, NULL, str_sub(source, from, len));
                assert_written(&out, str_sub(source, from, len));
            }
        }
    }
    buf_fini(&out);
    free((char *)(uintptr_t)source.ptr);
}

static void json_texts__writes_the_fields_of_a_record(void **state)
{
    struct record {
        struct str first, second, third;
    };
    static const struct json_field fields[] = {
        JSON_FIELD("first", struct record, first),
        JSON_FIELD("second", struct record, second),
        JSON_FIELD("third", struct record, third),
    };
    static const char source[64] = "one \"two\" and more";
    struct record record = {str_make(source, 3), STR_NULL, str_make(source + 4, 5)};
    struct buf out;
    (void)state;

    buf_init(&out, BUF_NO_LIMIT);
    struct json json = {.out = &out};

    json_may_read(&json, 0, str_make(source, sizeof source));
    JSON_TEXTS(&json, &record, fields);
    buf_add_char(&out, ' ');
    json_texts_set(&json, &record, fields, 3);
    buf_add_char(&out, '\0');
    assert_string_equal(out.ptr, "\"first\":\"one\",\"second\":null,\"third\":\"\\\"two\\\"\" "
                                 ",\"first\":\"one\",\"third\":\"\\\"two\\\"\"");
    buf_fini(&out);
}

static void json_text_and_number__makes_an_object_a_time(void **state)
{
    static const struct json_ready name = JSON_READY("{\"name\":");
    static const struct json_ready size = JSON_READY(",\"size\":");
    struct buf out;
    (void)state;

    buf_init(&out, BUF_NO_LIMIT);
    struct json json = {.out = &out};

    json_open(&json, NULL, '[');
    json_text_and_number(&json, &name, STR_LIT("a \"b\""), &size, 12);
    json_text_and_number(&json, &name, STR_NULL, &size, -3456789);
    json_close(&json, ']');
    buf_add_char(&out, '\0');
    assert_string_equal(out.ptr, "[{\"name\":\"a \\\"b\\\"\",\"size\":12},{\"name\":null,\"size\":-3456789}]");
    buf_fini(&out);
}

static void json_number__of_any_length(void **state)
{
    struct buf out;
    char want[64];
    (void)state;

    buf_init(&out, BUF_NO_LIMIT);
    for (long long n = 1; n > 0 && n < LLONG_MAX / 3; n += 1 + n / 7) {
        for (long long number = n - 1; number >= -n; number -= 2 * n - 1) {
            struct json json = {.out = &out};

            buf_clear(&out);
            json_number(&json, "n", number);
            buf_add_char(&out, '\0');
            snprintf(want, sizeof want, "\"n\":%lld", number);
            assert_string_equal(out.ptr, want);
        }
    }
    buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_text__is_the_same_whether_bytes_behind_may_be_read),
        cmocka_unit_test(json_texts__writes_the_fields_of_a_record),
        cmocka_unit_test(json_number__of_any_length),
        cmocka_unit_test(json_text_and_number__makes_an_object_a_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
