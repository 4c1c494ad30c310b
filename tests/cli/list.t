#!/bin/sh
# ndr list: the entries of the knowledge.
. "$NDR_SRCDIR/tests/cli/common.sh"

run list
ends 'the whole list' 0
has 'the list has the codes' '5.7.23' "$out"
lines=$(wc -l <"$t/out" | tr -d ' ')
same 'the list has what --version counts' "$lines" "$(ndr --version | sed -n 's/.*: \([0-9]*\) entries.*/\1/p')"
run list --format json
ends 'the list as json' 0
json_same 'json has the schema' ndr-list/1 'd["schema"]'
json_same 'json has every key' '' '[k for e in d["entries"] for k in ("id title provider codes replies category " +
    "owner owners kind tree node layer file").split() if k not in e]'
json_same 'json has as many entries as lines' "$lines" 'len(d["entries"])'
json_same 'every id stands once' 0 'len(d["entries"]) - len({e["id"] for e in d["entries"]})'
json_same 'the owner is the first of the owners' 0 'sum(e["owner"] != e["owners"][0] for e in d["entries"])'
json_same 'every owner is one of the contract' '' 'sorted({o for e in d["entries"] for o in e["owners"]} -
    set("sender recipient sender-admin recipient-admin domain-owner provider security nobody".split()))'
json_same 'every category is one of the contract' '' 'sorted({e["category"] for e in d["entries"]} - set(("address " +
    "permission mailbox reputation auth transport-security connector routing timeout blocked content journaling " +
    "system").split()))'
run list --category auth --format json
ends 'a category' 0
json_same 'only entries of the category' "auth" 'sorted({e["category"] for e in d["entries"]})'
run list -c auth -f json
json_same 'the short options do the same' "auth" 'sorted({e["category"] for e in d["entries"]})'
run list --provider exchange-online --format json
ends 'a provider' 0
json_same 'only entries of the provider' exchange-online 'sorted({e["provider"] for e in d["entries"]})'
for category in address permission mailbox reputation auth transport-security connector routing timeout blocked \
    content journaling system; do
    run list --category $category
    same "category $category is not empty" 0 $status
done
run list --category nonsense
complains 'an unknown category' 2
has 'it is named' nonsense "$err"
run list --category nonsense --format json
complains 'an unknown category, json' 2
same 'nothing on standard output then' '' "$out"
run list --provider nonsense
check 'an unknown provider finds nothing' test $status -ne 0
run list --format markdown
complains 'markdown is not for list' 2
run list --category routing
codes=$(printf '%s\n' "$out" | cut -d' ' -f1)
first=$(printf '%s\n' "$codes" | grep -n '^X\.' | head -1 | cut -d: -f1)
last=$(printf '%s\n' "$codes" | grep -n '^[45]\.[0-9]*\.[0-9]' | tail -1 | cut -d: -f1)
check 'pages about a code in general stand behind the others' test "$last" -lt "$first"
done_testing
