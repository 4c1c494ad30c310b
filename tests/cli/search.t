#!/bin/sh
# ndr search: every word, best first.
. "$NDR_SRCDIR/tests/cli/common.sh"

run search sender policy framework
ends 'words of a title' 0
has 'they find the entry' '5.7.23' "$out"
run search --format json dane
ends 'one word as json' 0
json_same 'json has the schema' ndr-list/1 'd["schema"]'
json_same 'json has every key' '' '[k for e in d["entries"] for k in ("id title provider codes replies category " +
    "owner owners kind tree node layer file score why").split() if k not in e]'
json_same 'best first' True 'len(d["entries"]) > 1 and
    [e["score"] for e in d["entries"]] == sorted((e["score"] for e in d["entries"]), reverse=True)'
json_same 'each says why' True 'all(e["why"] for e in d["entries"])'
run search --format json 5.7.23
json_same 'a code finds its entry first' exo-5.7.23-spf-violation 'd["entries"][0]["id"]'
run search --format json 5723
json_same 'in any form' exo-5.7.23-spf-violation 'd["entries"][0]["id"]'
run search --format json SPF
json_same 'case does not matter' True 'any(e["id"] == "exo-5.7.23-spf-violation" for e in d["entries"])'
run search --format json 'rejected because of Sender Policy Framework'
json_same 'words in one argument' exo-5.7.23-spf-violation 'd["entries"][0]["id"]'
for form in '#5.7.23' 550-5.7.23 '550 5.7.23'; do
    run search --format json "$form"
    json_same "as $form" exo-5.7.23-spf-violation 'd["entries"][0]["id"]'
done
run search --format json 5.7.2x
json_same 'how a code begins' True 'd["entries"][0]["why"] == "code" and all(any(c.startswith(("5.7.2", "X.7.2")) for c in e["codes"]) for e in d["entries"] if e["why"] == "code")'
run search --format json 'sender polisy framwork'
json_same 'one edit a word is forgiven' exo-5.7.23-spf-violation 'd["entries"][0]["id"]'
run search --format json 'The domain failed DANE validation for mx1.fabrikam.com'
complains 'but not a word that is nowhere' 1
run search --format json '550 5.7.323 tlsa-invalid: The domain failed DANE validation for mx1.fabrikam.com'
json_same 'a pasted reply is diagnosed' exo-5.7.323-tlsa-invalid 'd["entries"][0]["id"]'
run search --format json Get-AcceptedDomain
json_same 'commands are searched' True '"command" in [e["why"] for e in d["entries"]]'
run search 'how many lines that begin with v=spf1'
has 'questions of trees are searched' 'SPF failure' "$out"
run search framework zzzqqq
complains 'every word has to occur' 1
run search zzzqqq
complains 'nothing found' 1
same 'nothing found: nothing printed' '' "$out"
run search --format json zzzqqq
same 'nothing found as json' 1 $status
json_same 'an empty list' '[]' '"[]" if d["entries"] == [] else d["entries"]'
run search '( * + ['
complains 'signs of patterns are themselves' 1
run search
complains 'search without words' 2
run search --format html spf
complains 'html is not for search' 2
done_testing
