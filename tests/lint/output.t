#!/bin/sh
# All text goes out through one filter: nobody but those of tests/lint/outlets writes, prints or draws.
. "$NDR_SRCDIR/tests/lib.sh"
cd "$NDR_SRCDIR" || exit 1

# Functions that let bytes out, by name.  An open() counts when it can write.
found=$(find src -name '*.c' | sort | while read -r file; do
    # Comments and texts are none; a definition or a call has a bracket behind the name.
    sed 's|/\*.*\*/||; s|"\([^"\\]\|\\.\)*"|""|g; /^ *\*/d; /^ *\/\*/d' "$file" |
        grep -oE '(^|[^A-Za-z0-9_>.])(v?f?printf|v?dprintf|f?puts|f?putc|putchar|putc_unlocked|putchar_unlocked|fwrite|fwrite_unlocked|perror|psignal|write|writev|pwrite|pwrite64|sendfile|splice|errx?|warnx?|error|syslog|putp|tputs|putw|fopen|freopen|creat|openat|file_write_all|file_save|file_replace|term_send|(mv)?w?(add|ins)n?w?(str|ch)|(mv)?w?(add|ins)_wchn?(str)?|(mv)?w?printw|vw_?printw|w?echochar|slk_set|rl_message|rl_display_match_list)\(|open\([^)]*O_(WRONLY|RDWR|CREAT)' |
        sed 's/^[^A-Za-z_]//; s/(.*//' | sort -u | sed "s|^|${file#src/} |"
done)
# Defining one is not using it, the terminal of keys is only read.
found=$(printf '%s\n' "$found" | grep -vE '^(base/file.c (file_write_all|file_save|file_replace)|main.c open)$')
unknown=$(printf '%s\n' "$found" | while read -r line; do grep -qxF "$line" tests/lint/outlets || echo "$line"; done)
same 'nothing lets bytes out but what tests/lint/outlets names' '' "$unknown"
gone=$(grep -v '^#' tests/lint/outlets | grep . | while read -r line; do printf '%s\n' "$found" | grep -qxF "$line" || echo "$line"; done)
same 'and all of that is in use' '' "$gone"

# Into the output of a command text comes only through the filter.
same 'no command adds unfiltered text to its output' '' \
    "$(grep -nE 'buf_(add|add_str|addf)\(&(cli|job->cli|w->bulk->cli)->out' -r src/cli || :)"
# Cells are drawn from views that were filtered: only these files draw.
same 'only ui/paint.c draws' 'src/ui/paint.c' "$(grep -lE '\b(mv)?w?add(n|_)?w?(str|ch|nwstr)\(' -r src | sort)"

# The lint itself sees what it looks for.
mkdir -p "${TMPDIR:-/tmp}/ndr-outlets.$$/src"
printf 'void f(void)\n{\n    printf("x");\n    if (write(1, "", 0)) {\n    }\n    s->printf(1);\n}\n' >"${TMPDIR:-/tmp}/ndr-outlets.$$/src/x.c"
seen=$(grep -oE '(^|[^A-Za-z0-9_>.])(printf|write)\(' "${TMPDIR:-/tmp}/ndr-outlets.$$/src/x.c" | wc -l | tr -d ' ')
rm -rf "${TMPDIR:-/tmp}/ndr-outlets.$$"
same 'a call is found, a member is not' 2 "$seen"
done_testing
