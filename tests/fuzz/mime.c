/* The MIME reader: parts, fields and pages of any bytes. */
#include "fuzz.h"
#include "ndr/mime.h"

static void check_fields(struct arena *arena, struct str source, const struct ndr_fields *fields)
{
    FUZZ_CHECK(fields->count <= NDR_FIELDS_MAX && fields->end <= source.len);
    for (size_t i = 0; i < fields->count; i++) {
        const struct ndr_field *field = &fields->items[i];

        FUZZ_CHECK(field->value.len <= NDR_FIELD_MAX_BYTES && field->offset + field->name.len <= source.len);
        ndr_field_unfold(arena, field->value);
        ndr_mailbox_address(ndr_field_decode(arena, field->value));
        ndr_field_parameter(arena, field->value, STR_LIT("boundary"));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str source = fuzz_text(data, size);
    struct ndr_mail mail;
    struct arena arena;
    size_t left = NDR_TEXT_MAX_BYTES;

    arena_init(&arena);
    bool is_mail = ndr_mime_parse(&arena, source, &mail);

    FUZZ_CHECK(is_mail == ndr_mime_looks_like_mail(source) && mail.count <= NDR_PARTS_MAX);
    FUZZ_CHECK(is_mail == (mail.count > 0));
    for (size_t i = 0; i < mail.count; i++) {
        const struct ndr_part *part = &mail.parts[i];
        struct ndr_page page;

        FUZZ_CHECK(part->parent < (int)i && part->depth <= NDR_DEPTH_MAX);
        FUZZ_CHECK(part->body.len <= source.len && part->body_offset + part->body.len <= source.len);
        FUZZ_CHECK(part->boundary.len <= NDR_BOUNDARY_MAX_BYTES);
        check_fields(&arena, source, &part->fields);
        ndr_part_page(&arena, source, part, &left, &page);
        FUZZ_CHECK(page.text.len <= NDR_PART_TEXT_MAX_BYTES);
    }
    arena_fini(&arena);
    return 0;
}
