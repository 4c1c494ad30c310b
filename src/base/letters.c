#include "base/letters.h"

#include <stdlib.h>

#include <unictype.h>
#include <uninorm.h>

#include "base/scan.h"
#include "base/utf8.h"

enum { LABEL_MAX_BYTES = 63, NAME_MAX_BYTES = 253 };

bool letters_beyond_ascii(struct str text)
{
    return scan_not_ascii(text, 0) < text.len;
}

/* --- Punycode, RFC 3492 (the names of its section 6.3) --- */

enum { BASE = 36, TMIN = 1, TMAX = 26, SKEW = 38, DAMP = 700, INITIAL_BIAS = 72, INITIAL_N = 128 };

static uint32_t adapt(uint32_t delta, uint32_t points, bool first)
{
    uint32_t k = 0;

    delta = first ? delta / DAMP : delta / 2;
    delta += delta / points;
    while (delta > (BASE - TMIN) * TMAX / 2) {
        delta /= BASE - TMIN;
        k += BASE;
    }
    return k + (BASE - TMIN + 1) * delta / (delta + SKEW);
}

static char digit(uint32_t value)
{
    return (char)(value < 26 ? 'a' + value : '0' + value - 26);
}

static void add_delta(struct buf *out, uint32_t delta, uint32_t bias)
{
    for (uint32_t k = BASE;; k += BASE) {
        uint32_t t = k <= bias ? TMIN : k >= bias + TMAX ? TMAX : k - bias;

        if (delta < t) {
            buf_add_char(out, digit(delta));
            return;
        }
        buf_add_char(out, digit(t + (delta - t) % (BASE - t)));
        delta = (delta - t) / (BASE - t);
    }
}

/* At most LABEL_MAX_BYTES code points, so that nothing overflows. */
static void add_punycode(struct buf *out, const uint32_t *points, uint32_t count)
{
    uint32_t basic = 0;

    for (uint32_t i = 0; i < count; i++) {
        if (points[i] < INITIAL_N) {
            buf_add_char(out, (char)points[i]);
            basic++;
        }
    }
    if (basic) {
        buf_add_char(out, '-');
    }
    uint32_t n = INITIAL_N, delta = 0, bias = INITIAL_BIAS;

    for (uint32_t done = basic; done < count; n++, delta++) {
        uint32_t next = UINT32_MAX;

        for (uint32_t i = 0; i < count; i++) {
            next = points[i] >= n && points[i] < next ? points[i] : next;
        }
        delta += (next - n) * (done + 1);
        n = next;
        for (uint32_t i = 0; i < count; i++) {
            delta += points[i] < n;
            if (points[i] == n) {
                add_delta(out, delta, bias);
                bias = adapt(delta, done + 1, done == basic);
                delta = 0;
                done++;
            }
        }
    }
}

/* --- domains --- */

static bool is_host_sign(char c)
{
    return str_is_alnum(c) || c == '-' || c == '_';
}

/* Whether nobody would map it before it is encoded: letters without case or small ones, marks and digits
 * in their usual form. */
static bool needs_no_mapping(const uint32_t *points, size_t count)
{
    uint32_t normal[4 * LABEL_MAX_BYTES];
    size_t len = sizeof normal / sizeof normal[0];

    for (size_t i = 0; i < count; i++) {
        bool is_fit = points[i] < INITIAL_N
                          ? is_host_sign((char)points[i])
                          : uc_is_general_category_withtable(points[i], UC_CATEGORY_MASK_Ll | UC_CATEGORY_MASK_Lo |
                                                                            UC_CATEGORY_MASK_Lm | UC_CATEGORY_MASK_Mn |
                                                                            UC_CATEGORY_MASK_Mc | UC_CATEGORY_MASK_Nd);

        if (!is_fit || (points[i] >= 'A' && points[i] <= 'Z')) {
            return false;
        }
    }
    uint32_t *form = u32_normalize(UNINORM_NFKC, points, count, normal, &len);
    bool is_same = form == normal && len == count && memcmp(normal, points, count * sizeof *points) == 0;

    if (form != normal) {
        free(form);
    }
    return is_same;
}

static bool add_ascii(struct buf *out, struct str label)
{
    bool fits = label.len <= LABEL_MAX_BYTES;

    for (size_t i = 0; i < label.len; i++) {
        fits = fits && is_host_sign(label.ptr[i]);
    }
    buf_add_str(out, label);
    return fits;
}

static bool add_label(struct buf *out, struct str label)
{
    uint32_t points[LABEL_MAX_BYTES];
    size_t count = 0;
    size_t start = out->len;

    if (!letters_beyond_ascii(label)) {
        return add_ascii(out, label);
    }
    for (size_t at = 0; at < label.len;) {
        uint32_t point = utf8_next(label, &at);

        if (point == UTF8_INVALID || count == LABEL_MAX_BYTES) {
            return false;
        }
        points[count++] = point;
    }
    if (!needs_no_mapping(points, count)) {
        return false;
    }
    buf_add_z(out, "xn--");
    add_punycode(out, points, (uint32_t)count);
    return out->len - start <= LABEL_MAX_BYTES;
}

struct str letters_domain(struct arena *arena, struct str domain)
{
    struct buf out;
    struct str rest = domain;
    struct str label;
    bool is_sure = true;

    if (!letters_beyond_ascii(domain)) {
        return domain;
    }
    buf_init(&out, BUF_NO_LIMIT);
    while (is_sure && str_next_field(&rest, '.', &label)) {
        if (out.len) {
            buf_add_char(&out, '.');
        }
        is_sure = label.len > 0 && add_label(&out, label) && out.len <= NAME_MAX_BYTES;
    }
    struct str ascii = is_sure ? str_dup(arena, buf_str(&out)) : STR_NULL;

    buf_fini(&out);
    return ascii;
}

/* --- shapes --- */

/* A bit for each alphabet whose letters look like those of the others; 0 for all else. */
static unsigned alphabet_of(uint32_t point)
{
    static const char *const names[] = {"Latin", "Greek", "Cyrillic", "Armenian", "Cherokee"};
    const uc_script_t *script = uc_script(point);

    for (unsigned i = 0; script && i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(script->name, names[i]) == 0) {
            return 1u << i;
        }
    }
    return 0;
}

bool letters_are_mixed(struct str text)
{
    unsigned seen = 0;

    for (size_t at = 0; at < text.len;) {
        uint32_t point = utf8_next(text, &at);

        if (point == UTF8_INVALID || (point < INITIAL_N && !is_host_sign((char)point))) {
            seen = 0;
        } else {
            seen |= alphabet_of(point);
        }
        if (seen & (seen - 1)) {
            return true;
        }
    }
    return false;
}
