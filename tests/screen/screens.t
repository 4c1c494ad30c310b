#!/bin/sh
# Every script of this folder on a real pseudo-terminal; see screen.c for what a line of one means.
. "$NDR_SRCDIR/tests/lib.sh"
program=$NDR_BUILD/tests/screen/screen
if [ ! -x "$program" ]; then
    skip 'the screens' 'libvterm is not installed'
    done_testing
    exit
fi
# A second model of the terminal has to have seen the same.
log=$(mktemp "${TMPDIR:-/tmp}/ndr-screens.XXXXXX") || exit 1
trap 'rm -f "$log"' EXIT
for script in "$NDR_SRCDIR"/tests/screen/*.keys; do
    if [ "$(basename "$script")" = walls.keys ] && ! ndr self-test >/dev/null; then
        skip walls.keys 'this kernel or this build has no walls'
        continue
    fi
    : >"$log"
    out=$(NDR_SCREEN_LOG=$log "$program" "$script")
    case $out in
    '1..0 # SKIP'*)
        skip "$(basename "$script")" "${out#1..0 # SKIP }"
        continue
        ;;
    esac
    printf '%s\n' "$out" | sed '/^1\.\./d'
    tests=$((tests + $(printf '%s\n' "$out" | grep -c '^\(not \)\{0,1\}ok')))
    failures=$((failures + $(printf '%s\n' "$out" | grep -c '^not ok')))
    if command -v python3 >/dev/null; then
        check "$(basename "$script"): both models of the terminal agree" \
            python3 "$NDR_SRCDIR/tests/screen/model.py" "$log" >"$log.out"
        cat "$log.out" && rm -f "$log.out"
    fi
done
done_testing
