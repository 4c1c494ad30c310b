#include "unit/shipped.h"

#include "session/session.h"

/* Whole reports with what must come out: tests/reports/NAME.{eml,txt} with NAME.expect, a line
 * "key: value" each; and the helpdesk stories with their table. */

static size_t checked;

static struct str squeezed_lower(struct str text)
{
    struct str copy = str_dup(&arena, str_squeeze(&arena, text));
    char *bytes = (char *)(uintptr_t)copy.ptr;

    for (size_t i = 0; i < copy.len; i++) {
        bytes[i] = str_lower_char(bytes[i]);
    }
    return copy;
}

/* Whether the line stands in the quoted evidence or the diagnostic. */
static bool is_proved(const struct match_recipient *recipient, struct str line)
{
    struct str want = squeezed_lower(line);

    if (str_find(squeezed_lower(recipient->recipient->diagnostic.text), want, 0) != STR_NPOS) {
        return true;
    }
    for (size_t i = 0; i < recipient->evidence_count; i++) {
        if (str_find(squeezed_lower(recipient->evidence[i].text), want, 0) != STR_NPOS) {
            return true;
        }
    }
    return false;
}

/* Addresses with a blank between them. */
static struct str joined(const struct ndr_value *values, size_t count)
{
    struct str all = STR_NULL;

    for (size_t i = 0; i < count; i++) {
        all = i ? str_printf(&arena, "%.*s %.*s", (int)all.len, all.ptr, (int)values[i].text.len, values[i].text.ptr)
                : values[i].text;
    }
    return all;
}

/* Everything that the report lacks, "; " between. */
static struct str missing(const struct ndr_report *report)
{
    struct str all = STR_NULL;

    for (size_t i = 0; i < report->missing_count; i++) {
        assert_true(report->missing[i].how.len > 0);
        all = str_printf(&arena, "%.*s%s%.*s", (int)all.len, all.len ? all.ptr : "", i ? "; " : "",
                         (int)report->missing[i].what.len, report->missing[i].what.ptr);
    }
    return all;
}

/* Value of a key of a report or of one of its recipients; "-" where there is none. */
static struct str value_of(const struct match_result *result, size_t n, struct str key)
{
    const struct ndr_report *report = result->report;
    const struct match_recipient *r = n < result->count ? &result->recipients[n] : NULL;
    const struct match_diagnosis *best = r && r->diagnosis_count ? &r->diagnoses[0] : NULL;
    struct str value = STR_NULL;

    if (str_equal(key, STR_LIT("kind"))) {
        value = ndr_kind_name(report->kind);
    } else if (str_equal(key, STR_LIT("format"))) {
        value = report->is_mail ? STR_LIT("mail") : STR_LIT("text");
    } else if (str_equal(key, STR_LIT("generator"))) {
        value = report->generator.text;
    } else if (str_equal(key, STR_LIT("language"))) {
        value = report->language;
    } else if (str_equal(key, STR_LIT("reporting_mta"))) {
        value = report->reporting_mta.text;
    } else if (str_equal(key, STR_LIT("recipients"))) {
        value = str_printf(&arena, "%zu", result->count);
    } else if (str_equal(key, STR_LIT("warnings"))) {
        value = str_printf(&arena, "%zu", report->warning_count + result->warning_count);
    } else if (str_equal(key, STR_LIT("missing"))) {
        value = missing(report);
    } else if (str_equal(key, STR_LIT("original_from"))) {
        value = report->original.from.text;
    } else if (str_equal(key, STR_LIT("original_to"))) {
        value = joined(report->original.to, report->original.to_count);
    } else if (str_equal(key, STR_LIT("original_subject"))) {
        value = report->original.subject.text;
    } else if (str_equal(key, STR_LIT("arrival_date"))) {
        value = report->arrival_date.text;
    } else if (str_equal(key, STR_LIT("hops"))) {
        value = str_printf(&arena, "%zu", report->hop_count);
    } else if (!r) {
        value = STR_NULL;
    } else if (str_equal(key, STR_LIT("address"))) {
        value = r->recipient->address.text;
    } else if (str_equal(key, STR_LIT("original_address"))) {
        value = r->recipient->original_address.text;
    } else if (str_equal(key, STR_LIT("action"))) {
        value = ndr_action_name(r->recipient->action);
    } else if (str_equal(key, STR_LIT("status"))) {
        value = r->status.text;
    } else if (str_equal(key, STR_LIT("reply"))) {
        value = r->reply_code ? str_printf(&arena, "%d", r->reply_code) : STR_NULL;
    } else if (str_equal(key, STR_LIT("remote_mta"))) {
        value = r->recipient->remote_mta.text;
    } else if (str_equal(key, STR_LIT("entry"))) {
        value = best ? best->entry->id : STR_NULL;
    } else if (str_equal(key, STR_LIT("confidence"))) {
        value = best ? match_confidence_name(best->confidence) : STR_NULL;
    } else if (str_equal(key, STR_LIT("owner"))) {
        value = best ? prose_owner_slug(best->entry->owners[0]) : STR_NULL;
    } else if (str_equal(key, STR_LIT("tree"))) {
        value = best ? best->tree : STR_NULL;
    } else {
        fail_msg("no such key: %.*s", (int)key.len, key.ptr);
    }
    return value.len ? value : STR_LIT("-");
}

static bool is_warned(const struct match_result *result, struct str words)
{
    for (size_t i = 0; i < result->report->warning_count; i++) {
        if (str_find(result->report->warnings[i], words, 0) != STR_NPOS) {
            return true;
        }
    }
    for (size_t i = 0; i < result->warning_count; i++) {
        if (str_find(result->warnings[i], words, 0) != STR_NPOS) {
            return true;
        }
    }
    return false;
}

static bool is_one_of(struct str value, struct str choices)
{
    struct str choice;

    while (str_next_field(&choices, '|', &choice)) {
        if (str_equal(choice, STR_LIT("*")) || str_equal(choice, value)) {
            return true;
        }
    }
    return false;
}

/* "status: 5.1.1", "2 status: 5.2.2" for the second recipient, "evidence: words". */
static void check_line(const char *name, const struct match_result *result, struct str line)
{
    size_t n = 0;
    size_t colon = str_find(line, STR_LIT(": "), 0);

    if (line.len > 2 && str_is_digit(line.ptr[0]) && line.ptr[1] == ' ') {
        n = (size_t)(line.ptr[0] - '1');
        line = str_sub(line, 2, line.len);
        colon -= 2;
    }
    assert_int_not_equal(colon, STR_NPOS);
    struct str key = str_sub(line, 0, colon);
    struct str want = str_trim(str_sub(line, colon + 2, line.len));

    checked++;
    if (str_equal(key, STR_LIT("evidence"))) {
        if (n >= result->count || !is_proved(&result->recipients[n], want)) {
            fail_msg("%s: not proved: %.*s", name, (int)want.len, want.ptr);
        }
        return;
    }
    if (str_equal(key, STR_LIT("warning"))) {
        if (!is_warned(result, want)) {
            fail_msg("%s: no such warning: %.*s", name, (int)want.len, want.ptr);
        }
        return;
    }
    struct str got = value_of(result, n, key);

    if (!is_one_of(got, want)) {
        fail_msg("%s: %.*s is %.*s, want %.*s", name, (int)key.len, key.ptr, (int)got.len, got.ptr,
                 (int)want.len, want.ptr);
    }
}

static void reports__give_what_is_expected(void **state)
{
    char *folder = project_path(&arena, "tests/reports");
    struct file_list files = file_list_folder(&arena, folder, ".expect");

    (void)state;
    assert_true(files.count >= 20);
    for (size_t i = 0; i < files.count; i++) {
        struct str name = str_sub(files.names[i], 0, files.names[i].len - strlen(".expect"));
        char *mail = file_join(&arena, folder, str_printf(&arena, "%.*s.eml", (int)name.len, name.ptr).ptr);
        char *text = file_join(&arena, folder, str_printf(&arena, "%.*s.txt", (int)name.len, name.ptr).ptr);
        struct str rest = slurp(file_join(&arena, folder, files.names[i].ptr));
        struct str line;
        const struct match_result *result =
            session_analyze(&session, &arena, slurp(file_exists(mail) ? mail : text));

        while (str_next_line(&rest, &line)) {
            if (line.len && line.ptr[0] != '#') {
                check_line(files.names[i].ptr, result, line);
            }
        }
    }
    assert_true(checked > 100);
}

static void stories__are_wholly_right(void **state)
{
    struct str table = slurp(project_path(&arena, "tests/stories/stories.tsv"));
    static const char *const keys[] = {"file", "split", "kind", "status", "reply", "entry", "owner", "tree"};
    struct str row;
    size_t stories = 0;

    (void)state;
    str_next_line(&table, &row);
    while (str_next_line(&table, &row)) {
        struct str cells[8] = {{0}};
        struct str line;

        for (size_t i = 0; i < 8; i++) {
            str_next_field(&row, '\t', &cells[i]);
        }
        char *path = project_path(&arena, str_printf(&arena, "tests/stories/%.*s", (int)cells[0].len, cells[0].ptr).ptr);
        const struct match_result *result = session_analyze(&session, &arena, slurp(path));

        for (size_t i = 2; i < 8; i++) {
            check_line(path, result,
                       str_printf(&arena, "%s: %.*s", keys[i], (int)cells[i].len, cells[i].ptr));
        }
        struct str stem = str_sub(cells[0], 0, cells[0].len - 4);
        struct str rest = slurp(project_path(
            &arena, str_printf(&arena, "tests/stories/%.*s.expect", (int)stem.len, stem.ptr).ptr));

        while (str_next_line(&rest, &line)) {
            if (str_starts(line, STR_LIT("evidence: "))) {
                check_line(path, result, line);
            }
        }
        stories++;
    }
    assert_true(stories >= 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reports__give_what_is_expected),
        cmocka_unit_test(stories__are_wholly_right),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
