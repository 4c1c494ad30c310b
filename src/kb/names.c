#include "kb/kb.h"

static const struct {
    const char *slug;
    const char *title;
} categories[KB_CATEGORY_COUNT] = {
    [KB_CATEGORY_ADDRESS] = {"address", "Recipient and sender address"},
    [KB_CATEGORY_PERMISSION] = {"permission", "Permissions and groups"},
    [KB_CATEGORY_MAILBOX] = {"mailbox", "Mailbox and receive limits"},
    [KB_CATEGORY_REPUTATION] = {"reputation", "Sender reputation and limits"},
    [KB_CATEGORY_AUTH] = {"auth", "SPF, DKIM, DMARC, IPv6"},
    [KB_CATEGORY_TRANSPORT_SECURITY] = {"transport-security", "TLS: DANE and MTA-STS"},
    [KB_CATEGORY_CONNECTOR] = {"connector", "Connectors and relaying"},
    [KB_CATEGORY_ROUTING] = {"routing", "Routing, MX and loops"},
    [KB_CATEGORY_TIMEOUT] = {"timeout", "Timeouts and expiry"},
    [KB_CATEGORY_BLOCKED] = {"blocked", "Block lists"},
    [KB_CATEGORY_CONTENT] = {"content", "Content, size and format"},
    [KB_CATEGORY_JOURNALING] = {"journaling", "Journaling"},
    [KB_CATEGORY_SYSTEM] = {"system", "Receiving system"},
};

struct str kb_category_slug(enum kb_category category)
{
    return str_from(categories[category].slug);
}

struct str kb_category_title(enum kb_category category)
{
    return str_from(categories[category].title);
}

enum kb_category kb_category_find(struct str slug)
{
    int i = 0;

    while (i < KB_CATEGORY_COUNT && !str_equal(slug, str_from(categories[i].slug))) {
        i++;
    }
    return (enum kb_category)i;
}

struct str kb_kind_name(enum kb_kind kind)
{
    static const char *const names[] = {"permanent", "transient", "expired", "success"};

    return str_from(names[kind]);
}

struct str kb_layer_name(enum kb_layer layer)
{
    static const char *const names[] = {"shipped", "site", "user"};

    return str_from(names[layer]);
}
