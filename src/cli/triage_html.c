/* The documents of `triage`: JSON for programs, HTML for people.  Apart from triage.c because names
 * of cli/json.h are also jansson's. */
#include "base/filter.h"
#include "base/text.h"
#include "cli/json.h"
#include "cli/triage.h"

enum { HTML_ROWS_MAX = 25, HOURS = 24 };

/* --- JSON --- */

static void json_counts(struct json *json, enum triage_table table,
                        const struct triage_counts *counts)
{
    json_open(json, triage_table_row(table)->key, '[');
    for (size_t i = 0; i < counts->count; i++) {
        json_open(json, NULL, '{');
        json_text(json, "key", counts->rows[i].key);
        json_text_or_null(json, "title", counts->rows[i].title);
        json_number(json, "count", (long long)counts->rows[i].count);
        json_close(json, '}');
    }
    json_close(json, ']');
}

/* Null without an earlier run to compare with. */
static void json_rises(struct json *json, const struct triage *triage, const char *key, bool is_new)
{
    if (!triage->since) {
        json_nothing(json, key);
        return;
    }
    json_open(json, key, '[');
    for (size_t i = 0; i < triage->rise_count; i++) {
        const struct triage_rise *rise = &triage->rises[i];

        if ((rise->before == 0) == is_new) {
            json_open(json, NULL, '{');
            json_text(json, "what", str_from(rise->what));
            json_text(json, "key", rise->key);
            json_text_or_null(json, "title", rise->title);
            json_number(json, "before", (long long)rise->before);
            json_number(json, "count", (long long)rise->count);
            json_close(json, '}');
        }
    }
    json_close(json, ']');
}

void triage_json(const struct triage *triage, struct buf *out)
{
    struct json json = {.out = out, .pretty = true};
    size_t beyond = 0;

    for (int i = 0; i < TRIAGE_TABLE_COUNT; i++) {
        beyond += triage->tables[i].beyond;
    }
    json_open(&json, NULL, '{');
    json_text(&json, "schema", STR_LIT("ndr-triage/1"));
    json_open(&json, "totals", '{');
    json_number(&json, "mails", (long long)triage->mails);
    json_number(&json, "reports", (long long)triage->reports);
    json_number(&json, "recipients", (long long)triage->recipients);
    json_number(&json, "undiagnosed", (long long)triage->undiagnosed);
    json_number(&json, "not_reports", (long long)triage->others);
    json_number(&json, "troubles", (long long)triage->troubles);
    json_number(&json, "beyond_limit", (long long)beyond);
    json_close(&json, '}');
    for (int i = 0; i < TRIAGE_TABLE_COUNT; i++) {
        json_counts(&json, (enum triage_table)i, &triage->tables[i]);
    }
    json_rises(&json, triage, "new", true);
    json_rises(&json, triage, "rising", false);
    json_close(&json, '}');
    buf_add_char(out, '\n');
}

/* --- HTML --- */

/* Nothing may be fetched: the policy says so to the browser, too. */
static const char html_head[] =
    "<!DOCTYPE html>\n"
    "<html lang=\"en\"><head><meta charset=\"utf-8\" />\n"
    "<meta http-equiv=\"Content-Security-Policy\""
    " content=\"default-src 'none'; style-src 'unsafe-inline'\" />\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\n"
    "<title>ndr triage</title>\n"
    "<style>\n"
    ":root { color-scheme: light dark; --fg: #1d232b; --bg: #fff; --dim: #57606a; --line: #d8dee4;"
    " --bar: #2f6fb3; }\n"
    "@media (prefers-color-scheme: dark) { :root { --fg: #e3e8ee; --bg: #14181d; --dim: #9aa5b1;"
    " --line: #333b45; --bar: #6ea8e5; } }\n"
    "body { font: 16px/1.45 system-ui, sans-serif; color: var(--fg); background: var(--bg);"
    " max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }\n"
    "h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }\n"
    "dl { display: flex; flex-wrap: wrap; gap: .5rem 2rem; } dt { color: var(--dim); }\n"
    "dd { margin: 0; font-size: 1.5rem; font-variant-numeric: tabular-nums; }\n"
    "table { border-collapse: collapse; width: 100%; }\n"
    "th, td { padding: .25rem .5rem; border-top: 1px solid var(--line); text-align: left;"
    " font-weight: normal; overflow-wrap: anywhere; }\n"
    "td.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }\n"
    "td.b { width: 30%; } td.b div { background: var(--bar); height: .8rem; min-width: 1px; }\n"
    "p { color: var(--dim); }\n"
    "</style></head><body>\n";

static void html_total(struct buf *out, const char *label, size_t count)
{
    buf_add_z(out, "<div><dt>");
    filter_html(out, str_from(label));
    buf_addf(out, "</dt><dd>%zu</dd></div>\n", count);
}

static void html_row(const struct triage *triage, struct buf *out, enum triage_table table,
                     const struct triage_row *row, size_t largest)
{
    size_t share = triage_share(triage, table, row->count);

    buf_add_z(out, "<tr><th scope=\"row\">");
    filter_html(out, triage_name(triage->arena, table, row));
    buf_addf(out, "</th><td class=\"n\">%zu</td><td class=\"n\">%zu.%zu %%</td>", row->count,
             share / 10, share % 10);
    buf_addf(out, "<td class=\"b\"><div style=\"width:%zu%%\"></div></td></tr>\n",
             largest ? row->count * 100 / largest : 0);
}

/* A day is read from its start to its end, not by size. */
static void html_hours(const struct triage *triage, struct buf *out, size_t largest)
{
    const struct triage_counts *counts = &triage->tables[TRIAGE_HOUR];

    for (unsigned hour = 0; hour < HOURS; hour++) {
        struct str key = str_printf(triage->arena, "%02u", hour);
        struct triage_row row = {.key = key,
                                 .title = str_printf(triage->arena, "%02u:00 UTC", hour)};

        for (size_t i = 0; i < counts->count; i++) {
            row.count += str_equal(counts->rows[i].key, key) ? counts->rows[i].count : 0;
        }
        html_row(triage, out, TRIAGE_HOUR, &row, largest);
    }
}

static void html_counts(const struct triage *triage, struct buf *out, enum triage_table table)
{
    const struct triage_counts *counts = &triage->tables[table];
    size_t shown = counts->count < HTML_ROWS_MAX ? counts->count : HTML_ROWS_MAX;

    if (counts->count == 0) {
        return;
    }
    buf_add_z(out, "<h2>");
    filter_html(out, str_from(triage_table_row(table)->heading));
    buf_add_z(out, "</h2>\n<table>\n");
    if (table == TRIAGE_HOUR) {
        html_hours(triage, out, counts->rows[0].count);
        shown = counts->count;
    } else {
        for (size_t i = 0; i < shown; i++) {
            html_row(triage, out, table, &counts->rows[i], counts->rows[0].count);
        }
    }
    buf_add_z(out, "</table>\n");
    if (shown < counts->count) {
        buf_addf(out, _("<p>and %zu more</p>\n"), counts->count - shown);
    }
}

static void html_rises(const struct triage *triage, struct buf *out, const char *heading,
                       bool is_new)
{
    bool any = false;

    for (size_t i = 0; i < triage->rise_count; i++) {
        const struct triage_rise *rise = &triage->rises[i];
        struct triage_row row = {.key = rise->key, .title = rise->title, .count = rise->count};

        if ((rise->before == 0) != is_new) {
            continue;
        }
        if (!any) {
            buf_add_z(out, "<h2>");
            filter_html(out, str_from(heading));
            buf_add_z(out, "</h2>\n<table>\n");
            any = true;
        }
        buf_addf(out, "<tr><td>%s</td><th scope=\"row\">", rise->what);
        filter_html(out, triage_name(triage->arena, TRIAGE_ENTRY, &row));
        buf_addf(out, "</th><td class=\"n\">%zu &#8594; %zu</td></tr>\n", rise->before,
                 rise->count);
    }
    if (any) {
        buf_add_z(out, "</table>\n");
    }
}

void triage_html(const struct triage *triage, struct buf *out)
{
    buf_add_z(out, html_head);
    buf_add_z(out, _("<h1>Bounces by cause</h1>\n<dl>\n"));
    html_total(out, _("mails read"), triage->mails);
    html_total(out, _("reports"), triage->reports);
    html_total(out, _("recipients"), triage->recipients);
    html_total(out, _("without a cause"), triage->undiagnosed);
    html_total(out, _("not reports"), triage->others);
    html_total(out, _("trouble"), triage->troubles);
    buf_add_z(out, "</dl>\n");
    if (triage->since) {
        buf_add_z(out, _("<p>Compared with "));
        filter_html(out, str_from(triage->since));
        buf_add_z(out, triage->rise_count ? "</p>\n" : _(": nothing is new or rising.</p>\n"));
    }
    html_rises(triage, out, _("New"), true);
    html_rises(triage, out, _("Rising"), false);
    for (int i = 0; i < TRIAGE_TABLE_COUNT; i++) {
        html_counts(triage, out, (enum triage_table)i);
    }
    buf_add_z(out, "</body></html>\n");
}
