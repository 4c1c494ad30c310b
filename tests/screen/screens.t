#!/bin/sh
# Every script of this folder on a real pseudo-terminal; see screen.c for what a line of one means.
. "$NDR_SRCDIR/tests/lib.sh"
program=$NDR_BUILD/tests/screen/screen
if [ ! -x "$program" ]; then
    skip 'the screens' 'libvterm is not installed'
    done_testing
    exit
fi
for script in "$NDR_SRCDIR"/tests/screen/*.keys; do
    out=$("$program" "$script")
    case $out in
    '1..0 # SKIP'*)
        skip "$(basename "$script")" "${out#1..0 # SKIP }"
        continue
        ;;
    esac
    printf '%s\n' "$out" | sed '/^1\.\./d'
    tests=$((tests + $(printf '%s\n' "$out" | grep -c '^\(not \)\{0,1\}ok')))
    failures=$((failures + $(printf '%s\n' "$out" | grep -c '^not ok')))
done
done_testing
