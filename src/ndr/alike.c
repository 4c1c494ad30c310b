#include "base/letters.h"
#include "ndr/read.h"

/* Addresses and hosts with letters beyond ASCII: "paypal" with a Cyrillic a looks like the one without.  Each is
 * told once, with its domain as the DNS has it; a name in "xn--" stays as it is. */

enum { TOLD_MAX = 3, SHOWN_MAX_BYTES = 254 };

struct telling {
    struct ndr_reading *reading;
    struct str told[TOLD_MAX];
    size_t count;
};

static bool is_told(const struct telling *telling, struct str name)
{
    for (size_t i = 0; i < telling->count; i++) {
        if (str_equal_nocase(telling->told[i], name)) {
            return true;
        }
    }
    return telling->count == TOLD_MAX;
}

static struct str domain_of(struct str name)
{
    size_t at = name.len;

    while (at > 0 && name.ptr[at - 1] != '@') {
        at--;
    }
    return str_sub(name, at, name.len);
}

static void tell(struct telling *telling, struct str name)
{
    if (!letters_beyond_ascii(name) || name.len > SHOWN_MAX_BYTES || is_told(telling, name)) {
        return;
    }
    struct str domain = domain_of(name);
    struct str ascii = letters_domain(telling->reading->arena, domain);
    bool differs = ascii.len && !str_equal(ascii, domain);

    telling->told[telling->count++] = name;
    ndr_warn(telling->reading, "%.*s has letters other than a to z%s%.*s.%s", (int)name.len, name.ptr,
             differs ? "; the DNS calls its domain " : "", differs ? (int)ascii.len : 0, differs ? ascii.ptr : "",
             letters_are_mixed(name) ? " It mixes alphabets whose letters look the same: it may only look like the "
                                       "name that was meant."
                                     : "");
}

/* The address in a field such as "Name <a@b>": of the name nothing is said. */
static void tell_mailbox(struct telling *telling, struct str mailbox)
{
    struct str address = letters_beyond_ascii(mailbox) ? ndr_mailbox_address(mailbox) : STR_NULL;

    if (address.len) {
        tell(telling, address);
    }
}

void ndr_alike_check(struct ndr_reading *reading)
{
    const struct ndr_report *report = reading->report;
    struct telling telling = {.reading = reading};

    for (size_t i = 0; i < report->recipient_count && telling.count < TOLD_MAX; i++) {
        tell(&telling, report->recipients[i].address.text);
        tell(&telling, report->recipients[i].original_address.text);
        tell(&telling, report->recipients[i].remote_mta.text);
    }
    tell(&telling, report->reporting_mta.text);
    tell_mailbox(&telling, report->original.from.text);
    tell(&telling, report->original.sender.text);
}
