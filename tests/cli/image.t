#!/bin/sh
# The image of the knowledge gives what the XML gives, and only while it is as fresh.
. "$NDR_SRCDIR/tests/cli/common.sh"
mkdir "$t/xml" "$t/both"
for f in codes trees help schema templates; do
    cp -rL "$NDR_BUILD/share/ndr/$f" "$t/both/$f"
    ln -s ../both/$f "$t/xml/$f"
done
cp "$NDR_BUILD/share/ndr/knowledge.img" "$t/both"
fields() { # folder: everything that an entry has
    NDR_DATA=$1 "$NDR_PROGRAM" list --format json | sed "s|$1|DATA|" >"$t/list.json"
    sed -n 's/^ *"id": "\(.*\)",$/\1/p' "$t/list.json" | head -${2:-9999} | while read -r id; do
        NDR_DATA=$1 "$NDR_PROGRAM" explain --format json "$id"
    done | sed "s|$1|DATA|" | cat "$t/list.json" -
}
check 'the image is there' test -s "$t/both/knowledge.img"
fields "$t/xml" 60 >"$t/of-xml"
fields "$t/both" 60 >"$t/of-image"
check 'list and explain give the same from both' cmp -s "$t/of-xml" "$t/of-image"
NDR_DATA=$t/both run --version
has 'so does the date' "$(NDR_DATA=$t/xml "$NDR_PROGRAM" --version | grep -o '20[0-9-]*' | head -1)" "$out"
for report in tests/samples/dane.eml tests/reports/gmail-failure.eml tests/reports/exchange-online-mailbox-full.eml; do
    same "the diagnosis of $report is the same" "$(NDR_DATA=$t/xml "$NDR_PROGRAM" analyze --format json $report)" \
        "$(NDR_DATA=$t/both "$NDR_PROGRAM" analyze --format json $report)"
done
title() {
    NDR_DATA=$t/both "$NDR_PROGRAM" explain exo-5.7.323-tlsa-invalid | head -1
}
# As if it had been written long before the image.
sed 's/tlsa-invalid: The domain/tlsa-INVALID: The domain/' "$t/xml/codes/transport-security.xml" >"$t/other.xml"
cp "$t/other.xml" "$t/both/codes/transport-security.xml"
touch -d '2000-01-01' "$t/both/codes/transport-security.xml"
has 'an older file of the same size is not read' 'tlsa-invalid' "$(title)"
touch "$t/both/codes/transport-security.xml"
has 'a newer one is' 'tlsa-INVALID' "$(title)"
echo >>"$t/both/codes/transport-security.xml"
touch -d '2000-01-01' "$t/both/codes/transport-security.xml"
has 'so is one of another size' 'tlsa-INVALID' "$(title)"
cp "$NDR_SRCDIR/data/codes/transport-security.xml" "$t/both/codes/transport-security.xml"
touch -d '2000-01-01' "$t/both/codes/"*.xml
has 'as it was: the image again' 'tlsa-invalid' "$(title)"
sed 's/house-parcel-limit/zz-new/' tests/cli/data/good.xml >"$t/both/codes/zz.xml"
touch -d '2000-01-01' "$t/both/codes/zz.xml"
NDR_DATA=$t/both run explain zz-new
ends 'a new file is read' 0
rm "$t/both/codes/zz.xml"
# Damaged in any way it is left alone.
count=$(NDR_DATA=$t/xml "$NDR_PROGRAM" list | wc -l)
size=$(wc -c <"$NDR_BUILD/share/ndr/knowledge.img")
for part in 0 10 16 17 1000 $((size / 2)) $((size - 1)); do
    head -c $part "$NDR_BUILD/share/ndr/knowledge.img" >"$t/both/knowledge.img"
    NDR_DATA=$t/both run list
    same "cut at $part: the XML is read" "$count" "$(wc -l <"$t/out")"
done
{ cat "$NDR_BUILD/share/ndr/knowledge.img"; echo more; } >"$t/both/knowledge.img"
NDR_DATA=$t/both run list
same 'with more behind it: the XML is read' "$count" "$(wc -l <"$t/out")"
rm "$t/both/knowledge.img"
mkdir "$t/both/knowledge.img"
NDR_DATA=$t/both run list
same 'a folder in its place: the XML is read' "$count" "$(wc -l <"$t/out")"
rmdir "$t/both/knowledge.img"
if command -v python3 >/dev/null; then
    trouble=$(python3 - "$NDR_BUILD/share/ndr/knowledge.img" "$t/both" "$NDR_PROGRAM" <<'PYTHON'
import os
import random
import subprocess
import sys

dice = random.Random(7)
whole = open(sys.argv[1], "rb").read()
for _ in range(120):
    data = bytearray(whole)
    for _ in range(dice.choice((1, 1, 3, 50))):
        data[dice.randrange(len(data)) if dice.random() < 0.5 else len(data) - 1 - dice.randrange(120000)] = dice.randrange(256)
    with open(os.path.join(sys.argv[2], "knowledge.img"), "wb") as file:
        file.write(data)
    env = dict(os.environ, NDR_DATA=sys.argv[2])
    run = subprocess.run([sys.argv[3], "search", "mailbox"], env=env, capture_output=True)
    if run.returncode not in (0, 1, 2):
        print(run.returncode)
PYTHON
)
    same 'changed anywhere: it ends by itself' '' "$trouble"
else
    skip 'changed anywhere: it ends by itself' 'no python3'
fi
# Faults are looked for in the XML.
sed 's/<title>Sender denied/<titel>Sender denied/' data/codes/address.xml >"$t/both/codes/address.xml"
cp "$NDR_BUILD/share/ndr/knowledge.img" "$t/both"
touch -d '2000-01-01' "$t/both/codes/address.xml"
NDR_DATA=$t/both run lint
has 'lint reads the XML' 'titel' "$out"
done_testing
