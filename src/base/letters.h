/* Letters beyond ASCII in the names of hosts and addresses: what they are in ASCII, and whether they may
 * pass for others. */
#ifndef NDR_BASE_LETTERS_H
#define NDR_BASE_LETTERS_H

#include "base/arena.h"

/* Whether any byte is beyond ASCII. */
bool letters_beyond_ascii(struct str text);

/* The domain as the DNS has it, its labels as "xn--..." (RFC 3492); a domain in ASCII as it stands.  Empty
 * when that is not sure: invalid UTF-8, letters that would have to be mapped first (capitals, forms of
 * compatibility), a label that gets too long. */
struct str letters_domain(struct arena *arena, struct str domain);

/* Whether letters of two alphabets that have the same shapes (Latin, Greek, Cyrillic, Armenian,
 * Cherokee) stand in one word of letters, digits, hyphens and underscores. */
bool letters_are_mixed(struct str text);

#endif
