#include "match/signature.h"

static bool in_class(enum match_class class_, char c)
{
    switch (class_) {
    case MATCH_CLASS_IP:
        /* 'x' and '*' because people blank addresses out before they paste. */
        return str_is_digit(c) || (c >= 'a' && c <= 'f') || c == ':' || c == '.' || c == 'x' ||
               c == '*';
    case MATCH_CLASS_HOST:
        return str_is_alnum(c) || c == '.' || c == '-' || c == '_' || c == '*' ||
               (unsigned char)c >= 0x80;
    case MATCH_CLASS_ADDRESS:
        return c != ' ' && c != '<' && c != '>' && c != '(' && c != ')' && c != '"' && c != '\'' &&
               c != ',' && c != ';' && c != '[' && c != ']';
    case MATCH_CLASS_NUMBER:
        return str_is_digit(c);
    case MATCH_CLASS_CODE:
        return str_is_digit(c) || c == '.';
    case MATCH_CLASS_WORD:
        return str_is_alnum(c) || c == '-' || c == '_' || c == '.';
    case MATCH_CLASS_ANY:
    case MATCH_CLASS_LITERAL:
        break;
    }
    return false;
}

enum { PLACEHOLDER_MAX_BYTES = 254 };

/* How many of the bytes on one side of a placeholder it may take at most. */
static size_t class_limit(enum match_class class_, size_t bytes)
{
    size_t limit = class_ == MATCH_CLASS_ANY ? MATCH_ANY_MAX_BYTES : PLACEHOLDER_MAX_BYTES;

    return bytes < limit ? bytes : limit;
}

static bool literal_at(const struct match_text *text, size_t at, struct str literal)
{
    /* Most differ in the first byte; a literal has at least one. */
    return at <= text->len && text->len - at >= literal.len && text->bytes[at] == literal.ptr[0] &&
           memcmp(text->bytes + at, literal.ptr, literal.len) == 0;
}

/* Length of the run of class bytes from `at` on, at most its limit. */
static size_t run_forward(const struct match_text *text, size_t at, enum match_class class_)
{
    size_t limit = class_limit(class_, text->len - at);
    size_t len = class_ == MATCH_CLASS_ANY ? limit : 0;

    while (len < limit && in_class(class_, text->bytes[at + len])) {
        len++;
    }
    return len;
}

static size_t run_backward(const struct match_text *text, size_t at, enum match_class class_)
{
    size_t limit = class_limit(class_, at);
    size_t len = class_ == MATCH_CLASS_ANY ? limit : 0;

    while (len < limit && in_class(class_, text->bytes[at - len - 1])) {
        len++;
    }
    return len;
}

static void capture(struct match_hit *hit, const struct match_text *text,
                    const struct match_piece *piece, size_t from, size_t len)
{
    if (piece->fact != NDR_FACT_COUNT && len) {
        uint32_t start = match_text_origin(text, from);

        hit->captures[hit->capture_count++] =
            (struct match_capture){piece->fact, start, match_text_origin(text, from + len - 1) + 1 - start};
    }
}

/* Length the placeholder takes at `at` so that the next literal follows; STR_NPOS when none does.
 * {any} takes as little as it can, the others as much. */
static size_t fit_forward(const struct match_text *text, size_t at, const struct match_piece *piece,
                          const struct match_piece *next)
{
    size_t most = run_forward(text, at, piece->class_);
    size_t least = piece->class_ == MATCH_CLASS_ANY ? 0 : 1;

    if (most < least) {
        return STR_NPOS;
    }
    if (!next) {
        return piece->class_ == MATCH_CLASS_ANY ? 0 : most;
    }
    if (piece->class_ == MATCH_CLASS_ANY) {
        for (size_t len = 0; len <= most; len++) {
            if (literal_at(text, at + len, next->literal)) {
                return len;
            }
        }
        return STR_NPOS;
    }
    for (size_t len = most; len >= least; len--) {
        if (literal_at(text, at + len, next->literal)) {
            return len;
        }
    }
    return STR_NPOS;
}

/* The same towards the front: the literal `before` has to end where the placeholder begins. */
static size_t fit_backward(const struct match_text *text, size_t at, const struct match_piece *piece,
                           const struct match_piece *before)
{
    size_t most = run_backward(text, at, piece->class_);
    size_t least = piece->class_ == MATCH_CLASS_ANY ? 0 : 1;
    size_t need = before ? before->literal.len : 0;

    if (most < least) {
        return STR_NPOS;
    }
    if (!before) {
        return piece->class_ == MATCH_CLASS_ANY ? 0 : most;
    }
    for (size_t i = 0; i <= most - least; i++) {
        size_t len = piece->class_ == MATCH_CLASS_ANY ? i : most - i;

        if (at - len >= need && literal_at(text, at - len - need, before->literal)) {
            return len;
        }
    }
    return STR_NPOS;
}

/* A literal that begins or ends in a letter or digit must not continue a word: "5.7.5" is not in
 * "5.7.57", "12 hops" not in "112 hops".  A mark is the beginning of one. */
static bool at_word_ends(const struct match_text *text, const struct match_signature *signature,
                         size_t from, size_t to)
{
    const struct match_piece *first = &signature->pieces[0];
    const struct match_piece *last = &signature->pieces[signature->piece_count - 1];

    if (signature->role == MATCH_ROLE_MARK) {
        return true;
    }
    if (first->class_ == MATCH_CLASS_LITERAL && from > 0 && str_is_digit(text->bytes[from]) &&
        (str_is_alnum(text->bytes[from - 1]) ||
         (text->bytes[from - 1] == '.' && from > 1 && str_is_digit(text->bytes[from - 2])))) {
        return false;
    }
    return last->class_ != MATCH_CLASS_LITERAL || to >= text->len || to == 0 ||
           !str_is_digit(text->bytes[to - 1]) || !str_is_digit(text->bytes[to]);
}

bool match_signature_verify(const struct match_signature *signature, const struct match_text *text,
                            size_t anchor, struct match_hit *hit)
{
    const struct match_piece *pieces = signature->pieces;
    size_t middle = signature->anchor_piece;

    if (anchor < signature->anchor_at) {
        return false;
    }
    size_t from = anchor - signature->anchor_at;

    if (!literal_at(text, from, pieces[middle].literal)) {
        return false;
    }
    hit->signature = signature;
    hit->capture_count = 0;
    size_t to = from + pieces[middle].literal.len;

    for (size_t p = middle; p-- > 0;) {
        if (pieces[p].class_ == MATCH_CLASS_LITERAL) {
            from -= pieces[p].literal.len;
            continue;
        }
        size_t len = fit_backward(text, from, &pieces[p], p ? &pieces[p - 1] : NULL);

        if (len == STR_NPOS) {
            return false;
        }
        from -= len;
        capture(hit, text, &pieces[p], from, len);
    }
    for (size_t p = middle + 1; p < signature->piece_count; p++) {
        if (pieces[p].class_ == MATCH_CLASS_LITERAL) {
            to += pieces[p].literal.len;
            continue;
        }
        size_t len = fit_forward(text, to, &pieces[p],
                                 p + 1 < signature->piece_count ? &pieces[p + 1] : NULL);

        if (len == STR_NPOS) {
            return false;
        }
        capture(hit, text, &pieces[p], to, len);
        to += len;
    }
    if (!at_word_ends(text, signature, from, to)) {
        return false;
    }
    hit->from = match_text_origin(text, from);
    hit->to = to > from ? match_text_origin(text, to - 1) + 1 : hit->from;
    return true;
}
