#include "base/finder.h"

enum { SHARE_BITS = 14 };

/* How many of the literals share a key, by the hash of as many bytes as it is told by: what many of them say is usual
 * in mail as well. */
struct shares {
    uint16_t counts[1 << SHARE_BITS];
};

/* A place of a literal, and how good it is. */
struct choice {
    const struct finder_option *option;
    size_t at;
    bool is_word;
    uint64_t key;
    size_t len;
    unsigned shares;
};

static uint16_t *share_of(struct shares *shares, const struct choice *choice)
{
    uint64_t hash = starts_hash(choice->key);

    return &shares->counts[choice->len < STARTS_BYTES ? starts_short(hash, false, SHARE_BITS)
                                                      : starts_long(hash, SHARE_BITS)];
}

/* The places of a literal one by one, where a word begins or a sign stands, that it can be known by. */
struct walk {
    const struct finder_option *option;
    struct starts_places left; /* of the run at hand */
    size_t from, next;         /* where it begins, and the one behind */
};

static bool walk_on(struct walk *walk, struct choice *choice)
{
    struct str literal = walk->option->literal;

    for (;;) {
        uint64_t places = walk->left.words | walk->left.signs;
        uint64_t one = places & -places;

        if (places) {
            *choice = (struct choice){walk->option, walk->from + (size_t)__builtin_ctzll(places),
                                      (walk->left.words & one) != 0, 0, 0, 0};
            choice->len = starts_key(literal, choice->at, walk->option->loose, &choice->key);
            walk->left = (struct starts_places){walk->left.words & ~one, walk->left.signs & ~one};
            if (choice->len >= STARTS_KEY_BYTES) {
                return true;
            }
        } else if (walk->next < literal.len) {
            walk->left = starts_places(literal, walk->next);
            walk->from = walk->next;
            walk->next += STARTS_RUN;
        } else {
            return false;
        }
    }
}

void finder_add(struct finder *finder, struct arena *arena, struct str literal, bool loose, uint16_t number)
{
    size_t count = finder->option_count;
    bool is_next = count && finder->options[count - 1].number == number;
    uint16_t part = is_next ? (uint16_t)(finder->options[count - 1].part + 1) : 0;

    *VEC_PUSH(arena, finder->options, finder->option_count, finder->option_capacity) =
        (struct finder_option){literal, loose, number, part};
    finder->count = number + 1u;
}

static void count_shares(const struct finder *finder, struct shares *shares)
{
    for (size_t i = 0; i < finder->option_count; i++) {
        struct walk walk = {.option = &finder->options[i]};
        struct choice choice;

        while (walk_on(&walk, &choice)) {
            ++*share_of(shares, &choice);
            if (choice.len == STARTS_BYTES) {
                choice.len = STARTS_BYTES / 2;
                ++*share_of(shares, &choice); /* a shorter key may say the same */
            }
        }
    }
}

/* How rare a byte is in mail; what is not here is rarest. */
static const uint8_t known_rarities[256] = {
    [' '] = 1, ['e'] = 1, ['t'] = 1, ['a'] = 1, ['o'] = 1, ['n'] = 1, ['i'] = 1, ['r'] = 1, ['s'] = 1,
    ['l'] = 1, ['d'] = 1, ['c'] = 1, ['m'] = 1, ['h'] = 1, ['p'] = 1, ['u'] = 1, ['b'] = 3, ['f'] = 3,
    ['g'] = 3, ['j'] = 3, ['k'] = 3, ['q'] = 3, ['v'] = 3, ['w'] = 3, ['x'] = 3, ['y'] = 3, ['z'] = 3,
    ['0'] = 2, ['1'] = 2, ['2'] = 2, ['3'] = 2, ['4'] = 2, ['5'] = 2, ['6'] = 2, ['7'] = 2, ['8'] = 2,
    ['9'] = 2, ['.'] = 2,
};

static unsigned rarity_of(const struct choice *choice)
{
    unsigned sum = 0;

    for (size_t i = 0; i < choice->len; i++) {
        unsigned known = known_rarities[(unsigned char)str_lower_char(choice->option->literal.ptr[choice->at + i])];

        sum += known ? known : 4;
    }
    return sum;
}

static bool is_better(const struct choice *a, const struct choice *b)
{
    enum starts_kind a_kind = starts_kind_of(a->len);
    enum starts_kind b_kind = starts_kind_of(b->len);

    return !b->option || (a->is_word != b->is_word ? a->is_word
                          : a_kind != b_kind       ? a_kind < b_kind
                          : a->shares != b->shares ? a->shares < b->shares
                          : a->len != b->len       ? a->len > b->len
                                                   : rarity_of(a) > rarity_of(b));
}

static void consider(const struct finder_option *option, struct shares *shares, struct choice *best)
{
    struct walk walk = {.option = option};
    struct choice choice;

    while (walk_on(&walk, &choice)) {
        choice.shares = *share_of(shares, &choice);
        *best = is_better(&choice, best) ? choice : *best;
    }
}

/* The longest run without blanks where they are loose; for a literal that holds no such place. */
static void consider_runs(const struct finder_option *option, struct choice *best)
{
    for (size_t from = 0; from < option->literal.len;) {
        size_t end = option->loose ? str_find_char(option->literal, ' ', from) : STR_NPOS;

        end = end < option->literal.len ? end : option->literal.len;
        if (end - from >= STARTS_KEY_BYTES && end - from > best->len) {
            *best = (struct choice){.option = option, .at = from, .len = end - from};
        }
        from = end + 1;
    }
}

static void add_pair(struct finder *finder, struct arena *arena, const char *bytes)
{
    struct scan_pair pair;

    memset(pair.first, bytes[0] | 32, sizeof pair.first);
    memset(pair.second, bytes[1] | 32, sizeof pair.second);

    for (size_t i = 0; i < finder->pair_count; i++) {
        if (memcmp(&finder->pairs[i], &pair, sizeof pair) == 0) {
            return;
        }
    }
    *VEC_PUSH(arena, finder->pairs, finder->pair_count, finder->pair_capacity) = pair;
}

/* Chooses by what the options [from, to), which have one number, are known. */
static void choose(struct finder *finder, struct arena *arena, struct shares *shares, size_t from, size_t to)
{
    struct choice best = {0};

    for (size_t i = from; i < to; i++) {
        consider(&finder->options[i], shares, &best);
    }
    bool has_place = best.option != NULL;

    for (size_t i = from; i < to && !has_place; i++) {
        consider_runs(&finder->options[i], &best);
    }
    if (best.option) {
        uint16_t number = best.option->number;

        finder->places[number] = (struct finder_place){(uint32_t)best.at, best.option->part};
        starts_add(&finder->starts, arena, best.option->literal, best.at, best.option->loose, number);
    }
    if (best.option && !has_place) {
        add_pair(finder, arena, best.option->literal.ptr + best.at);
    }
}

void finder_build(struct finder *finder, struct arena *arena)
{
    struct shares *shares = mem_alloc(sizeof *shares);

    count_shares(finder, shares);
    finder->places = ARENA_ARRAY(arena, struct finder_place, finder->count + 1);
    for (size_t i = 0, to = 0; i < finder->option_count; i = to) {
        while (to < finder->option_count && finder->options[to].number == finder->options[i].number) {
            to++;
        }
        choose(finder, arena, shares, i, to);
    }
    starts_build(&finder->starts, arena);
    finder->options = NULL;
    finder->option_count = finder->option_capacity = 0;
    mem_free(shares);
}

/* Few tables have such literals. */
static __attribute__((noinline)) void scan_by_pairs(const struct finder *finder, struct str text, starts_found_fn found,
                                                    void *context)
{
    for (size_t at = scan_pairs(text, 0, finder->pairs, finder->pair_count); at < text.len;
         at = scan_pairs(text, at + 1, finder->pairs, finder->pair_count)) {
        starts_look(&finder->starts, text, at, found, context);
    }
}

void finder_scan(const struct finder *finder, struct str text, starts_found_fn found, void *context)
{
    starts_scan(&finder->starts, text, found, context);
    if (finder->pair_count) {
        scan_by_pairs(finder, text, found, context);
    }
}
