/* UTF-8 code points: reading, writing, judging.  Overlong forms, surrogates and values above
 * U+10FFFF are invalid (RFC 3629). */
#ifndef NDR_BASE_UTF8_H
#define NDR_BASE_UTF8_H

#include "base/buf.h"

/* Reads the code point at s.ptr[*pos] and moves *pos behind it.  An invalid byte is one step and
 * gives UTF8_INVALID. */
#define UTF8_INVALID 0xFFFFFFFFu
uint32_t utf8_next(struct str s, size_t *pos);

/* Writes 1 to 4 bytes to `out`; returns how many (0 for a value that is no code point). */
size_t utf8_put(uint32_t code, char out[4]);
void utf8_add(struct buf *buf, uint32_t code);
bool utf8_is_valid(struct str s);

/* Whether a code point may reach a terminal as it is: no C0 or C1 control, no DEL, no bidi control
 * or separator, no tag, BOM or non-character. */
bool utf8_is_printable(uint32_t code);

#endif
