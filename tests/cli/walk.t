#!/bin/sh
# ndr walk without a terminal.
. "$NDR_SRCDIR/tests/cli/common.sh"
end='It is not our sending domain'

run walk spf --answers others
ends 'answers by id' 0
has 'they lead to the end' "$end" "$out"
text=$out
run walk spf --answers 2
same 'answers by number lead to the same' "$text" "$out"
run walk spf -a others
same 'the short option does the same' "$text" "$out"
run walk spf --answers ' others '
same 'blanks do no harm' "$text" "$out"
run walk spf --answers ours,mailfrom,many
ends 'three answers' 0
run walk spf --answers ours,1,3 --format json
ends 'ids and numbers mixed' 0
json_same 'json has the schema' ndr-walk/1 'd["schema"]'
json_same 'json names the tree' spf 'd["tree"]'
json_same 'json has every key of a step' '' \
    '[k for s in d["steps"] for k in "node question answer source line".split() if k not in s]'
json_same 'the steps are the way' 'SP-01:ours SP-02:mailfrom SP-03:many' \
    '[s["node"] + ":" + s["answer"] for s in d["steps"]]'
json_same 'a person answered' person 'sorted({s["source"] for s in d["steps"]})'
json_same 'nothing of it stands in a line' None 'd["steps"][0]["line"]'
json_same 'the end is the right one' SP-O11 'd["outcome"]["node"]'
run walk spf --answers others --format markdown
ends 'markdown' 0
has 'markdown begins with a heading' '# ' "$(printf '%s' "$out" | head -1)"
has 'markdown has the end' "$end" "$out"
run walk spf --answers others --format dot
complains 'dot is not for walk' 2

run walk spf --answers ours --format json
ends 'incomplete answers' 0
json_same 'incomplete answers have no outcome' None 'd["outcome"]'
json_same 'the steps so far are there' SP-01:ours '[s["node"] + ":" + s["answer"] for s in d["steps"]]'
run walk spf --answers ours
has 'as text the next question stands there' 'Return address or server name?' "$out"
run walk spf --answers nonsense
complains 'a wrong answer' 2
has 'it is named' nonsense "$err"
same 'a wrong answer prints nothing' '' "$out"
run walk spf --answers ours,nonsense --format json
complains 'a wrong second answer' 2
run walk spf --answers 0
complains 'number 0' 2
run walk spf --answers 9
complains 'a number too high' 2
run walk spf --answers others,others
complains 'an answer behind the end' 2

# --- where it starts ---
run walk 5.7.23 --answers others --format json
ends 'a code' 0
json_same 'a code starts in its tree' 'spf SP-O60' '[d["tree"], d["outcome"]["node"]]'
run walk exo-5.7.23-spf-violation --format json
json_same 'an entry starts in its tree' spf 'd["tree"]'
run walk $reports/exchange-online-5.1.10.eml --format json
ends 'a report' 0
json_same 'a report starts in the tree of its diagnosis' recipient-address 'd["tree"]'
json_same 'what the report tells is answered' report 'd["steps"][0]["source"]'
json_same 'with the line that proves it' True 'd["steps"][0]["line"] > 0'
run walk - --format json <$reports/exchange-online-5.1.10.eml
json_same 'a report on standard input' recipient-address 'd["tree"]'
run walk $reports/no-report.eml
complains 'a file without a report' 1
run walk $reports/postfix-delivered.eml
complains 'a report of success has no tree' 1
run walk nonsense
complains 'no tree, no code, no file' 1
run walk 9.9.9
complains 'no such code' 1
run walk
complains 'walk without a start' 2
for tree in $(ndr trees | cut -d' ' -f1); do
    run walk "$tree" --format json
    same "tree $tree starts" "0 $tree" "$status $(sed -n 's/^  "tree": "\(.*\)",$/\1/p' "$t/out")"
done

# --- a standard input that is no terminal ---
yes | head -200 >"$t/yes"
timeout 20 "$NDR_PROGRAM" walk spf <"$t/yes" >"$t/out" 2>"$t/err"
check 'an endless yes ends' test $? -lt 124
timeout 20 "$NDR_PROGRAM" walk spf </dev/null >"$t/out" 2>"$t/err"
same 'an empty standard input ends' 0 $?
has 'with the question' 'one of ours' "$(cat "$t/out")"
yes 1 | timeout 20 "$NDR_PROGRAM" walk spf >"$t/out" 2>"$t/err"
check 'an open pipe ends' test $? -lt 124
done_testing
