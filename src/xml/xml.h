/* XML files as a stream of elements with line numbers.  The only module that sees libxml2: its SAX2
 * interface, no DOCTYPE, no network, no entities but the five, limits checked before parsing. */
#ifndef NDR_XML_XML_H
#define NDR_XML_XML_H

#include "base/err.h"

/* Limits of one file (security: overlay files are not trusted). */
enum {
    XML_FILE_MAX_BYTES = 4 << 20,
    XML_DEPTH_MAX = 64,
    XML_ELEMENTS_MAX = 50000,
    XML_TAG_MAX_BYTES = 16 << 10,
    XML_ATTRIBUTES_MAX = 64,
};

struct xml_attribute {
    struct str name;  /* with prefix: "xml:lang" */
    struct str value;
};

/* One start tag; views are valid during the callback only. */
struct xml_element {
    struct str name;
    const struct xml_attribute *attributes;
    size_t attribute_count;
    unsigned line; /* 1-based, where the tag begins */
};

/* What the reader of one kind of file does with the stream.  Text comes unchanged (entities and
 * CDATA resolved), possibly in several pieces. */
struct xml_handler {
    void (*open)(void *context, const struct xml_element *element);
    void (*text)(void *context, struct str text);
    void (*close)(void *context, struct str name, unsigned line);
};

/* Value of an attribute, empty when absent. */
struct str xml_attribute_get(const struct xml_element *element, struct str name);

/* Parses `bytes` (named `file` in faults).  False when it is not well-formed or breaks a limit; the
 * fault with its line is added to `faults`.  Handlers may have been called by then. */
bool xml_parse(struct str file, struct str bytes, const struct xml_handler *handler, void *context,
               struct err_list *faults);

#endif
