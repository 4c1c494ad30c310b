/* Dumps how GMime and how ndr split mails into parts and what text they decode, one line of JSON a mail:
 * {"file": ..., "gmime": [part...], "ndr": [part...]}, a part {"depth", "type", "text"}; text is null but
 * for text parts.  The second opinion on ndr's own MIME reader; see gmime.py. */
#include <gmime/gmime.h>

#include "base/file.h"
#include "ndr/mime.h"

enum { TEXT_MAX_BYTES = 64 << 20 };

static void put_string(const char *bytes, size_t len)
{
    gchar *text = g_utf8_make_valid(bytes, (gssize)len);

    putchar('"');
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (*c < 0x20 || *c == '"' || *c == '\\') {
            printf("\\u%04x", *c);
        } else {
            putchar(*c);
        }
    }
    putchar('"');
    g_free(text);
}

static void put_part(bool is_first, int depth, const char *type, const char *subtype, const char *text, size_t len)
{
    char *name = g_strdup_printf("%s/%s", type, subtype);
    char *low = g_ascii_strdown(name, -1);

    printf("%s{\"depth\": %d, \"type\": ", is_first ? "" : ", ", depth);
    put_string(low, strlen(low));
    fputs(", \"text\": ", stdout);
    if (text) {
        put_string(text, len);
    } else {
        fputs("null", stdout);
    }
    putchar('}');
    g_free(low);
    g_free(name);
}

/* --- GMime --- */

static void dump_gmime(GMimeObject *object, int depth, bool is_first)
{
    GMimeContentType *type = g_mime_object_get_content_type(object);
    char *text = GMIME_IS_TEXT_PART(object) ? g_mime_text_part_get_text(GMIME_TEXT_PART(object)) : NULL;

    put_part(is_first, depth, g_mime_content_type_get_media_type(type), g_mime_content_type_get_media_subtype(type),
             text, text ? strlen(text) : 0);
    g_free(text);
    if (GMIME_IS_MULTIPART(object)) {
        GMimeMultipart *multipart = GMIME_MULTIPART(object);

        for (int i = 0; i < g_mime_multipart_get_count(multipart); i++) {
            dump_gmime(g_mime_multipart_get_part(multipart, i), depth + 1, false);
        }
    } else if (GMIME_IS_MESSAGE_PART(object)) {
        GMimeMessage *message = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));

        if (message && g_mime_message_get_mime_part(message)) {
            dump_gmime(g_mime_message_get_mime_part(message), depth + 1, false);
        }
    }
}

static void read_gmime(struct str bytes)
{
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes.ptr, bytes.len);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);

    if (str_starts(bytes, STR_LIT("From "))) {
        g_mime_parser_set_format(parser, GMIME_FORMAT_MBOX);
    }
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);

    if (message && g_mime_message_get_mime_part(message)) {
        dump_gmime(g_mime_message_get_mime_part(message), 0, true);
    }
    if (message) {
        g_object_unref(message);
    }
    g_object_unref(parser);
    g_object_unref(stream);
}

/* --- ndr --- */

static void read_ndr(struct arena *arena, struct str bytes)
{
    struct ndr_mail mail = {0};

    ndr_mime_parse(arena, bytes, &mail);
    for (size_t i = 0; i < mail.count; i++) {
        const struct ndr_part *part = &mail.parts[i];
        char *type = g_strndup(part->type.ptr, part->type.len);
        char *subtype = g_strndup(part->subtype.ptr, part->subtype.len);
        struct ndr_page page = {0};
        size_t left = TEXT_MAX_BYTES;
        bool is_text = str_equal_nocase(part->type, STR_LIT("text"));

        if (is_text) {
            ndr_text_page(arena, bytes, part->body, part->encoding, part->charset, false, &left, &page);
        }
        put_part(i == 0, part->depth, type, subtype, is_text ? (page.text.len ? page.text.ptr : "") : NULL,
                 page.text.len);
        g_free(subtype);
        g_free(type);
    }
}

int main(int argc, char **argv)
{
    g_mime_init();
    for (int i = 1; i < argc; i++) {
        struct arena arena;
        struct buf bytes;

        arena_init(&arena);
        buf_init(&bytes, TEXT_MAX_BYTES);
        if (file_read(argv[i], &bytes) != FILE_OK) {
            fprintf(stderr, "%s: cannot be read\n", argv[i]);
            return 2;
        }
        fputs("{\"file\": ", stdout);
        put_string(argv[i], strlen(argv[i]));
        fputs(", \"gmime\": [", stdout);
        read_gmime(buf_str(&bytes));
        fputs("], \"ndr\": [", stdout);
        read_ndr(&arena, buf_str(&bytes));
        puts("]}");
        buf_fini(&bytes);
        arena_fini(&arena);
    }
    g_mime_shutdown();
    return 0;
}
