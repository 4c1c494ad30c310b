/* Decoders of the MIME reader: each takes bytes with marks of their source lines and gives bytes
 * with the marks moved along, so that decoded text still knows its line. */
#ifndef NDR_NDR_DECODE_H
#define NDR_NDR_DECODE_H

#include "base/buf.h"
#include "ndr/mime.h"

/* Text on its way through the decoders.  marks[i] says that at `at` bytes of text a source line
 * begins that stands at `origin` of the source; ascending in both. */
struct ndr_mark {
    uint32_t at;
    uint32_t origin;
};

struct ndr_stage {
    struct str text;
    struct ndr_mark *marks;
    size_t count;
};

/* Raw bytes of the source as a first stage: a mark a line. */
void ndr_stage_lines(struct arena *arena, struct str bytes, size_t origin, struct ndr_stage *stage);

/* Whether a body can be base64; a gateway may have decoded it and left the header as it was. */
bool ndr_is_base64(struct str text);

/* Transfer encodings, RFC 2045 section 6: foreign characters are skipped, nothing is ever refused. */
void ndr_stage_base64(struct arena *arena, struct ndr_stage *stage);
void ndr_stage_qp(struct arena *arena, struct ndr_stage *stage);

/* Charset to UTF-8 through iconv and a fixed list of names; unknown names leave the bytes. */
void ndr_stage_charset(struct arena *arena, struct str charset, struct ndr_stage *stage);

/* HTML to plain text. */
void ndr_stage_html(struct arena *arena, struct ndr_stage *stage);

/* Single values (encoded words): decoded bytes appended. */
void ndr_base64_add(struct buf *out, struct str text);
void ndr_q_add(struct buf *out, struct str text); /* RFC 2047 4.2: "_" is a blank */

/* Whether `text` in that charset has to be converted to be UTF-8. */
bool ndr_charset_is_needed(struct str charset, struct str text);

/* Converts `text` to UTF-8; false when the charset is unknown or needs no conversion (then nothing
 * is added). */
bool ndr_charset_add(struct buf *out, struct str charset, struct str text);

#endif
