/* The shipped knowledge as one file that is read in a tenth of the time: made when the program is built,
 * never by hand, never the only copy.  It is used only while it is as fresh as the XML beside it; what it
 * does not fit in any way makes the XML be read instead. */
#ifndef NDR_KB_IMAGE_H
#define NDR_KB_IMAGE_H

#include "base/buf.h"
#include "kb/kb.h"

/* Adds the entries of the image to `kb` as the shipped layer.  False when there is none, or when a file of
 * `folder` (the XML it was made of) is newer, has another size, is new or gone. */
bool kb_image_read(struct kb *kb, const char *path, const char *folder);

/* The image of the shipped entries, which were read from `folder` and not finished yet. */
void kb_image_write(const struct kb *kb, const char *folder, struct buf *out);

#endif
