/* An index of words for searching while somebody types: which documents hold a word, and in which of
 * their fields.  Knows nothing of what the documents are. */
#ifndef NDR_SESSION_WORDS_H
#define NDR_SESSION_WORDS_H

#include "base/arena.h"

struct words; /* opaque; owns a copy of each word */

/* How a word was found, best first. */
enum words_how {
    WORDS_WHOLE,
    WORDS_START,   /* a word begins with it: it is still being typed */
    WORDS_INSIDE,  /* stands inside of a word */
    WORDS_SIMILAR, /* one letter more, less, other, or two changed about */
    WORDS_NOWHERE,
};

enum { WORDS_FIELD_MAX = 254 };

/* Best place of a word in one document. */
struct words_hit {
    unsigned char field; /* as given to words_add() */
    unsigned char how;   /* enum words_how; WORDS_NOWHERE when it does not occur */
};

struct words *words_new(void);
void words_free(struct words *words); /* NULL is fine */

/* Adds the words of a text.  Documents come in rising order from 0, the fields of one in rising order:
 * a lower field counts more, and only the best of a document is kept for a word.  Case of ASCII letters
 * does not count; dots between digits belong to the word, so codes stay whole. */
void words_add(struct words *words, unsigned document, unsigned field, struct str text);

size_t words_documents(const struct words *words); /* the last document added, plus 1 */
size_t words_count(const struct words *words);     /* different words */

/* Takes the next word off a text as words_add() splits it.  False when nothing is left. */
bool words_next(struct str *rest, struct str *word);

/* Finds one word; hits[words_documents()] gets the best place in each document.  Similar words count
 * only when nothing else is found anywhere, and for words of at least four letters.  Says how it was
 * found at best. */
enum words_how words_find(const struct words *words, struct str word, struct words_hit *hits);

#endif
