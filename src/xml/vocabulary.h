/* A vocabulary as a table: which element may stand where with which attributes.  Checks a file
 * against it with messages of file and line, and hands each element over with its own text. */
#ifndef NDR_XML_VOCABULARY_H
#define NDR_XML_VOCABULARY_H

#include "base/buf.h"
#include "xml/xml.h"

enum { VOCABULARY_ROOT = -1 }; /* parent of the root element */

/* One row: element `id` called `name` inside `parent`. */
struct vocabulary_rule {
    int id;
    int parent;
    const char *name;
    const char *required; /* attribute names, blank between; "" for none */
    const char *optional;
    bool has_text;
};

/* What a loader does with the elements.  Both get the rule's id.  `text` is the element's own text
 * (children's left out), raw, valid during the call. */
struct vocabulary_handler {
    void (*open)(void *context, int id, const struct xml_element *element);
    void (*close)(void *context, int id, struct str text, unsigned line);
};

/* Reads a file.  False when it has a fault; all faults but those of broken XML are found. */
bool vocabulary_read(struct str file, struct str bytes, const struct vocabulary_rule *rules,
                     size_t rule_count, const struct vocabulary_handler *handler, void *context,
                     struct err_list *faults);

/* The same for a path: reads the file first.  `path` must outlive `faults`. */
bool vocabulary_read_file(const char *path, const struct vocabulary_rule *rules, size_t rule_count,
                          const struct vocabulary_handler *handler, void *context,
                          struct err_list *faults);

#endif
