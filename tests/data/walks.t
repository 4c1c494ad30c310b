#!/bin/sh
# A walk through each tree as the person on the phone sees it: the first line of a file is the
# command, the rest what it prints.  WALKS_UPDATE=1 writes the files anew: read them before you
# commit them.
. "$NDR_SRCDIR/tests/lib.sh"
cd "$NDR_SRCDIR" || exit 1
check 'every tree is sound' ndr trees --check
for tree in data/trees/*.xml; do
    walk=tests/walks/$(basename "$tree" .xml).txt
    command=$(sed -n '1s/^\$ ndr //p' "$walk" 2>/dev/null)
    # The words of the command hold no blanks of their own.
    # shellcheck disable=SC2086
    got=$(printf '$ ndr %s\n' "$command" && ndr $command 2>&1)
    [ -z "${WALKS_UPDATE:-}" ] || printf '%s\n' "$got" >"$walk"
    same "$walk" "$(cat "$walk" 2>&1)" "$got"
    has "$walk shows the way" 'How we got here' "$got"
    lacks "$walk comes to an end" 'of at most' "$got"
done
done_testing
