#!/bin/sh
# ndr triage: many reports counted, merged from elsewhere, compared with an earlier run.
#
# GNU parallel over several hosts (tried with --sshlogin 2/: and 22.11; a host sees the folder under the same path):
#   ls /shared/mail/* | parallel -k -X --sshlogin mx1,mx2 'ndr analyze --format ndjson {}' >all.ndjson
#   ndr triage --format html all.ndjson >bounces.html
#
# Slurm array (the lines of the job tried with SLURM_ARRAY_TASK_ID set by hand; sbatch --array=0-63 job):
#   sed -n "$((SLURM_ARRAY_TASK_ID + 1))~${SLURM_ARRAY_TASK_COUNT}p" list | xargs -d '\n' ndr analyze --format ndjson \
#       >parts/$SLURM_ARRAY_TASK_ID.ndjson
#   ndr triage parts
#
# PostgreSQL (tried with 15; json keeps the order of the keys, by which triage knows its input; jsonb does not):
#   psql -c 'CREATE TABLE bounce (report json)'
#   ndr analyze --format ndjson mail | psql -c "COPY bounce FROM STDIN (FORMAT csv, QUOTE e'\x01', DELIMITER e'\x02')"
#   psql -Atc 'SELECT report FROM bounce' | ndr triage
. "$NDR_SRCDIR/tests/cli/common.sh"
bounce=$reports/postfix-failure.eml
other=$reports/exchange-online-5.1.10.eml
hostile=tests/cli/data/triage-hostile.ndjson

# --- counts ---
mkdir "$t/mail"
cp $reports/*.eml "$t/mail"
"$NDR_PROGRAM" analyze --format ndjson "$t/mail" >"$t/all.ndjson" 2>/dev/null
run triage --format json "$t/mail"
ends 'a folder' 0
cp "$t/out" "$t/direct.json"
json_same 'the schema' ndr-triage/1 'd["schema"]'
json_same 'every key' '' '[k for k in ("schema totals by_entry by_owner by_category by_domain by_mta by_hour by_kind new " +
    "rising").split() if k not in d]'
json_same 'every total' '' '[k for k in ("mails reports recipients undiagnosed not_reports troubles beyond_limit").split()
    if k not in d["totals"]]'
json_same 'every key of a row' '' '[k for b in d if b.startswith("by_") for r in d[b] for k in ("key", "title", "count") if k not in r]'
json_same 'without an earlier run nothing is compared' 'None None' '[d["new"], d["rising"]]'
same 'every mail is counted' "$(ls "$t/mail" | wc -l | tr -d ' ')" "$(json 'd["totals"]["mails"]')"
json_same 'mails are reports or not' True 'd["totals"]["mails"] == d["totals"]["reports"] + d["totals"]["not_reports"]'
json_same 'by kind counts reports' True 'sum(r["count"] for r in d["by_kind"]) == d["totals"]["reports"]'
json_same 'by entry counts recipients' True \
    'sum(r["count"] for r in d["by_entry"]) + d["totals"]["undiagnosed"] == d["totals"]["recipients"]'
json_same 'best first' True 'all([r["count"] for r in d[b]] == sorted((r["count"] for r in d[b]), reverse=True)
    for b in d if b.startswith("by_"))'

# What stands in ndjson, counted by somebody else.
count() { # expression for one recipient p of report r
    python3 - "$t/all.ndjson" "$1" <<'PYTHON'
import collections
import json
import sys

counts = collections.Counter()
for line in open(sys.argv[1], encoding="utf-8"):
    r = json.loads(line)
    for p in r["recipients"]:
        key = eval(sys.argv[2])
        if key:
            counts[key] += 1
print(" ".join("%s=%d" % row for row in sorted(counts.items(), key=lambda row: (-row[1], row[0]))))
PYTHON
}
if command -v python3 >/dev/null; then
    for table in entry owner category; do
        same "by $table" "$(count "p['diagnoses'] and p['diagnoses'][0]['$table']")" \
            "$(json "['%s=%d' % (r['key'], r['count']) for r in d['by_$table']]")"
    done
    same 'by domain' "$(count "p['address'] and p['address'].rpartition('@')[2].lower()")" \
        "$(json '["%s=%d" % (r["key"], r["count"]) for r in d["by_domain"]]')"
    same 'by server' "$(count "(p['remote_mta'] or '').lower()")" \
        "$(json '["%s=%d" % (r["key"], r["count"]) for r in d["by_mta"]]')"
else
    skip 'counts' 'no python3'
fi
run triage "$t/mail"
ends 'as text' 0
for heading in 'By cause' 'By owner' 'By category' 'By recipient domain' 'By server that refused' 'By hour'; do
    has "text has $heading" "$heading" "$out"
done
has 'text has the totals' 'Mails read' "$out"
has 'text has bars' '##########' "$out"
has 'text tells that there are more' '  and ' "$out"
same 'no line is wider than 80' '' "$(awk 'length($0) > 80' "$t/out")"
run triage "$bounce" "$other"
same 'several files: mails' 2 "$(awk '/^Mails read/ { print $3 }' "$t/out")"

# --- merging ---
same_as_direct() { # sentence
    if cmp -s "$t/out" "$t/direct.json"; then report 0 "$1"; else report 1 "$1"; diff "$t/direct.json" "$t/out" | sed 's/^/# /' | head; fi
}
run triage --format json "$t/all.ndjson"
ends 'ndjson' 0
same_as_direct 'merging a file of ndjson gives the same'
run triage --format json <"$t/all.ndjson"
same_as_direct 'so does standard input'
cat "$t/all.ndjson" | "$NDR_PROGRAM" triage --format json - >"$t/out"
same_as_direct 'so does a pipe'
mkdir "$t/parts"
sed -n '1~2p' "$t/all.ndjson" >"$t/parts/1"
sed -n '2~2p' "$t/all.ndjson" | sed 's/^/  /; s/:"ndr-report/ : "ndr-report/; s/$/\r/' >"$t/parts/2"
run triage --format json "$t/parts"
same_as_direct 'so does a folder of parts, with blanks and CRLF'
sed -n '1,9p' "$t/all.ndjson" >"$t/nine.ndjson"
mkdir "$t/rest"
cp "$t/mail"/* "$t/rest"
ls "$t/rest" | head -9 | while read -r f; do rm "$t/rest/$f"; done
run triage --format json "$t/nine.ndjson" "$t/rest"
same_as_direct 'so do ndjson and mail together'
for f in "$t/mail"/*.eml; do "$NDR_PROGRAM" analyze --format json "$f" 2>/dev/null; done >"$t/indented"
run triage --format json "$t/indented"
same_as_direct 'so do indented reports'
for f in "$bounce" "$other"; do
    echo 'From MAILER-DAEMON Tue Nov 24 09:12:52 2026'
    sed 's/^\(>*From \)/>\1/' "$f"
    echo
done >"$t/mbox"
cat "$t/mbox" | "$NDR_PROGRAM" triage --format json >"$t/out"
json_same 'an mbox through a pipe' 2 'd["totals"]["reports"]'
(head -c 100 "$t/mbox"; sleep 0.2; tail -c +101 "$t/mbox") | "$NDR_PROGRAM" triage --format json >"$t/out"
json_same 'a slow pipe loses nothing' 2 'd["totals"]["reports"]'
i=0
while [ $i -lt 200 ]; do
    cat "$t/all.ndjson"
    i=$((i + 1))
done >"$t/long.ndjson"
run triage --format json "$t/long.ndjson"
json_same 'a long file' True "d['totals']['mails'] == 200 * $(wc -l <"$t/all.ndjson")"
if (ulimit -v 300000 && "$NDR_PROGRAM" triage "$t/long.ndjson" >/dev/null) 2>/dev/null; then
    report 0 'it takes no memory for each line'
else
    case $(nm "$NDR_PROGRAM" 2>/dev/null) in
    *__asan_init*) skip 'it takes no memory for each line' 'built with a sanitizer' ;;
    *) report 1 'it takes no memory for each line' ;;
    esac
fi

# --- hours ---
hour() { printf '{"schema":"ndr-report/1","kind":"failure","arrival_date":%s,"recipients":[{"last_attempt":%s}]}\n' "$1" "$2"; }
{
    hour null '"2026-11-24T23:30:00-02:00"'
    hour '"2026-11-24T01:10:00Z"' null
    hour '"2026-11-24T05:10:00Z"' '"2026-11-24T06:10:00Z"'
    hour '"1969-12-31T23:10:00Z"' null
    hour '"nonsense"' null
    hour 7 null
} >"$t/hours"
run triage --format json "$t/hours"
json_same 'hours are UTC, of the attempt, else of the arrival' '01=2 06=1 23=1' \
    '["%s=%d" % (r["key"], r["count"]) for r in d["by_hour"]]'

# --- against an earlier run ---
row() { # domain times
    i=0
    while [ $i -lt "$2" ]; do
        printf '{"schema":"ndr-report/1","kind":"failure","recipients":[{"address":"a@%s","diagnoses":[{"entry":"e-%s"}]}]}\n' "$1" "$1"
        i=$((i + 1))
    done
}
{ row few.example 2; row some.example 6; row many.example 100; row gone.example 4; } >"$t/before"
{ row few.example 4; row some.example 9; row many.example 149; row new.example 1; } >"$t/after"
"$NDR_PROGRAM" triage --format json "$t/before" >"$t/before.json"
run triage --format json --since "$t/before.json" "$t/after"
ends '--since' 0
json_same 'what is new' 'entry:e-new.example:0:1 domain:new.example:0:1' \
    '["%(what)s:%(key)s:%(before)d:%(count)d" % r for r in d["new"]]'
json_same 'what rises by a half and three' 'entry:e-some.example:6:9 domain:some.example:6:9' \
    '["%(what)s:%(key)s:%(before)d:%(count)d" % r for r in d["rising"]]'
run triage --since "$t/before.json" "$t/after"
has 'text tells what is new' 'New since' "$out"
has 'text tells what rises' '6 -> 9' "$out"
run triage --since "$t/before.json" "$t/before"
has 'text tells that nothing is' 'Nothing is new or rising' "$out"
run triage --format html --since "$t/before.json" "$t/after"
has 'html tells what rises' '6 &#8594; 9' "$out"
run triage --since "$t/all.ndjson" "$t/after"
complains 'an earlier run that is none' 2
run triage --since "$t/missing" "$t/after"
complains 'an earlier run that is not there' 2
echo '{"schema":"ndr-triage/1","by_entry":[{"key":"e","count":-5},{"count":1e9},7,{"key":4}],"by_domain":{}}' >"$t/odd.json"
run triage --since "$t/odd.json" "$t/after"
same 'an odd earlier run is survived' 0 "$status"

# --- html ---
run triage --format html "$t/mail"
ends 'html' 0
has 'html is a whole document' '</html>' "$out"
has 'html knows dark and light' 'prefers-color-scheme: dark' "$out"
lacks 'html has no script' '<script' "$out"
same 'html takes nothing from elsewhere' '' "$(grep -nEi '(src|href)=|url\(|@import|http://|https://' "$t/out")"
if command -v xmllint >/dev/null; then
    check 'html is well-formed' xmllint --noout "$t/out"
else
    skip 'html is well-formed' 'no xmllint'
fi

# --- hostile ndjson ---
for format in text json html; do
    run triage --format $format "$hostile"
    complains "hostile lines as $format: the others count" 0
    lacks "no escape sequence in $format" "$escape" "$out"
    lacks "no control sequence introducer in $format" "$(printf '\302\233')" "$out"
    lacks "no direction is changed in $format" "$(printf '\342\200\256')" "$out"
    cp "$t/out" "$t/hostile.$format"
done
has 'the broken line is named' "$hostile:2: " "$err"
has 'and how many more' 'and 2 more' "$err"
lacks 'html: an element in a value' '<script>' "$out"
lacks 'html: an element in a title' '<i>' "$out"
lacks 'html: a quote in a value' "'onclick" "$out"
has 'html: it is shown instead' '&lt;script&gt;' "$out"
if command -v xmllint >/dev/null; then
    check 'hostile html is well-formed' xmllint --noout "$t/hostile.html"
fi
cp "$t/hostile.json" "$t/out"
json_same 'hostile: the totals' '4 3 6 5 1 3' \
    '[d["totals"][k] for k in "mails reports recipients undiagnosed not_reports troubles".split()]'
json_same 'hostile: domains have no case' 'example.com=2' '["%s=%d" % (r["key"], r["count"]) for r in d["by_domain"][:1]]'
has 'hostile text: one row a value' 'RED' "$(tr 'a-z' 'A-Z' <"$t/hostile.text")"
same 'hostile text: a title stays on its line' '' "$(grep '^line two' "$t/hostile.text")"
{
    printf '{\n  "schema": "ndr-report/1",\n  "kind": "failure",\n'
    row a.example 2
} >"$t/unclosed"
run triage --format json "$t/unclosed"
json_same 'a report that was never closed takes no others along' '2 1' '[d["totals"]["reports"], d["totals"]["troubles"]]'
awk 'BEGIN { printf "{\"schema\":\"ndr-report/1\",\"kind\":"; for (i = 0; i < 200000; i++) printf "["; print ""
             print "{\"schema\":\"ndr-report/1\",\"kind\":\"failure\",\"recipients\":[]}" }' >"$t/deep"
run triage --format json "$t/deep"
complains 'a deep line' 0
json_same 'the line behind it counts' 1 'd["totals"]["reports"]'
awk 'BEGIN { for (i = 0; i < 10050; i++)
    printf "{\"schema\":\"ndr-report/1\",\"kind\":\"failure\",\"recipients\":[{\"address\":\"a@d%d.example\"}]}\n", i }' >"$t/domains"
run triage --format json "$t/domains"
complains 'too many domains: said' 0
json_same 'too many domains: the first are there' '10000 50 10050' \
    '[len(d["by_domain"]), d["totals"]["beyond_limit"], d["totals"]["recipients"]]'

# --- status ---
run triage $reports/no-report.eml
complains 'no report' 1
same 'no report: nothing is printed' '' "$out"
run triage --format json $reports/no-report.eml
complains 'no report as json' 1
json_same 'no report: a whole object' '1 0' '[d["totals"]["not_reports"], d["totals"]["reports"]]'
run triage
complains 'empty standard input' 1
run triage "$t/missing"
complains 'a file that is not there' 2
run triage "$bounce" "$t/missing"
complains 'found one, could not read another' 0
printf '{"schema":"ndr-report/1"\n' >"$t/broken"
run triage "$t/broken"
complains 'only a broken line' 2
mkfifo "$t/fifo"
run triage "$t/fifo"
complains 'a pipe with a name is not waited for' 2
run triage --format ndjson "$bounce"
complains 'a format of another command' 2
run analyze --since "$t/before.json" "$bounce"
complains 'its option belongs to it' 2

# --- restricted ---
run triage --restricted "$bounce"
complains 'restricted: no file' 2
run triage --restricted --since "$t/before.json" <"$bounce"
complains 'restricted: no earlier run' 2
NDR_RESTRICTED=1 run triage - <"$bounce"
same 'restricted: standard input' 0 "$status"
done_testing
