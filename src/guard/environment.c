#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guard/guard.h"

enum { VALUE_MAX_BYTES = 64, VALUES_MAX = 24 };

extern char **environ;

/* clang-format off */
const char *const guard_refused_functions[] = {
    "re-read-init-file", "start-kbd-macro", "end-kbd-macro", "call-last-kbd-macro",
    "print-last-kbd-macro", "edit-and-execute-command", "vi-edit-and-execute-command",
    "tilde-expand", "vi-tilde-expand", "dump-functions", "dump-variables", "dump-macros",
    NULL,
};
/* clang-format on */

void guard_environment_drop(void)
{
    static const char *const names[] = {"GCONV_PATH", "LOCPATH", "NLSPATH", "XML_CATALOG_FILES",
                                        "SGML_CATALOG_FILES"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        unsetenv(names[i]);
    }
}

/* Whether it is made of letters, digits and these signs. */
static bool is_made_of(const char *value, const char *signs, size_t max)
{
    size_t len = 0;

    while ((value[len] >= 'a' && value[len] <= 'z') || (value[len] >= 'A' && value[len] <= 'Z') ||
           (value[len] >= '0' && value[len] <= '9') || (value[len] && strchr(signs, value[len]))) {
        len++;
    }
    return value[len] == '\0' && len > 0 && len <= max;
}

/* Whether "NAME=value" stays.  No value may be a path: TERM and the locales become parts of one. */
static bool stays(const char *variable)
{
    static const struct {
        const char *name; /* "LC_" stands for all that begin so */
        const char *signs;
        size_t max;
    } rules[] = {
        {"TERM=", "+.-_", 32},
        {"LANG=", "_.@-", VALUE_MAX_BYTES},
        {"LC_", "_.@-=", VALUE_MAX_BYTES},
        {"TZ=", "/_+-,:.", VALUE_MAX_BYTES},
        {"SSH_CONNECTION=", ".:% ", 2 * VALUE_MAX_BYTES},
    };

    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        size_t len = strlen(rules[i].name);

        if (strncmp(variable, rules[i].name, len) == 0) {
            const char *value = variable + len;

            return value[0] != '/' && value[0] != ':' && !strstr(value, "..") &&
                   is_made_of(value, rules[i].signs, rules[i].max);
        }
    }
    return false;
}

void guard_environment_restrict(void)
{
    static char *kept[VALUES_MAX + 2];
    static char inputrc[] = "INPUTRC=/dev/null";
    size_t count = 0;

    for (char **variable = environ; variable && *variable && count < VALUES_MAX; variable++) {
        if (stays(*variable)) {
            kept[count++] = *variable;
        }
    }
    kept[count++] = inputrc;
    kept[count] = NULL;
    environ = kept;
    /* There is no shell to come back to. */
    signal(SIGTSTP, SIG_IGN);
}
