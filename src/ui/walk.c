/* The walk through a tree: the steps so far, the question with its commands, numbered answers; at
 * the end the outcome. */
#include "ui/row.h"
#include "ui/text.h"

#include <stdio.h>

#include "base/text.h"
#include "base/width.h"

enum {
    WALK_QUESTION = 0, /* pane */
    WALK_PATH = 1,     /* pane: steps so far */
    WALK_PATH_COLS = 42,
    WALK_OPTION_INDENT = 5,
    WALK_BAR_CELLS = 20,
    WALK_TRAIL_CELLS = 24, /* of one answer in the trail */
};

static const struct tree_walk *walk_of(const struct app *app)
{
    return &app->session->walk;
}

static bool is_done(const struct app *app)
{
    return tree_walk_is_done(walk_of(app));
}

static unsigned walk_context(const struct app *app, const struct place *place)
{
    (void)place;
    return is_done(app) ? ACTION_IN_OUTCOME : ACTION_IN_WALK;
}

static struct str walk_name(struct app *app, const struct place *place)
{
    (void)place;
    return walk_of(app)->tree->title;
}

/* "step 3 of at most 6", with a bar where there is room for it. */
static struct str walk_position(struct app *app, const struct place *place)
{
    unsigned step = tree_walk_step(walk_of(app));
    unsigned most = tree_walk_most(walk_of(app));
    char bar[WALK_BAR_CELLS + 1] = {0};

    if (is_done(app)) {
        struct str where = text_position(app, place);

        return where.len ? str_printf(&app->scratch, _("outcome  %.*s"), (int)where.len, where.ptr)
                         : str_printf(&app->scratch, _("outcome after %u steps"), step - 1);
    }
    if (place->width < APP_WIDE_COLS) {
        return str_printf(&app->scratch, _("step %u of at most %u"), step, most);
    }
    for (unsigned i = 0; i < WALK_BAR_CELLS; i++) {
        bar[i] = i * most < (step - 1) * WALK_BAR_CELLS ? '#' : '-';
    }
    return str_printf(&app->scratch, _("step %u of at most %u  [%s]"), step, most, bar);
}

/* --- the steps so far --- */

/* One answered step in words. */
struct step {
    struct str question;
    struct str answer;
    struct str proof; /* "from the report, line 38", empty for an answer of the person */
};

static struct step step_at(struct app *app, size_t index)
{
    const struct tree_answer *answer = &walk_of(app)->answers[index];
    const struct tree *tree = session_tree(app->session, answer->tree);
    int node = tree ? tree_node_find(tree, answer->node) : -1;
    int option = node < 0 ? -1 : tree_option_find(&tree->nodes[node], answer->option);
    struct step step = {.question = answer->node, .answer = answer->option};

    if (node >= 0) {
        step.question = tree->nodes[node].title;
    }
    if (option >= 0) {
        step.answer = tree->nodes[node].options[option].text;
    }
    if (answer->from_report) {
        step.proof = answer->line ? str_printf(&app->scratch, _("report, line %u"), answer->line)
                                  : str_from(_("report"));
    }
    step.question = app_text(app, session_fill(&app->scratch, step.question, &walk_of(app)->facts));
    step.answer = session_fill(&app->scratch, step.answer, &walk_of(app)->facts);
    if (answer->note.len) {
        step.answer = str_printf(&app->scratch, "%.*s [%.*s]", (int)step.answer.len, step.answer.ptr,
                                 (int)answer->note.len, answer->note.ptr);
    }
    step.answer = app_text(app, step.answer);
    return step;
}

/* Rows of an answer, wrapped when it may; paints it when `row` is not negative. */
static int put_answer(struct box box, int row, const struct step *step, struct str proof, bool wraps)
{
    int cells = box.cols - WALK_OPTION_INDENT - 3;
    int mark = (int)width_of(proof);
    struct str rest = step->answer;
    struct str line = STR_NULL;
    int rows = 0;

    do {
        /* What does not fit in the last row ends with a sign. */
        if (!wraps || !width_next_line(&rest, (size_t)cells, &line)) {
            line = rest;
            rest = STR_NULL;
        }
        int room = rest.len || (wraps && mark && (int)width_of(line) + 1 + mark > cells) ? cells : cells - mark;

        if (row >= 0 && row + rows < box.rows) {
            paint_text(box.row + row + rows, box.col + WALK_OPTION_INDENT + 1, room, STYLE_TITLE, line);
        }
        rows++;
    } while (rest.len);
    rows += wraps && mark && (int)width_of(line) + 1 + mark > cells;
    if (row >= 0 && row + rows <= box.rows) {
        paint_right(box.row + row + rows - 1, box.col + box.cols - 1 - mark, mark, STYLE_LABEL, proof);
    }
    return rows;
}

/* Rows of a step: the question and its answer; paints it when `row` is not negative. */
static int put_step(struct app *app, struct box box, int row, size_t index, bool wraps)
{
    struct step step = step_at(app, index);
    struct str proof = step.proof.len ? str_printf(&app->scratch, "(%.*s)", (int)step.proof.len,
                                                   step.proof.ptr)
                                      : STR_NULL;

    if (row >= 0) {
        paint_text(box.row + row, box.col + 1, 2, STYLE_CODE, str_printf(&app->scratch, "%zu", index + 1));
        paint_text(box.row + row, box.col + WALK_OPTION_INDENT - 1, box.cols - WALK_OPTION_INDENT, STYLE_TEXT,
                   step.question);
    }
    return 1 + put_answer(box, row < 0 ? row : row + 1, &step, proof, wraps);
}

/* Whether all steps have room with their answers in full, and the open question below them. */
static bool path_wraps(struct app *app, struct box box)
{
    int rows = 1;

    for (size_t i = 0; i < walk_of(app)->count && rows <= box.rows; i++) {
        rows += put_step(app, box, -1, i, true);
    }
    return rows <= box.rows;
}

static void paint_open_question(struct app *app, struct box box, int row)
{
    struct str title = session_fill(&app->scratch, walk_of(app)->node->title, &walk_of(app)->facts);

    paint_z(box.row + row, box.col, 1, STYLE_TITLE, ">");
    paint_text(box.row + row, box.col + 1, 2, STYLE_CODE, str_printf(&app->scratch, "%zu", walk_of(app)->count + 1));
    paint_text(box.row + row, box.col + WALK_OPTION_INDENT - 1, box.cols - WALK_OPTION_INDENT, STYLE_TITLE,
               app_text(app, title));
}

/* Two rows a step where not all of them have room in full; below them the question that is open. */
static void paint_path(struct app *app, struct place *place, struct box box)
{
    size_t count = walk_of(app)->count;
    bool wraps = path_wraps(app, box);
    int steps = wraps ? (int)count + 1 : box.rows / 2;

    place->rows[WALK_PATH] = steps;
    /* The last steps are in view unless somebody goes through them. */
    if (place->pane != WALK_PATH) {
        place->lists[WALK_PATH].selected = count ? count - 1 : 0;
    }
    list_fit(&place->lists[WALK_PATH], count, steps > 1 ? steps - 1 : 1);
    size_t index = place->lists[WALK_PATH].top;
    int row = 0;

    while (index < count && row + 1 < box.rows) {
        int used = put_step(app, box, row, index, wraps);

        row_zone(app, box, row, used, WALK_PATH, index);
        if (place->pane == WALK_PATH) {
            row_mark(app, box, row, 2, index == place->lists[WALK_PATH].selected, true);
        }
        row += used;
        index++;
    }
    if (index == count && row < box.rows && !is_done(app)) {
        paint_open_question(app, box, row);
    }
}

/* The way in one line with at most `most` cells of each answer, its end in view: "1 theirs (report)  2 enforce". */
static struct str trail_of(struct app *app, int cells, size_t most, bool *is_whole)
{
    struct str trail = STR_NULL;

    for (size_t i = walk_of(app)->count; i > 0; i--) {
        struct step step = step_at(app, i - 1);
        struct str answer = width_cut(step.answer, most);
        struct str part =
            str_printf(&app->scratch, "%zu %.*s%s%s%s%.*s", i, (int)answer.len, answer.ptr,
                       answer.len < step.answer.len ? paint_cut_sign() : "",
                       step.proof.len ? _(" (report)") : "", trail.len ? "   " : "",
                       (int)trail.len, trail.len ? trail.ptr : "");

        if ((int)width_of(part) > cells) {
            *is_whole = false;
            return trail.len ? str_printf(&app->scratch, "%s   %.*s", paint_cut_sign(), (int)trail.len, trail.ptr) : part;
        }
        trail = part;
    }
    *is_whole = true;
    return trail;
}

/* In full where there is room for it. */
static void paint_trail(struct app *app, struct box box)
{
    bool is_whole;
    struct str trail = trail_of(app, box.cols - 2, (size_t)box.cols, &is_whole);

    if (!is_whole) {
        trail = trail_of(app, box.cols - 6, WALK_TRAIL_CELLS, &is_whole);
    }
    paint_text(box.row, box.col + 1, box.cols - 2, STYLE_LABEL, trail);
}

/* --- the question --- */

/* Rows that option `index` takes, wrapped to `cells`; paints it when `row` is not negative. */
static int put_option(struct app *app, struct box box, int row, size_t index)
{
    const struct tree_option *option = &walk_of(app)->node->options[index];
    struct str rest =
        app_text(app, session_fill(&app->scratch, option->text, &walk_of(app)->facts));
    int cells = box.cols - WALK_OPTION_INDENT - 1;
    struct str line;
    int rows = 0;

    while (width_next_line(&rest, (size_t)(cells > 10 ? cells : 10), &line)) {
        if (row >= 0 && row + rows < box.rows) {
            paint_text(box.row + row + rows, box.col + WALK_OPTION_INDENT, cells, STYLE_TEXT, line);
        }
        rows++;
    }
    if (row >= 0 && row < box.rows) {
        paint_text(box.row + row, box.col + 1, 3, STYLE_KEY,
                   str_printf(&app->scratch, "%2zu", index + 1));
    }
    return rows ? rows : 1;
}

static int option_rows(struct app *app, struct box box)
{
    int rows = 0;

    for (size_t i = 0; i < walk_of(app)->node->option_count; i++) {
        rows += put_option(app, box, -1, i);
    }
    return rows;
}

static void paint_options(struct app *app, struct place *place, struct box box)
{
    size_t count = walk_of(app)->node->option_count;
    int row = 0;

    list_fit(&place->lists[WALK_QUESTION], count, (int)count);
    for (size_t i = 0; i < count && row < box.rows; i++) {
        int used = put_option(app, box, row, i);

        row_zone(app, box, row, used, WALK_QUESTION, i);
        row_mark(app, box, row, 3, i == place->lists[WALK_QUESTION].selected,
                 place->pane == WALK_QUESTION);
        row += used;
    }
}

/* The sources at the end of a question; they give way when there is little room. */
static void drop_sources(struct doc *doc)
{
    size_t count = doc->count;

    while (count > 1 && doc->blocks[count - 1].kind != DOC_HEADING) {
        count--;
    }
    doc->count = count > 1 ? count - 1 : doc->count;
}

static void layout_node(struct app *app, struct page *page, int width, int rows)
{
    struct doc doc;

    doc_init(&doc, &app->scratch);
    session_doc_node(app->session, walk_of(app)->node, &walk_of(app)->facts, &doc);
    if (doc.count && doc.blocks[0].kind == DOC_TITLE && doc.blocks[0].label.len == 0) {
        doc.blocks[0].label =
            str_printf(&app->scratch, "%u", tree_walk_step(walk_of(app)));
    }
    page_init(page, &app->scratch, width, app->filter);
    page_add(page, &doc);
    if ((int)page->count > rows) {
        drop_sources(&doc);
        page_init(page, &app->scratch, width, app->filter);
        page_add(page, &doc);
    }
}

static void paint_question(struct app *app, struct place *place, struct box box)
{
    struct page page;
    struct box text = box_cols(box, 1, box.cols - 2);
    int options = option_rows(app, box);
    int room = box.rows - options - 1;

    layout_node(app, &page, app_text_width(app, text), room);
    int used = (int)page.count < room ? (int)page.count : room;

    used = used < 2 ? 2 : used;
    text.rows = used;
    place->rows[0] = used;
    place->lines = page.count;
    if (place->scroll + (size_t)used > page.count) {
        place->scroll = page.count > (size_t)used ? page.count - (size_t)used : 0;
    }
    page_paint(&page, text, place->scroll, STR_NULL, NULL);
    if (place->scroll + (size_t)used < page.count) {
        /* What is out of view is reached by the page keys. */
        paint_right(box.row + used, box.col + 1, box.cols - 3, STYLE_LABEL,
                    str_printf(&app->scratch, _("%zu more lines: PgDn"),
                               page.count - place->scroll - (size_t)used));
    }
    paint_options(app, place, box_rows(box, used + 1, box.rows));
}

static void paint_main(struct app *app, struct place *place, struct box box)
{
    if (is_done(app)) {
        text_paint(app, place, box);
    } else {
        paint_question(app, place, box);
    }
}

static void walk_paint(struct app *app, struct place *place, struct box box)
{
    int cols = box.cols;

    if (box.cols >= APP_WIDE_COLS) {
        paint_divider(box.row, box.col + WALK_PATH_COLS, box.rows);
        paint_main(app, place, box_cols(box, WALK_PATH_COLS + 1, box.cols));
        paint_path(app, place, box_cols(box, 0, WALK_PATH_COLS));
    } else if (place->pane == WALK_PATH) {
        paint_path(app, place, box);
    } else {
        if (walk_of(app)->count && box.rows > 12) {
            paint_trail(app, box);
            paint_rule(box.row + 1, box.col, box.cols);
            box = box_rows(box, 2, box.rows);
        }
        paint_main(app, place, box);
    }
    if (!is_done(app)) {
        place->width = cols;
    }
}

/* --- acting --- */

static void moved_on(struct app *app, struct place *place)
{
    (void)app;
    place->pane = WALK_QUESTION;
    place->scroll = 0;
    place->word[0] = '\0';
    place->lists[WALK_QUESTION] = (struct list){0};
}

static void answer(struct app *app, struct place *place, size_t option)
{
    size_t before = walk_of(app)->count;

    if (!session_walk_answer(app->session, (int)option)) {
        app_say(app, _("there are only %zu answers"), walk_of(app)->node->option_count);
        return;
    }
    moved_on(app, place);
    if (app->session->store_notice.len) {
        app_say(app, "%.*s", (int)app->session->store_notice.len, app->session->store_notice.ptr);
        app->session->store_notice = STR_NULL; /* once is enough */
    } else if (walk_of(app)->count > before + 1) {
        app_say(app, _("the report answered %zu more"), walk_of(app)->count - before - 1);
    }
}

/* Asks a step again; what followed from it is gone. */
static void ask_again(struct app *app, struct place *place, size_t index)
{
    if (session_walk_object(app->session, index)) {
        moved_on(app, place);
        app_say(app, _("step %zu is asked again"), index + 1);
    }
}

static void step_chosen(struct app *app, char digit)
{
    ask_again(app, app_place(app), (size_t)(digit - '1'));
}

/* Which one: the selected one in the steps, else the one whose number is typed; beyond nine one has to go there. */
static void object(struct app *app, struct place *place)
{
    static const char digits[] = "123456789";
    size_t count = walk_of(app)->count;
    char letters[sizeof digits];

    if (place->pane == WALK_PATH) {
        ask_again(app, place, place->lists[WALK_PATH].selected);
    } else if (count == 0) {
        app_say(app, "%s", _("there is no step yet"));
    } else if (count == 1) {
        ask_again(app, place, 0);
    } else if (count < sizeof digits) {
        snprintf(letters, sizeof letters, "%.*s", (int)count, digits);
        app_choose(app, step_chosen, letters, _("Ask which step again? 1-%zu"), count);
    } else {
        place->pane = WALK_PATH;
        app_say(app, "%s", _("select the step to ask again"));
    }
}

/* Step that a note goes to: the selected one in the steps, else the last answer. */
static size_t note_index(const struct app *app, const struct place *place)
{
    return place->pane == WALK_PATH ? place->lists[WALK_PATH].selected : walk_of(app)->count - 1;
}

static void note_accepted(struct app *app, struct str text)
{
    session_walk_note(app->session, note_index(app, app_place(app)), str_trim(text));
    app_say(app, "%s", text.len ? _("noted") : _("the note is gone"));
}

static const struct prompt_job note_job = {.label = "Note: ", .accepted = note_accepted};

static void ask_note(struct app *app, const struct place *place)
{
    if (walk_of(app)->count == 0) {
        app_say(app, "%s", _("there is no answer yet to put a note to"));
        return;
    }
    prompt_open(app, &note_job, walk_of(app)->answers[note_index(app, place)].note);
}

static void switch_pane(struct app *app, struct place *place)
{
    if (place->pane == WALK_QUESTION && walk_of(app)->count == 0) {
        app_say(app, "%s", _("there is no step yet"));
        return;
    }
    place->pane = place->pane == WALK_QUESTION ? WALK_PATH : WALK_QUESTION;
}

static bool is_page_key(enum action_id action)
{
    return action == ACTION_PAGE_DOWN || action == ACTION_PAGE_UP || action == ACTION_HALF_DOWN ||
           action == ACTION_HALF_UP;
}

static bool walk_move(struct app *app, struct place *place, enum action_id action,
                      const struct key *key)
{
    if (place->pane == WALK_PATH) {
        return list_move(&place->lists[WALK_PATH], action, walk_of(app)->count,
                         place->rows[WALK_PATH]);
    }
    if (is_done(app)) {
        return text_act(app, place, action, key);
    }
    if (is_page_key(action)) {
        return list_scroll(&place->scroll, action, place->lines, place->rows[0]);
    }
    return list_move(&place->lists[WALK_QUESTION], action, walk_of(app)->node->option_count,
                     (int)walk_of(app)->node->option_count);
}

static bool walk_act(struct app *app, struct place *place, enum action_id action,
                     const struct key *key)
{
    switch (action) {
    case ACTION_ANSWER:
        if (place->pane == WALK_PATH) {
            object(app, place);
        } else {
            answer(app, place, place->lists[WALK_QUESTION].selected);
        }
        return true;
    case ACTION_ANSWER_NUMBER:
        answer(app, place, (size_t)(key->name[0] - '1'));
        return true;
    case ACTION_UNDO:
        if (session_walk_undo(app->session)) {
            moved_on(app, place);
        } else {
            app_say(app, "%s", _("this is the first question"));
        }
        return true;
    case ACTION_PATH:
        switch_pane(app, place);
        return true;
    case ACTION_OBJECT:
        object(app, place);
        return true;
    case ACTION_NOTE:
        ask_note(app, place);
        return true;
    default:
        return walk_move(app, place, action, key);
    }
}

static bool walk_offers(struct app *app, const struct place *place, enum action_id action)
{
    (void)place;
    switch (action) {
    case ACTION_UNDO:
    case ACTION_PATH:
    case ACTION_NOTE:
    case ACTION_OBJECT:
        return walk_of(app)->count > 0;
    case ACTION_COPY:
        return is_done(app) || walk_of(app)->node->observe.count || walk_of(app)->node->steps.count;
    default:
        return true;
    }
}

/* --- copying --- */

static void add_commands(struct app *app, struct buf *out, const struct prose_steps *steps)
{
    for (size_t i = 0; i < steps->count; i++) {
        for (size_t k = 0; k < steps->items[i].command_count; k++) {
            const struct prose_command *command = &steps->items[i].commands[k];

            if (command->shell != PROSE_SHELL_PORTAL) {
                buf_add_str(out, session_fill_command(&app->scratch, command->text,
                                                      &walk_of(app)->facts));
                buf_add_char(out, '\n');
            }
        }
    }
}

/* At a question the commands alone, so that they can be pasted into a shell. */
static bool walk_plain(struct app *app, struct place *place, bool all, struct buf *out)
{
    (void)place;
    if (!all && !is_done(app)) {
        add_commands(app, out, &walk_of(app)->node->observe);
        add_commands(app, out, &walk_of(app)->node->steps);
    }
    return out->len > 0;
}

static bool walk_text(struct app *app, struct place *place, bool all, struct doc *doc)
{
    (void)place;
    if (all || is_done(app)) {
        session_doc_walk(app->session, walk_of(app), doc);
    } else {
        session_doc_node(app->session, walk_of(app)->node, &walk_of(app)->facts, doc);
    }
    return true;
}

static struct str walk_file(struct app *app, const struct place *place)
{
    struct str id = walk_of(app)->tree->id;

    (void)place;
    return str_printf(&app->scratch, "ndr-walk-%.*s", (int)id.len, id.ptr);
}

const struct view walk_view = {
    .context = walk_context,
    .name = walk_name,
    .position = walk_position,
    .paint = walk_paint,
    .act = walk_act,
    .offers = walk_offers,
    .text = walk_text,
    .plain = walk_plain,
    .file = walk_file,
};
