#!/bin/sh
# ndr trees: the list, one tree, and its pictures.
. "$NDR_SRCDIR/tests/cli/common.sh"

run trees
ends 'the list' 0
same 'a line for each file' "$(ls data/trees/*.xml | wc -l)" "$(wc -l <"$t/out")"
has 'the list has the title' 'SPF failure' "$out"
run trees --format json
ends 'the list as json' 0
json_same 'json has the schema' ndr-trees/1 'd["schema"]'
json_same 'json has every key' '' '[k for e in d["trees"] for k in "id title nodes outcomes longest".split() if k not in e]'
json_same 'numbers fit together' True 'all(e["nodes"] > e["outcomes"] > 0 and e["longest"] > 1 for e in d["trees"])'
json_same 'every file is there' "$(ls data/trees | sed 's/\.xml$//' | sort | tr '\n' ' ' | sed 's/ $//')" \
    'sorted(e["id"] for e in d["trees"])'
run trees spf
ends 'one tree' 0
has 'one tree has its questions' SP-01 "$out"
has 'and its outcomes' SP-O60 "$out"
run trees spf --format json
ends 'one tree as json' 0
json_same 'json has that tree alone' spf '[e["id"] for e in d["trees"]]'
json_same 'the nodes are those of the file' "$(grep -cE '^  <(question|check|instruction|outcome) ' data/trees/spf.xml)" \
    'd["trees"][0]["nodes"]'
json_same 'the outcomes are those of the file' "$(grep -c '^  <outcome ' data/trees/spf.xml)" 'd["trees"][0]["outcomes"]'
run trees spf --format dot
ends 'one tree for Graphviz' 0
same 'it is a digraph' 'digraph "spf" {' "$(head -1 "$t/out")"
same 'that ends' '}' "$(tail -1 "$t/out")"
has 'with an edge an answer' '"SP-01" -> "SP-O60"' "$out"
quotes=$(ndr trees dane --format dot | sed 's/\\"//g' | awk '{ n = gsub(/"/, ""); if (n % 2) print NR }')
same 'every string is closed' '' "$quotes"
if command -v dot >/dev/null; then
    for tree in $(ndr trees | cut -d' ' -f1); do
        ndr trees "$tree" --format dot >"$t/$tree.dot"
        check "Graphviz reads $tree" dot -Tplain -o "$t/plain" "$t/$tree.dot"
    done
else
    skip 'Graphviz reads the trees' 'no dot'
fi
run trees spf --format svg
ends 'one tree as a picture' 0
has 'the picture is an SVG' '<svg' "$out"
has 'the picture shows the first question' SP-01 "$out"
has 'the picture shows an outcome' SP-O60 "$out"
has 'the picture shows where it leads elsewhere' tree:fake-bounce "$out"
same 'a box for each node and each other tree' "$(($(grep -cE '^  <(question|check|instruction|outcome) ' data/trees/spf.xml) + $(grep -o 'to="tree:[^"]*"' data/trees/spf.xml | sort -u | wc -l) + 1))" \
    "$(grep -c '<rect' "$t/out")"
same 'an arrow for each answer' "$(grep -c '<option ' data/trees/spf.xml)" "$(grep -c '<path' "$t/out")"
if command -v xmllint >/dev/null; then
    check 'the picture is well-formed' xmllint --noout --nonet "$t/out"
else
    skip 'the picture is well-formed' 'no xmllint'
fi
run trees --format svg
complains 'a picture of all trees' 2
run trees --check
ends 'the trees are sound' 0
same 'a line for each tree, none lacks a text' "$(ls data/trees | wc -l | tr -d ' ')" "$(grep -c 'ways .* lacking a text 0$' "$t/out")"
same 'no other line' "$(ls data/trees | wc -l | tr -d ' ')" "$(wc -l <"$t/out" | tr -d ' ')"
mkdir -p "$t/data/codes" "$t/data/trees"
cp data/codes/journaling.xml "$t/data/codes/"
sed 's/to="JO-O10"/to="JO-NOWHERE"/' data/trees/journaling.xml >"$t/data/trees/journaling.xml"
run trees --check --data "$t/data"
same 'a tree with a fault: status' 1 $status
has 'a tree with a fault: which' 'journaling.xml:' "$out"
sed '0,/<why>/{/<why>/,/<\/why>/d}' data/trees/journaling.xml >"$t/data/trees/journaling.xml"
run trees --check --data "$t/data"
has 'a question without a reason is named' ' has no why it is asked' "$out"
done_testing
