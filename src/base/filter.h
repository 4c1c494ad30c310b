/* The one output filter: whatever leaves the program (screen, standard output and error, JSON,
 * HTML, clipboard, saved text) goes through here last, after all decoding. */
#ifndef NDR_BASE_FILTER_H
#define NDR_BASE_FILTER_H

#include "base/buf.h"

enum filter_flag {
    FILTER_LINES = 1, /* LF and tab pass; otherwise they are shown as a blank */
    FILTER_ASCII = 2, /* the locale is not UTF-8: typographic signs become ASCII, others '?' */
};

/* Adds `text` to `out` as visible text: controls become ^X, other unsafe code points <U+XXXX>,
 * invalid bytes <XX>, more than eight combining marks in a row are dropped. */
void filter_text(struct buf *out, struct str text, unsigned flags);

/* The same as a view in the arena (the text itself when nothing has to change). */
struct str filter_dup(struct arena *arena, struct str text, unsigned flags);

/* The text as the inside of a JSON string: filtered bytes become \u escapes, invalid UTF-8 becomes
 * U+FFFD. */
void filter_json(struct buf *out, struct str text);

/* The text for HTML: filtered, then & < > " ' escaped. */
void filter_html(struct buf *out, struct str text);

#endif
