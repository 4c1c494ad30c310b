#include "ndr/decode.h"

#include "base/scan.h"

void ndr_stage_lines(struct arena *arena, struct str bytes, size_t origin, struct ndr_stage *stage)
{
    struct ndr_line_index lines;

    ndr_line_index_make(arena, bytes, &lines);
    *stage = (struct ndr_stage){.text = bytes, .count = lines.count};
    stage->marks = ARENA_ROOM(arena, struct ndr_mark, lines.count + 1);
    for (size_t i = 0; i < lines.count; i++) {
        stage->marks[i] = (struct ndr_mark){lines.starts[i], (uint32_t)(origin + lines.starts[i])};
    }
}

/* Runs `step` over each source line of the stage and moves its mark to where its output begins.
 * Output is never longer than `room`; behind it may be written SCAN_SLACK bytes. */
typedef size_t (*line_decoder)(struct str line, char *out, void *state);

static void decode_lines(struct arena *arena, struct ndr_stage *stage, line_decoder step,
                         void *state, size_t room)
{
    char *out = arena_bytes(arena, room + SCAN_SLACK);
    size_t len = 0;

    for (size_t i = 0; i < stage->count; i++) {
        size_t from = stage->marks[i].at;
        size_t end = i + 1 < stage->count ? stage->marks[i + 1].at : stage->text.len;

        stage->marks[i].at = (uint32_t)len;
        len += step(str_sub(stage->text, from, end - from), out + len, state);
    }
    stage->text = str_make(out, len);
}

enum { BASE64_NONE = 64 }; /* no character of base64 */

/* Value of each byte in base64, also as it stands in addresses of the web. */
static const uint8_t *base64_values(void)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    static uint8_t values[256];

    if (values[0] != BASE64_NONE) {
        memset(values, BASE64_NONE, sizeof values);
        for (uint8_t i = 0; i < 64; i++) {
            values[(unsigned char)letters[i]] = i;
        }
        values['-'] = 62;
        values['_'] = 63;
    }
    return values;
}

struct base64_state {
    unsigned bits;
    int count; /* bits held, below 8 between characters */
};

/* Whole groups of four characters at the start of `line`; gives how many bytes of it they are. */
static size_t base64_groups(struct str line, char *out, size_t *len)
{
    const uint8_t *values = base64_values();
    const unsigned char *in = (const unsigned char *)line.ptr;
    size_t at = 0;

    for (; at + 4 <= line.len; at += 4) {
        unsigned a = values[in[at]];
        unsigned b = values[in[at + 1]];
        unsigned c = values[in[at + 2]];
        unsigned d = values[in[at + 3]];

        if ((a | b | c | d) & BASE64_NONE) {
            break;
        }
        out[0] = (char)(a << 2 | b >> 4);
        out[1] = (char)(b << 4 | c >> 2);
        out[2] = (char)(c << 6 | d);
        out += 3;
    }
    *len = at / 4 * 3;
    return at;
}

static size_t base64_line(struct str line, char *out, void *opaque)
{
    const uint8_t *values = base64_values();
    struct base64_state *state = opaque;
    size_t len = 0;
    size_t at = state->count == 0 ? base64_groups(line, out, &len) : 0;

    for (; at < line.len; at++) {
        unsigned value = values[(unsigned char)line.ptr[at]];

        if (line.ptr[at] == '=') {
            state->count = 0;
        }
        if (value == BASE64_NONE) {
            continue;
        }
        state->bits = (state->bits << 6 | value) & 0xFFFF;
        state->count += 6;
        if (state->count >= 8) {
            state->count -= 8;
            out[len++] = (char)(state->bits >> state->count & 0xFF);
        }
    }
    return len;
}

bool ndr_is_base64(struct str text)
{
    struct str start = str_sub(text, 0, 2048);
    size_t words = 0;

    for (size_t i = 1; i < start.len; i++) {
        words += start.ptr[i] == ' ' && start.ptr[i - 1] > ' ';
    }
    /* Text for people has a blank every few letters; base64, damaged as it may be, has hardly any. */
    return words * 40 <= start.len;
}

void ndr_stage_base64(struct arena *arena, struct ndr_stage *stage)
{
    struct base64_state state = {0};

    decode_lines(arena, stage, base64_line, &state, stage->text.len);
}

enum { HEX_NONE = 0xFF };

/* Value of each byte as a hexadecimal digit. */
static const uint8_t *hex_values(void)
{
    static const char digits[] = "0123456789ABCDEFabcdef";
    static uint8_t values[256];

    if (values[0] != HEX_NONE) {
        memset(values, HEX_NONE, sizeof values);
        for (uint8_t i = 0; i < 22; i++) {
            values[(unsigned char)digits[i]] = i < 16 ? i : i - 6;
        }
    }
    return values;
}

/* The byte that "=XX" at `at` stands for, -1 when it is none. */
static int hex_byte(struct str text, size_t at)
{
    if (at + 2 >= text.len) {
        return -1;
    }
    unsigned high = hex_values()[(unsigned char)text.ptr[at + 1]];
    unsigned low = hex_values()[(unsigned char)text.ptr[at + 2]];

    return (high | low) == HEX_NONE ? -1 : (int)(high << 4 | low);
}

/* "price =3D 5=20\n" or, soft line end, "no li=\n". */
static size_t qp_line(struct str line, char *out, void *state)
{
    size_t body = line.len;
    size_t len = 0;

    (void)state;
    while (body && (line.ptr[body - 1] == '\n' || line.ptr[body - 1] == '\r')) {
        body--;
    }
    size_t end = body;

    while (end && (line.ptr[end - 1] == ' ' || line.ptr[end - 1] == '\t')) {
        end--;
    }
    bool soft = end && line.ptr[end - 1] == '=';
    struct str text = str_sub(line, 0, soft ? end - 1 : end);

    for (size_t i = 0; i < text.len;) {
        size_t plain = scan_copy_until(text, i, '=', out + len);

        i += plain;
        len += plain;
        if (i < text.len) {
            int byte = hex_byte(text, i);

            out[len++] = byte >= 0 ? (char)byte : '=';
            i += byte >= 0 ? 3 : 1;
        }
    }
    if (!soft && body < line.len) {
        out[len++] = '\n';
    }
    return len;
}

void ndr_stage_qp(struct arena *arena, struct ndr_stage *stage)
{
    decode_lines(arena, stage, qp_line, NULL, stage->text.len);
}

void ndr_base64_add(struct buf *out, struct str text)
{
    struct base64_state state = {0};
    char *room = buf_reserve(out, text.len + 1);

    if (room) {
        buf_commit(out, base64_line(text, room, &state));
    }
}

void ndr_q_add(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        int byte = text.ptr[i] == '=' ? hex_byte(text, i) : -1;

        if (byte >= 0) {
            buf_add_char(out, (char)byte);
            i += 2;
        } else {
            buf_add_char(out, text.ptr[i] == '_' ? ' ' : text.ptr[i]);
        }
    }
}
