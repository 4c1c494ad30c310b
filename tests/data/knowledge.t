#!/bin/sh
# The shipped knowledge: valid by the schema, sound by the program, all codes there, every sample right.
. "$NDR_SRCDIR/tests/lib.sh"
cd "$NDR_SRCDIR" || exit 1
same 'lint finds nothing' '' "$(ndr lint 2>&1)"
if command -v xmllint >/dev/null; then
    for f in data/codes/*.xml; do
        check "$f is valid" xmllint --noout --nonet --relaxng data/schema/codes.rng "$f" 2>/dev/null
    done
    for f in data/trees/*.xml; do
        check "$f is valid" xmllint --noout --nonet --relaxng data/schema/trees.rng "$f" 2>/dev/null
    done
    for f in help/topics/*.xml; do
        check "$f is valid" xmllint --noout --nonet --relaxng data/schema/help.rng "$f" 2>/dev/null
    done
else
    skip 'the data is valid by the schema' 'no xmllint'
fi
ids=$(ndr list --format json | sed -n 's/^ *"id": "\(.*\)",$/\1/p' | sort)
missing=
while read -r id; do
    printf '%s\n' "$ids" | grep -qx "$id" || missing="$missing $id"
done <tests/data/exchange-online.ids
same 'every Exchange Online entry is there' '' "$missing"
missing=
for id in $(cat tests/data/ids/*.ids); do
    ndr explain "$id" >/dev/null 2>&1 || missing="$missing $id"
done
same 'every entry of other mail systems is there' '' "$missing"
missing=
while IFS="$(printf '\t')" read -r id tree; do
    got=$(ndr explain "$id" --format json | sed -n 's/^ *"tree": "\(.*\)",$/\1/p' | head -1)
    [ "$got" = "$tree" ] || missing="$missing $id:$got"
done <tests/data/exchange-online.trees
same 'every entry leads to its tree' '' "$missing"
done_testing
