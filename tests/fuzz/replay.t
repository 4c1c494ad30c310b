#!/bin/sh
# Every fuzz target over its kept seeds: what once broke a parser must not again.
. "$NDR_SRCDIR/tests/lib.sh"
out=$(mktemp "${TMPDIR:-/tmp}/ndr-replay.XXXXXX") || exit 1
trap 'rm -f "$out"' EXIT
for source in "$NDR_SRCDIR"/tests/fuzz/*.c; do
    target=$(basename "$source" .c)
    case $target in support | replay) continue ;; esac
    # shellcheck disable=SC2046
    set -- $("$NDR_SRCDIR/tests/fuzz/seeds.sh" "$NDR_SRCDIR" "$target")
    "$NDR_BUILD/tests/fuzz/$target" "$@" >"$out" 2>&1
    same "$target holds on $# seeds" "status 0" "status $?$(head -n 3 "$out")"
done
done_testing
