#include "match/signature.h"

#include "base/starts.h"

static const struct {
    const char *name;
    enum match_class class_;
} placeholder_classes[] = {
    {"ip", MATCH_CLASS_IP},           {"domain", MATCH_CLASS_HOST},
    {"host", MATCH_CLASS_HOST},       {"mx", MATCH_CLASS_HOST},
    {"sdom", MATCH_CLASS_HOST},       {"fdom", MATCH_CLASS_HOST},
    {"helo", MATCH_CLASS_HOST},       {"rcpt", MATCH_CLASS_ADDRESS},
    {"sender", MATCH_CLASS_ADDRESS},  {"from", MATCH_CLASS_ADDRESS},
    {"address", MATCH_CLASS_ADDRESS}, {"number", MATCH_CLASS_NUMBER},
    {"as_code", MATCH_CLASS_NUMBER},  {"reply", MATCH_CLASS_NUMBER},
    {"size", MATCH_CLASS_NUMBER},     {"code", MATCH_CLASS_CODE},
    {"word", MATCH_CLASS_WORD},       {"reason", MATCH_CLASS_WORD},
    {"selector", MATCH_CLASS_WORD},   {"any", MATCH_CLASS_ANY},
};

/* "{ip}" at `at`: its class and fact; false when it is plain text (braces that name nothing). */
static bool placeholder_at(struct str text, size_t at, struct match_piece *piece, size_t *len)
{
    size_t end = str_find_char(text, '}', at);

    if (end == STR_NPOS) {
        return false;
    }
    struct str name = str_sub(text, at + 1, end - at - 1);

    for (size_t i = 0; i < sizeof placeholder_classes / sizeof placeholder_classes[0]; i++) {
        if (str_equal(name, str_from(placeholder_classes[i].name))) {
            *piece = (struct match_piece){.class_ = placeholder_classes[i].class_,
                                          .fact = ndr_fact_find(name)};
            *len = end - at + 1;
            return true;
        }
    }
    return false;
}

static struct str fold_literal(struct arena *arena, struct str text)
{
    char *out = arena_alloc(arena, text.len + 1, 1);
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (!str_is_blank(text.ptr[i])) {
            out[len++] = str_lower_char(text.ptr[i]);
        } else if (len == 0 || out[len - 1] != ' ') {
            out[len++] = ' ';
        }
    }
    return str_make(out, len);
}

static bool add_piece(struct match_signature *signature, struct match_piece *pieces, struct match_piece piece)
{
    if (signature->piece_count == MATCH_PIECES_MAX) {
        return false;
    }
    pieces[signature->piece_count++] = piece;
    signature->literal_bytes += piece.literal.len;
    return true;
}

/* Cuts the text into pieces; what is wrong with it, NULL when it is sound. */
static const char *cut(struct arena *arena, struct str text, struct match_signature *signature,
                       struct match_piece pieces[static MATCH_PIECES_MAX])
{
    size_t from = 0;
    unsigned placeholders = 0;

    for (size_t at = 0; at <= text.len; at++) {
        struct match_piece piece = {.class_ = MATCH_CLASS_LITERAL};
        size_t len = 0;

        if (at < text.len && (text.ptr[at] != '{' || !placeholder_at(text, at, &piece, &len))) {
            continue;
        }
        if (at > from) {
            struct str literal = fold_literal(arena, str_sub(text, from, at - from));

            add_piece(signature, pieces, (struct match_piece){literal, MATCH_CLASS_LITERAL, NDR_FACT_COUNT});
        } else if (at < text.len && signature->piece_count) {
            return "two placeholders of a signature need words between them";
        }
        if (at < text.len) {
            if (++placeholders > MATCH_PLACEHOLDERS_MAX || !add_piece(signature, pieces, piece)) {
                return "a signature has at most 8 placeholders";
            }
            at += len - 1;
            from = at + 1;
        }
    }
    return NULL;
}

static size_t longest_literal(const struct match_piece *pieces, size_t count)
{
    size_t longest = 0;

    for (size_t i = 0; i < count; i++) {
        longest = pieces[i].literal.len > longest ? pieces[i].literal.len : longest;
    }
    return longest;
}

const char *match_signature_parse(struct arena *arena, struct str text,
                                  struct match_signature *signature)
{
    struct match_piece pieces[MATCH_PIECES_MAX] = {0};

    *signature = (struct match_signature){.text = text};
    if (text.len > MATCH_SIGNATURE_MAX_BYTES) {
        return "a signature has at most 512 bytes";
    }
    const char *wrong = cut(arena, text, signature, pieces);

    if (wrong) {
        return wrong;
    }
    if (signature->literal_bytes < MATCH_LITERAL_MIN_BYTES) {
        return "a signature needs at least 4 bytes of literal text";
    }
    if (longest_literal(pieces, signature->piece_count) < STARTS_KEY_BYTES) {
        return "a signature needs at least 3 bytes of literal text in a row";
    }
    signature->pieces = ARENA_ARRAY(arena, struct match_piece, signature->piece_count);
    memcpy(signature->pieces, pieces, signature->piece_count * sizeof *pieces);
    return NULL;
}

struct match_guard match_guard_of(const struct match_signature *signature)
{
    struct str literal = signature->pieces[signature->anchor_piece].literal;
    struct match_guard guard = {.before = (uint32_t)signature->anchor_at};

    guard.behind = (uint32_t)literal.len - guard.before;
    if (literal.len >= sizeof guard.bytes) {
        guard.len = sizeof guard.bytes;
        /* The end of the literal that is further from the anchor. */
        guard.at = guard.before > guard.behind ? 0 : (uint32_t)(literal.len - sizeof guard.bytes);
        memcpy(guard.bytes, literal.ptr + guard.at, sizeof guard.bytes);
    }
    return guard;
}
