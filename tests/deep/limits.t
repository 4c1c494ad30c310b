#!/bin/sh
# What a report may take of the processor, which needs half a minute to see.
. "$NDR_SRCDIR/tests/lib.sh"
if [ ! -x "$NDR_BUILD/tests/unit/guard" ]; then
    skip 'the limits' 'cmocka is not installed'
    done_testing
    exit
fi
out=$(NDR_DEEP=1 "$NDR_BUILD/tests/unit/guard")
printf '%s\n' "$out" | sed '/^1\.\./d'
tests=$(printf '%s\n' "$out" | grep -c '^\(not \)\{0,1\}ok')
failures=$(printf '%s\n' "$out" | grep -c '^not ok')
done_testing
