/* Marks every text that a person may see, so that it can be translated one day. */
#ifndef NDR_BASE_TEXT_H
#define NDR_BASE_TEXT_H

#define _(s) (s)

#endif
