/* Signatures: literal words with typed placeholders, checked and cut into pieces. */
#ifndef NDR_MATCH_SIGNATURE_H
#define NDR_MATCH_SIGNATURE_H

#include "match/match.h"

/* What a placeholder may stand for. */
enum match_class {
    MATCH_CLASS_LITERAL,
    MATCH_CLASS_IP,
    MATCH_CLASS_HOST,
    MATCH_CLASS_ADDRESS,
    MATCH_CLASS_NUMBER,
    MATCH_CLASS_CODE,
    MATCH_CLASS_WORD,
    MATCH_CLASS_ANY,
};

/* One piece of a signature. */
struct match_piece {
    struct str literal;  /* folded; for MATCH_CLASS_LITERAL */
    enum match_class class_;
    enum ndr_fact fact;  /* captured into; NDR_FACT_COUNT for none */
};

enum { MATCH_PIECES_MAX = 2 * MATCH_PLACEHOLDERS_MAX + 1 };

enum match_role { MATCH_ROLE_TEXT, MATCH_ROLE_WEAK, MATCH_ROLE_NOT, MATCH_ROLE_MARK };

/* A compiled signature. */
struct match_signature {
    uint32_t entry;                              /* its number; of a mark that of its provider */
    enum match_role role;
    bool dialect;                                /* names the provider as well */
    struct str text;                             /* as written */
    struct match_piece *pieces;
    size_t piece_count;
    size_t anchor_piece;                         /* literal by which it is found */
    size_t anchor_at;                            /* bytes of that literal before where it is found */
    size_t literal_bytes;                        /* of all literals */
};

/* Cuts `text` into pieces.  Returns what is wrong with it, NULL when it is
 * sound. */
const char *match_signature_parse(struct arena *arena, struct str text,
                                  struct match_signature *signature);

/* Folded text: lower-case ASCII, white space runs one blank, repeated continuation codes of a reply
 * dropped. */
struct match_text {
    struct str raw;
    char *bytes;
    size_t len;
    const struct match_run *runs; /* ascending: where folded and raw bytes go on side by side */
    size_t run_count;
};

struct match_run {
    uint32_t folded;
    uint32_t raw;
};

/* What the literal around an anchor needs, for a first look that most anchors do not pass. */
struct match_guard {
    uint32_t before; /* bytes of the literal before the anchor */
    uint32_t behind; /* and from there on */
    uint32_t at;     /* of the bytes in the literal, those that the anchor says least about */
    uint8_t len;     /* 8, or 0 where the literal is shorter */
    char bytes[8];
};
struct match_guard match_guard_of(const struct match_signature *signature);

/* Whether the signature may stand in the text with its anchor at folded offset `at`. */
static inline bool match_guard_passes(const struct match_guard *guard, const struct match_text *text, size_t at)
{
    bool is_inside = (at >= guard->before) & (text->len - at >= guard->behind);

    return is_inside &&
           (guard->len == 0 || memcmp(text->bytes + (at - guard->before) + guard->at, guard->bytes, 8) == 0);
}

/* The byte of the raw text that folded byte `at` came from. */
uint32_t match_text_origin(const struct match_text *text, size_t at);

/* Folds `raw` into room that is kept between calls (heap; match_text_fini frees it). */
struct match_scratch {
    char *bytes;
    size_t room;
    struct match_run *runs;
    size_t run_room;
};
void match_text_fold(struct match_scratch *scratch, struct str raw, struct match_text *text);
void match_scratch_fini(struct match_scratch *scratch);

/* A value that a placeholder caught, in raw bytes. */
struct match_capture {
    enum ndr_fact fact;
    uint32_t from, len;
};

/* A signature that stands in a text; raw offsets. */
struct match_hit {
    const struct match_signature *signature;
    uint32_t from, to;
    size_t capture_count;
    struct match_capture captures[MATCH_PLACEHOLDERS_MAX];
};

/* Whether the signature stands in the text with its anchor at folded offset `anchor`. */
bool match_signature_verify(const struct match_signature *signature, const struct match_text *text,
                            size_t anchor, struct match_hit *hit);

#endif
