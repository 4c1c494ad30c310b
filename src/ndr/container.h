/* Mail inside Microsoft's containers: Outlook .msg files ([MS-CFB], [MS-OXMSG]) and winmail.dat
 * (TNEF, [MS-OXTNEF]), given back as an internet message that the MIME reader understands.
 *
 * Own readers, because what is needed is small and comes from strangers: libgsf brings glib into
 * every start of the program, libytnef has a history of memory faults.  These read a few dozen
 * properties, nothing is written, every offset and count is checked against the bytes at hand,
 * nothing recurses and every list has an end. */
#ifndef NDR_NDR_CONTAINER_H
#define NDR_NDR_CONTAINER_H

#include "ndr/report.h"

enum {
    NDR_CONTAINER_MAX_BYTES = 64 << 20,         /* the rest of a larger one is not looked at */
    NDR_CONTAINER_PROPERTY_MAX_BYTES = 8 << 20, /* a larger property is passed over */
    NDR_CONTAINER_LEVELS_MAX = 4,               /* messages attached to each other */
    NDR_CONTAINER_ATTACHMENTS_MAX = 32,         /* of all messages together */
    NDR_CONTAINER_OBJECTS_MAX = 4096,           /* messages, recipients and attachments together */
};

/* Whether bytes begin like a compound file (Outlook .msg) / TNEF stream. */
bool ndr_is_ole(struct str bytes);
bool ndr_is_tnef(struct str bytes);

/* The message of the container as an internet message in `arena`: header fields, an empty line and
 * the body as UTF-8 text (or HTML in the charset that its Content-Type names).  Attached messages,
 * and attachments that are mail, a delivery status or text, follow as parts of a multipart/mixed.
 * The properties of a report (REPORT.IPM.NOTE.NDR) become a multipart/report with the fields of
 * RFC 3464.  Empty when nothing useful is there. */
struct str ndr_ole_message(struct arena *arena, struct str bytes);
struct str ndr_tnef_message(struct arena *arena, struct str bytes);

#endif
