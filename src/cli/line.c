#include "cli/line.h"

#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

enum { LINE_MAX_BYTES = 1 << 20, LINE_HISTORY_MAX = 500 };

static const char *const *completion_words;
static char *last;

static char *complete(const char *text, int state)
{
    static size_t at;

    if (state == 0) {
        at = 0;
    }
    while (completion_words && completion_words[at]) {
        const char *word = completion_words[at++];

        if (strncmp(word, text, strlen(text)) == 0) {
            return strdup(word);
        }
    }
    return NULL;
}

void line_set_words(const char *const *words)
{
    completion_words = words;
    rl_readline_name = "ndr";
    rl_completion_entry_function = complete;
    rl_attempted_completion_over = 1;
    stifle_history(LINE_HISTORY_MAX);
}

/* Next line of a pipe, without readline, which would echo it. */
static char *read_plain(void)
{
    char *line = NULL;
    size_t room = 0;

    if (getline(&line, &room, stdin) < 0) {
        free(line);
        return NULL;
    }
    return line;
}

bool line_ask(const char *prompt, struct str *line)
{
    bool terminal = isatty(STDIN_FILENO);

    free(last);
    last = terminal ? readline(prompt) : read_plain();
    if (!last) {
        return false;
    }
    *line = str_trim(str_sub(str_from(last), 0, LINE_MAX_BYTES));
    if (terminal && line->len) {
        add_history(last);
    }
    return true;
}

void line_paste(struct buf *text)
{
    struct termios before;
    bool terminal = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &before) == 0;
    char c;
    size_t line_from = text->len;

    if (terminal) {
        struct termios raw = before;

        raw.c_lflag &= (tcflag_t)~ICANON;
        raw.c_cc[VMIN] = 1;
        raw.c_cc[VTIME] = 0;
        tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    }
    while (terminal ? read(STDIN_FILENO, &c, 1) == 1 : fread(&c, 1, 1, stdin) == 1) {
        if (terminal && c == 4) {
            break; /* Ctrl-D */
        }
        buf_add_char(text, c);
        if (c != '\n') {
            continue;
        }
        struct str line = str_trim(str_sub(buf_str(text), line_from, text->len));

        if (str_equal(line, STR_LIT("."))) {
            text->len = line_from;
            break;
        }
        line_from = text->len;
    }
    if (terminal) {
        tcsetattr(STDIN_FILENO, TCSANOW, &before);
    }
}
