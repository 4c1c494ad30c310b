#include "session/doc.h"

void doc_init(struct doc *doc, struct arena *arena)
{
    *doc = (struct doc){.arena = arena};
}

struct doc_block *doc_add(struct doc *doc, enum doc_kind kind, struct str label, struct str text)
{
    struct doc_block *block = VEC_PUSH(doc->arena, doc->blocks, doc->count, doc->capacity);

    *block = (struct doc_block){kind, label, text, 0};
    return block;
}
