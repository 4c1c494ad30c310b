#!/bin/sh
# A refusal pasted alone, without any host: its marks name the provider, so that it leads with certainty.
. "$NDR_SRCDIR/tests/lib.sh"
cd "$NDR_SRCDIR" || exit 1
if command -v python3 >/dev/null; then
    while IFS="$(printf '\t')" read -r line entry; do
        got=$(printf '%s\n' "$line" | ndr analyze --format json | python3 -c 'import json, sys
r = json.load(sys.stdin)["recipients"]
d = r[0]["diagnoses"][0] if r else {"entry": "", "confidence": ""}
print(d["entry"], "sure" if d["confidence"] in ("exact", "strong") else d["confidence"])')
        same "$line" "$entry sure" "$got"
    done <tests/data/pasted.tsv
else
    skip 'refusals pasted alone' 'no python3'
fi
done_testing
