/* Names and grammars of the facts a report gives. */
#ifndef NDR_NDR_FACTS_H
#define NDR_NDR_FACTS_H

#include "base/str.h"

enum ndr_fact {
#define FACT(id, name, grammar, help) NDR_FACT_##id,
#include "ndr/facts.def"
#undef FACT
    NDR_FACT_COUNT
};

/* Name as in JSON and placeholders, such as "rcpt". */
struct str ndr_fact_name(enum ndr_fact fact);

/* What it is, in words. */
struct str ndr_fact_help(enum ndr_fact fact);

/* The fact of that name, NDR_FACT_COUNT when there is none. */
enum ndr_fact ndr_fact_find(struct str name);

/* Whether `value` fits the strict grammar of the fact, so that it may stand in a command
 * (letters, digits and . _ @ + - : only, at most 254 bytes; see facts.def). */
bool ndr_fact_fits(enum ndr_fact fact, struct str value);

/* Shapes that signatures and the reader share. */
bool ndr_is_address(struct str s); /* addr-spec of the usual kind, no quoting */
bool ndr_is_host(struct str s);    /* at least two labels of letters, digits, hyphen, underscore */
bool ndr_is_ip(struct str s);      /* IPv4 dotted quad or IPv6 text form */

#endif
