#!/bin/sh
# The tests run nearly every line of what reads input from outside.
. "$NDR_SRCDIR/tests/lib.sh"
if ! command -v gcov >/dev/null; then
    skip 'the parsers are covered' 'no gcov'
    done_testing
    exit
fi
table=$("$NDR_SRCDIR/tests/deep/coverage.sh" "$NDR_SRCDIR" "$NDR_BUILD/coverage")
for folder in ndr xml match tree kb; do
    percent=$(printf '%s\n' "$table" | awk -v f="$folder" '$4 == f { print $3 }')
    check "at least 95 percent of the lines of src/$folder ($percent)" \
        test "$(printf '%.0f' "$(echo "${percent:-0} * 10" | awk '{ print $1 * $3 }')")" -ge 950
done
printf '%s\n' "$table" | sed 's/^/# /'
done_testing
