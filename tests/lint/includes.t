#!/bin/sh
# Dependencies point down: no file includes one of a higher level or of a sibling folder; curses,
# readline, libxml2, libunistring stay in their folders; every header compiles alone.
. "$NDR_SRCDIR/tests/lib.sh"
cd "$NDR_SRCDIR" || exit 1

level_of() { awk -v f="$1" '!/^#/ { for (i = 2; i <= NF; i++) if ($i == f) print $1 }' tests/lint/levels; }

bad=
for file in $(find src -name '*.[ch]' -o -name '*.def' | sort); do
    folder=$(basename "$(dirname "$file")")
    [ "$folder" = src ] && folder=.
    level=$(level_of "$folder")
    if [ -z "$level" ]; then
        bad="$bad
$file: its folder has no level in tests/lint/levels"
        continue
    fi
    for target in $(sed -n 's|^ *# *include "\([a-z_]*\)/[^"]*".*|\1|p' "$file"); do
        [ "$target" = "$folder" ] && continue
        other=$(level_of "$target")
        if [ -z "$other" ] || [ "$other" -ge "$level" ]; then
            bad="$bad
$file includes $(grep -o "\"$target/[^\"]*\"" "$file" | head -1)"
        fi
    done
done
same 'no upward or sideways include' '' "$bad"

only() { # sentence pattern folders...
    sentence=$1 pattern=$2
    shift 2
    found=$(grep -rlE "^ *# *include <($pattern)" src | sed 's|src/||')
    for f in "$@"; do found=$(printf '%s\n' "$found" | grep -v "^$f" || :); done
    same "$sentence" '' "$found"
}
only 'curses only in ui' 'n?curses|term\.h' ui/
only 'readline only in ui and cli/line.c' readline ui/ cli/line.c
only 'libxml2 only in xml' libxml xml/
only 'jansson only in cli/triage.c' jansson cli/triage.c
only 'libunistring only in base/width.c and base/letters.c' 'uni(case|conv|ctype|gbrk|lbrk|name|norm|stdio|str|types|wbrk|width)\.h' base/width.c base/letters.c

bad=
for header in $(find src -name '*.h' | sort); do
    case $header in src/ui/*) flags='-D_DEFAULT_SOURCE -D_XOPEN_SOURCE=700' ;; *) flags= ;; esac
    # shellcheck disable=SC2086
    if ! ${CC:-cc} -std=c11 -D_POSIX_C_SOURCE=200809L $flags -Isrc -I/usr/include/libxml2 -fsyntax-only -x c "$header" 2>/dev/null; then
        bad="$bad $header"
    fi
done
same 'every header compiles alone' '' "$bad"

bad=$(grep -nE '\b(strcpy|strcat|sprintf|vsprintf|gets|strtok|atoi|atol|alloca|strncpy)\(' -r src --include='*.[ch]' || :)
same 'no banned call' '' "$bad"
bad=$(grep -nE 'TODO|FIXME|\bXXX\b' -r src --include='*.[ch]' || :)
same 'no note to do later' '' "$bad"
done_testing
