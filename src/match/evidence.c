#include "match/evidence.h"

#include "base/utf8.h"

struct ndr_place match_hit_place(const struct ndr_report *report,
                                 const struct match_candidate *candidate)
{
    const struct match_unit *unit = candidate->unit;

    if (unit->kind == MATCH_UNIT_PROSE) {
        return ndr_page_place(report, unit->page, unit->page_offset + candidate->hit.from,
                              candidate->hit.to - candidate->hit.from);
    }
    return unit->place;
}

/* At most 400 bytes, cut between characters. */
static struct str quote_cut(struct str text)
{
    if (text.len <= MATCH_QUOTE_MAX_BYTES) {
        return text;
    }
    size_t end = MATCH_QUOTE_MAX_BYTES;

    while (end > 0 && ((unsigned char)text.ptr[end] & 0xC0) == 0x80) {
        end--;
    }
    return str_sub(text, 0, end);
}

/* The lines of the input as they stand, joined; the value itself where they are encoded. */
static struct str quote(struct arena *arena, const struct ndr_report *report,
                        struct ndr_value value)
{
    struct str rest = ndr_report_from_line(report, value.place.offset);
    struct str lines = STR_NULL;
    struct str line;

    for (unsigned i = 0; i < value.place.lines && i < 12 && str_next_line(&rest, &line); i++) {
        line = str_sub(str_trim(line), 0, 4096);
        line.len = line.len ? strnlen(line.ptr, line.len) : 0;
        lines = lines.len == 0 ? line
                               : str_printf(arena, "%.*s %.*s", (int)lines.len, lines.ptr, (int)line.len,
                                            line.len ? line.ptr : "");
    }
    lines = str_squeeze(arena, lines);
    struct str probe = str_sub(str_squeeze(arena, value.text), 0, 24);

    /* In another charset than UTF-8 the lines are nothing that can be shown. */
    bool readable = utf8_is_valid(lines) && str_find_char(lines, '\033', 0) == STR_NPOS;

    /* A line of hundreds of words (JSON, HTML) hides the few that count. */
    readable = readable && (lines.len <= MATCH_QUOTE_MAX_BYTES || value.text.len > MATCH_QUOTE_MAX_BYTES / 2);
    if (lines.len && readable && (probe.len == 0 || str_find_nocase(lines, probe, 0) != STR_NPOS)) {
        return quote_cut(lines);
    }
    return quote_cut(str_squeeze(arena, value.text));
}

static void add(struct arena *arena, const struct ndr_report *report, struct match_recipient *out,
                const char *what, struct ndr_value value)
{
    if (value.text.len == 0 || out->evidence_count == MATCH_EVIDENCE_MAX) {
        return;
    }
    struct str text = quote(arena, report, value);

    for (size_t i = 0; i < out->evidence_count; i++) {
        const struct match_evidence *shown = &out->evidence[i];

        /* The same words, or the start of what stands there already. */
        if (str_equal(shown->text, text) ||
            (shown->place.offset == value.place.offset && str_starts(shown->text, text)) ||
            (str_starts(shown->text, text) &&
             ndr_report_line(report, shown->place) == ndr_report_line(report, value.place))) {
            return;
        }
    }
    out->evidence[out->evidence_count++] =
        (struct match_evidence){str_from(what), text, value.place};
}

/* The hops that repeat, where a loop is the matter. */
static void add_loops(struct arena *arena, const struct ndr_report *report,
                      struct match_recipient *out)
{
    for (size_t i = 0; i < report->loop_count && i < 3; i++) {
        for (size_t k = 0; k < report->hop_count; k++) {
            const struct ndr_hop *hop = &report->hops[k];

            if (str_equal_nocase(hop->from.text, report->loops[i].from) &&
                str_equal_nocase(hop->by.text, report->loops[i].by)) {
                add(arena, report, out, "hop that repeats", hop->from);
                break;
            }
        }
    }
}

void match_fill_evidence(struct arena *arena, const struct ndr_report *report,
                         const struct match_candidate *best, struct match_recipient *out)
{
    const struct ndr_recipient *recipient = out->recipient;

    if (best && best->hit.signature) {
        struct ndr_value words = {str_sub(best->unit->text, best->hit.from,
                                          best->hit.to - best->hit.from),
                                  match_hit_place(report, best)};

        add(arena, report, out, "decides", words);
    }
    add(arena, report, out, best && best->hit.signature ? "agrees" : "decides", out->status);
    add(arena, report, out, "reported error", recipient->diagnostic);
    add(arena, report, out, "status field", recipient->status_field);
    for (size_t i = 0; i < recipient->code_count && i < 6; i++) {
        add(arena, report, out, "status code", recipient->codes[i].value);
    }
    add(arena, report, out, "recipient", recipient->address);
    add(arena, report, out, "remote server", recipient->remote_mta);
    add(arena, report, out, "what was done", recipient->action_field);
    add(arena, report, out, "generating server", report->generating_server_line);
    add(arena, report, out, "reporting server", report->reporting_mta);
    add(arena, report, out, "layout", report->generator_words);
    if (best && best->entry->category == KB_CATEGORY_ROUTING) {
        add_loops(arena, report, out);
    }
}
