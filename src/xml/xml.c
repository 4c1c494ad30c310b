#include "xml/xml.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/xmlmemory.h>
#include <libxml/xmlerror.h>

/* libxml2 speaks unsigned characters; these two are the only places that cast. */
static struct str from_xml(const xmlChar *s)
{
    return str_from((const char *)s);
}

static struct str from_xml_run(const xmlChar *s, size_t len)
{
    return str_make((const char *)s, len);
}

struct reader {
    struct str file;
    const struct xml_handler *handler;
    void *context;
    struct err_list *faults;
    xmlParserCtxtPtr parser;
    unsigned depth;
    unsigned elements;
    bool failed;
};

struct str xml_attribute_get(const struct xml_element *element, struct str name)
{
    for (size_t i = 0; i < element->attribute_count; i++) {
        if (str_equal(element->attributes[i].name, name)) {
            return element->attributes[i].value;
        }
    }
    return STR_NULL;
}

/* Out of memory is one end of the program, also inside the library. */
static char *duplicate(const char *text)
{
    size_t len = strlen(text) + 1;

    return memcpy(mem_alloc(len), text, len);
}

static unsigned reader_line(const struct reader *r)
{
    int line = xmlSAX2GetLineNumber(r->parser);

    return line > 0 ? (unsigned)line : 1;
}

static void reader_fail(struct reader *r, unsigned line, const char *what)
{
    if (!r->failed) {
        err_add(r->faults, r->file, line, "%s", what);
        r->failed = true;
        xmlStopParser(r->parser);
    }
}

static void on_open(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                    int namespaces_count, const xmlChar **namespaces, int count, int defaulted,
                    const xmlChar **raw)
{
    struct reader *r = context;
    struct xml_attribute attributes[XML_ATTRIBUTES_MAX];
    struct xml_element element = {.name = from_xml(name), .line = reader_line(r)};

    (void)prefix, (void)uri, (void)namespaces_count, (void)namespaces, (void)defaulted;
    if (r->failed) {
        return;
    }
    if (++r->depth > XML_DEPTH_MAX) {
        reader_fail(r, element.line, "elements are nested too deep");
        return;
    }
    if (++r->elements > XML_ELEMENTS_MAX) {
        reader_fail(r, element.line, "too many elements in one file");
        return;
    }
    if (count > XML_ATTRIBUTES_MAX) {
        reader_fail(r, element.line, "too many attributes in one tag");
        return;
    }
    /* Five pointers an attribute: local name, prefix, namespace, value, end of value. */
    for (int i = 0; i < count; i++) {
        const xmlChar **a = raw + (ptrdiff_t)5 * i;
        struct str local = from_xml(a[0]);

        attributes[i].name = a[1] && str_equal(local, STR_LIT("lang")) ? STR_LIT("xml:lang") : local;
        attributes[i].value = from_xml_run(a[3], (size_t)(a[4] - a[3]));
    }
    element.attributes = attributes;
    element.attribute_count = (size_t)count;
    r->handler->open(r->context, &element);
}

static void on_close(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct reader *r = context;

    (void)prefix, (void)uri;
    if (!r->failed) {
        r->depth--;
        r->handler->close(r->context, from_xml(name), reader_line(r));
    }
}

static void on_text(void *context, const xmlChar *text, int len)
{
    struct reader *r = context;

    if (!r->failed && len > 0) {
        r->handler->text(r->context, from_xml_run(text, (size_t)len));
    }
}

/* Only file, line and the class of the fault: the words of the library could quote a file that the
 * person may not read. */
static const char *fault_words(int code)
{
    switch (code) {
    case XML_ERR_TAG_NAME_MISMATCH:
        return "end tag does not fit the open element";
    case XML_ERR_TAG_NOT_FINISHED:
    case XML_ERR_DOCUMENT_END:
        return "the file ends inside an element";
    case XML_ERR_DOCUMENT_EMPTY:
        return "the file holds no XML";
    case XML_ERR_UNDECLARED_ENTITY:
        return "unknown entity (only &amp; &lt; &gt; &quot; &apos; are known)";
    case XML_ERR_ATTRIBUTE_REDEFINED:
        return "the same attribute stands twice in a tag";
    case XML_ERR_INVALID_CHAR:
    case XML_ERR_INVALID_ENCODING:
        return "a character that is not UTF-8 or not allowed in XML";
    case XML_ERR_UNSUPPORTED_ENCODING:
        return "the file is not UTF-8";
    default:
        return "not well-formed XML";
    }
}

static void on_fault(void *context, xmlErrorPtr error)
{
    struct reader *r = context;

    if (error && error->level >= XML_ERR_ERROR) {
        reader_fail(r, error->line > 0 ? (unsigned)error->line : 1, fault_words(error->code));
    }
}

static void on_doctype(void *context, const xmlChar *name, const xmlChar *external,
                       const xmlChar *system)
{
    struct reader *r = context;

    (void)name, (void)external, (void)system;
    reader_fail(r, reader_line(r), "DOCTYPE is not allowed");
}

static xmlParserInputPtr refuse_entity(const char *url, const char *id, xmlParserCtxtPtr parser)
{
    (void)url, (void)id, (void)parser;
    return NULL;
}

/* Line of byte `at`, 1-based. */
static unsigned line_of(struct str bytes, size_t at)
{
    unsigned line = 1;

    for (size_t i = 0; i < at; i++) {
        line += bytes.ptr[i] == '\n';
    }
    return line;
}

/* <?xml version="1.0" encoding="ISO-8859-1"?> */
static bool is_declared_otherwise(struct str bytes)
{
    struct str declared = str_sub(bytes, 0, str_find(str_sub(bytes, 0, 512), STR_LIT("?>"), 0));
    size_t at = str_starts(declared, STR_LIT("\xEF\xBB\xBF")) ? 3 : 0;

    if (!str_starts(str_sub(declared, at, declared.len), STR_LIT("<?xml "))) {
        return false;
    }
    at = str_find(declared, STR_LIT("encoding"), at);
    if (at == STR_NPOS) {
        return false;
    }
    struct str name = str_trim(str_sub(declared, at + strlen("encoding"), declared.len));

    if (name.len == 0 || name.ptr[0] != '=') {
        return false; /* not well-formed; the library says so */
    }
    name = str_trim(str_sub(name, 1, name.len));
    return !str_starts_nocase(str_sub(name, 1, name.len), STR_LIT("utf-8")) || name.len < 7 ||
           name.ptr[6] != name.ptr[0];
}

/* What must not even reach the library: other encodings, DOCTYPE, tags beyond the limits (libxml2's
 * time grows with the square of the attributes).  NULL when the bytes may be parsed. */
static const char *refuse_bytes(struct str bytes, size_t *at)
{
    *at = 0;
    if (bytes.len > XML_FILE_MAX_BYTES) {
        return "larger than 4 MiB";
    }
    if (bytes.len == 0 || str_equal(bytes, STR_LIT("\xEF\xBB\xBF"))) {
        return "the file holds no XML";
    }
    if (is_declared_otherwise(bytes)) {
        return "the file is not UTF-8";
    }
    if (bytes.len >= 2 && ((unsigned char)bytes.ptr[0] >= 0xFE || bytes.ptr[0] == 0 ||
                           bytes.ptr[1] == 0)) {
        return "the file is not UTF-8";
    }
    for (size_t open = str_find_char(bytes, '<', 0); open != STR_NPOS;
         open = str_find_char(bytes, '<', open)) {
        struct str rest = str_sub(bytes, open, XML_TAG_MAX_BYTES + 1);

        *at = open;
        if (str_starts(rest, STR_LIT("<![CDATA["))) {
            size_t end = str_find(bytes, STR_LIT("]]>"), open);

            open = end == STR_NPOS ? bytes.len : end;
            continue;
        }
        if (str_starts(rest, STR_LIT("<!--"))) {
            size_t end = str_find(bytes, STR_LIT("-->"), open + 4);

            open = end == STR_NPOS ? bytes.len : end;
            continue;
        }
        if (str_starts(rest, STR_LIT("<!"))) {
            return "DOCTYPE is not allowed";
        }
        size_t equals = 0;
        size_t i = 1;
        char quote = 0;

        for (; i < rest.len && (quote || rest.ptr[i] != '>'); i++) {
            char c = rest.ptr[i];

            if (quote) {
                quote = c == quote ? 0 : quote;
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else {
                equals += c == '=';
            }
        }
        if (i > XML_TAG_MAX_BYTES) {
            return "a tag is longer than 16 KiB";
        }
        if (equals > XML_ATTRIBUTES_MAX) {
            return "too many attributes in one tag";
        }
        open += i;
    }
    return NULL;
}

bool xml_parse(struct str file, struct str bytes, const struct xml_handler *handler, void *context,
               struct err_list *faults)
{
    struct reader r = {.file = file, .handler = handler, .context = context, .faults = faults};
    size_t at;
    const char *refused = refuse_bytes(bytes, &at);

    if (refused) {
        err_add(faults, file, line_of(bytes, at), "%s", refused);
        return false;
    }
    xmlSAXHandler sax = {
        .initialized = XML_SAX2_MAGIC,
        .startElementNs = on_open,
        .endElementNs = on_close,
        .characters = on_text,
        .cdataBlock = on_text,
        .internalSubset = on_doctype,
        .serror = (xmlStructuredErrorFunc)on_fault,
    };

    xmlMemSetup(mem_free, mem_alloc, mem_realloc, duplicate);
    xmlSetExternalEntityLoader(refuse_entity);
    r.parser = xmlCreatePushParserCtxt(&sax, &r, NULL, 0, NULL);
    BUG_ON(!r.parser);
    /* NOENT: attribute values come with their &amp; resolved.  Other entities cannot be declared, since
     * a DOCTYPE is refused. */
    xmlCtxtUseOptions(r.parser, XML_PARSE_NONET | XML_PARSE_NOENT);
    r.parser->userData = &r;
    int result = xmlParseChunk(r.parser, bytes.ptr, (int)bytes.len, 1);

    if (result != 0 && !r.failed) {
        reader_fail(&r, reader_line(&r), fault_words(result));
    }
    if (r.parser->myDoc) {
        xmlFreeDoc(r.parser->myDoc);
    }
    xmlFreeParserCtxt(r.parser);
    return !r.failed;
}
