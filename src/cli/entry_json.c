#include "cli/cli.h"
#include "cli/json.h"

/* The keys that list, search and explain share, then those of explain alone (contract). */

static void steps(struct json *json, const struct prose_steps *list)
{
    json_open(json, "steps", '[');
    for (size_t i = 0; i < list->count; i++) {
        const struct prose_step *step = &list->items[i];

        json_open(json, NULL, '{');
        json_text(json, "text", step->text);
        json_open(json, "commands", '[');
        for (size_t k = 0; k < step->command_count; k++) {
            json_open(json, NULL, '{');
            json_text_or_null(json, "shell", prose_shell_name(step->commands[k].shell));
            json_text(json, "text", step->commands[k].text);
            json_close(json, '}');
        }
        json_close(json, ']');
        json_close(json, '}');
    }
    json_close(json, ']');
}

void cli_json_entry(struct json *json, const struct kb_entry *entry, bool whole)
{
    json_text(json, "id", entry->id);
    json_open(json, "aliases", '[');
    for (size_t i = 0; i < entry->alias_count; i++) {
        json_text(json, NULL, entry->aliases[i]);
    }
    json_close(json, ']');
    json_text(json, "title", entry->title);
    json_text(json, "provider", entry->provider);
    json_open(json, "codes", '[');
    for (size_t i = 0; i < entry->code_count; i++) {
        json_text(json, NULL, entry->codes[i].text);
    }
    json_close(json, ']');
    json_open(json, "replies", '[');
    for (size_t i = 0; i < entry->reply_count; i++) {
        json_number(json, NULL, entry->replies[i]);
    }
    json_close(json, ']');
    json_text(json, "category", kb_category_slug(entry->category));
    json_text(json, "owner", prose_owner_slug(entry->owners[0]));
    json_open(json, "owners", '[');
    for (size_t i = 0; i < entry->owner_count; i++) {
        json_text(json, NULL, prose_owner_slug(entry->owners[i]));
    }
    json_close(json, ']');
    json_text(json, "kind", kb_kind_name(entry->kind));
    json_text_or_null(json, "tree", entry->tree);
    json_text_or_null(json, "node", entry->node);
    json_text(json, "layer", kb_layer_name(entry->layer));
    json_text(json, "file", entry->file);
    if (whole) {
        cli_json_entry_more(json, entry);
    }
}

static void remedies(struct json *json, const struct kb_entry *entry)
{
    json_open(json, "remedies", '[');
    for (size_t i = 0; i < entry->remedy_count; i++) {
        json_open(json, NULL, '{');
        json_text(json, "owner", prose_owner_slug(entry->remedies[i].owner));
        steps(json, &entry->remedies[i].steps);
        json_close(json, '}');
    }
    json_close(json, ']');
}

void cli_json_entry_more(struct json *json, const struct kb_entry *entry)
{
    json_text(json, "summary", entry->summary);
    json_text(json, "cause", entry->cause);
    remedies(json, entry);
    json_open(json, "messages", '[');
    for (size_t i = 0; i < entry->messages.count; i++) {
        json_open(json, NULL, '{');
        json_text(json, "to", prose_reader_name(entry->messages.items[i].to));
        json_text(json, "text", entry->messages.items[i].text);
        json_close(json, '}');
    }
    json_close(json, ']');
    json_open(json, "notes", '[');
    for (size_t i = 0; i < entry->note_count; i++) {
        json_open(json, NULL, '{');
        json_text(json, "layer", kb_layer_name(entry->notes[i].layer));
        json_text(json, "text", entry->notes[i].text);
        json_close(json, '}');
    }
    json_close(json, ']');
    json_open(json, "links", '[');
    for (size_t i = 0; i < entry->link_count; i++) {
        json_open(json, NULL, '{');
        json_text(json, "href", entry->links[i].href);
        json_text(json, "text", entry->links[i].text);
        json_close(json, '}');
    }
    json_close(json, ']');
    json_open(json, "source", '[');
    for (size_t i = 0; i < entry->sources.count; i++) {
        const struct prose_source *source = &entry->sources.items[i];

        json_open(json, NULL, '{');
        json_text(json, "document", source->document);
        json_text_or_null(json, "date", source->date);
        json_text_or_null(json, "doubt", prose_doubt_name(source->doubt));
        json_close(json, '}');
    }
    json_close(json, ']');
}
