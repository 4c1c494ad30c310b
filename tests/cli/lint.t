#!/bin/sh
# ndr lint: every fault with its file and line.  In tests/cli/data a line that may be named holds "fault".
. "$NDR_SRCDIR/tests/cli/common.sh"
data=tests/cli/data

fault() { # file word
    file=$data/$1.xml
    run lint "$file"
    same "$1: status" 1 $status
    first=$(head -1 "$t/out")
    # One of the marked lines, and the word that tells the fault.
    line=$(printf '%s\n' "$first" | sed -n "s|^$file:\([0-9]*\): .*|\1|p")
    if [ -n "$line" ] && sed -n "${line}p" "$file" | grep -q '<!-- fault -->'; then
        report 0 "$1: the right line"
    else
        report 1 "$1: the right line"
        printf '# expected: %s:%s: ...\n# got:      %s\n' "$file" "$(grep -n '<!-- fault' "$file" | sed 's/:.*//' | tr '\n' ' ')" "$first"
    fi
    has "$1: the problem" "$2" "$first"
    same "$1: each problem is FILE:LINE: problem" '' "$(grep -Ev "^$file:[1-9][0-9]*: ." "$t/out")"
}

fault unknown-element flavour
fault unknown-attribute colour
fault unknown-root wisdom
fault unknown-owner somebody
fault unknown-category parcels
fault no-owner owner
fault bad-code 5.3.77777
fault duplicate-id house-parcel-limit
fault dangling-related no-such-entry
fault dangling-tree no-such-tree
fault dangling-node NO-SUCH
fault sample-elsewhere exo-5.7.23-spf-violation
fault sample-nowhere sample
fault sample-other-capture nora@fabrikam.com
fault equal-samples house-parcel-twin
fault doctype DOCTYPE
fault tree-unknown-element guess
fault tree-unknown-attribute colour
fault tree-duplicate-id H-O1
fault tree-dangling-option H-O7
fault tree-dangling-tree no-such-tree
fault tree-unknown-start H-9
fault tree-cycle cycle
fault tree-unreachable H-2
fault tree-no-cannot-tell cannot-tell
fault tree-check-no-cannot-tell cannot-tell
fault tree-no-owner owner
fault tree-doctype DOCTYPE
fault help-unknown-key 'action copie'
fault help-unknown-element flavour

# --- clean ---
run lint
ends 'the shipped data' 0
same 'the shipped data: nothing to say' '' "$out"
run lint $data/good.xml
ends 'a good entry' 0
same 'a good entry: nothing to say' '' "$out"
run lint $data/house.xml
ends 'a good tree' 0
run lint $data/house.xml $data/pair.xml
ends 'an entry and its tree are one layer' 0
same 'they find each other' '' "$out"
run lint $data/pair.xml
same 'without the tree they do not' 1 $status
sed 's/house-parcel-limit/exo-5.7.23-spf-violation/' $data/good.xml >"$t/replaced.xml"
run lint "$t/replaced.xml"
ends 'an entry that replaces a shipped one' 0
run lint help/topics/*.xml
ends 'the help files' 0

# --- several at once ---
run lint $data/good.xml $data/unknown-element.xml $data/tree-unreachable.xml
same 'several files: status' 1 $status
has 'the first fault' "$data/unknown-element.xml:" "$out"
has 'the second fault' "$data/tree-unreachable.xml:" "$out"
sed 's/5\.3\.77/5.3.79/; s/parcel gate/cellar gate/' $data/good.xml >"$t/again.xml"
run lint $data/good.xml "$t/again.xml"
same 'the same id in two files of a layer: status' 1 $status
has 'the same id in two files of a layer' house-parcel-limit "$out"

# --- json ---
run lint --format json $data/unknown-element.xml
same 'json: status' 1 $status
json_same 'json has the schema' ndr-lint/1 'd["schema"]'
json_same 'json has every key' '' '[k for p in d["problems"] for k in "file line problem hint".split() if k not in p]'
json_same 'json has file and line' "$data/unknown-element.xml $(sed -n '/<!-- fault/=' $data/unknown-element.xml)" \
    '[d["problems"][0]["file"], d["problems"][0]["line"]]'
run lint --format json $data/good.xml
ends 'json of a good file' 0
json_same 'json of a good file has no problems' 0 'len(d["problems"])'
run lint --format markdown $data/good.xml
complains 'markdown is not for lint' 2

# --- damaged and unreadable ---
head -c 700 $data/good.xml >"$t/cut.xml"
run lint "$t/cut.xml"
check 'a file cut off is not clean' test $status -ne 0
printf 'hello\n' >"$t/words.xml"
run lint "$t/words.xml"
check 'a file without elements is not clean' test $status -ne 0
: >"$t/empty.xml"
run lint "$t/empty.xml"
check 'an empty file is not clean' test $status -ne 0
{
    sed '/<\/knowledge>/d' $data/good.xml
    awk 'BEGIN { for (i = 0; i < 70000; i++) print "<!-- a long remark that fills the file with nothing at all -->" }'
    echo '</knowledge>'
} >"$t/long.xml"
run lint "$t/long.xml"
check 'a file of more than 4 MiB is not clean' test $status -ne 0
printf '<?xml version="1.0"?>\n<knowledge version="1" updated="2026-11-24">\n\377\376</knowledge>\n' >"$t/bytes.xml"
run lint "$t/bytes.xml"
check 'a file that is not UTF-8 is not clean' test $status -ne 0
run lint $data
complains 'a folder' 2
mkfifo "$t/fifo.xml"
run lint "$t/fifo.xml"
complains 'a pipe' 2
run lint /dev/null
complains 'a device' 2
run lint "$t/missing.xml"
complains 'a file that is not there' 2
run lint $data/unknown-element.xml "$t/missing.xml"
complains 'a faulty one and one that is not there' 2

# --- the layers as they would be loaded ---
mkdir -p "$t/xdg/ndr/codes" "$t/xdg/ndr/trees"
cp $data/pair.xml "$t/xdg/ndr/codes"
cp $data/house.xml "$t/xdg/ndr/trees"
XDG_DATA_HOME=$t/xdg run lint
ends 'a good overlay' 0
same 'a good overlay: nothing to say' '' "$out"
cp $data/unknown-element.xml "$t/xdg/ndr/codes"
XDG_DATA_HOME=$t/xdg run lint
same 'a faulty overlay' 1 $status
has 'a faulty overlay: file and line' "ndr/codes/unknown-element.xml:$(sed -n '/<!-- fault/=' $data/unknown-element.xml): " "$out"
XDG_DATA_HOME=$t/xdg run list
same 'the rest still works with it' 0 $status
same 'with a notice' 'ndr: ' "$(head -c 5 "$t/err")"
rm "$t/xdg/ndr/codes/unknown-element.xml"
cp $data/tree-unreachable.xml "$t/xdg/ndr/trees/house.xml"
XDG_DATA_HOME=$t/xdg run lint
same 'a faulty tree in the overlay' 1 $status
has 'a faulty tree: file and line' "ndr/trees/house.xml:$(sed -n '/<!-- fault/=' $data/tree-unreachable.xml): " "$out"
done_testing
