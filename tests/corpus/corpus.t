#!/bin/sh
# Real bounces that are not ours to ship: counted as skipped without NDR_CORPUS.
. "$NDR_SRCDIR/tests/lib.sh"
score=${NDR_CORPUS:-/nowhere}/../tools/score.py
if [ ! -f "$score" ] || ! command -v python3 >/dev/null; then
    skip 'real bounces are read right' 'NDR_CORPUS is not set'
    skip 'real fragments are read right' 'NDR_CORPUS is not set'
    skip 'line ends change nothing in real bounces' 'NDR_CORPUS is not set'
    done_testing
    exit
fi
above() { # name least
    value=$(printf '%s\n' "$total" | sed -n "s/.* $1 \([0-9.]*\) .*/\1/p")
    if awk -v v="${value:-0}" -v l="$2" 'BEGIN { exit !(v >= l) }'; then
        report 0 "$1 $value is at least $2"
    else
        report 1 "$1 $value is at least $2"
    fi
}
total=$(python3 "$score" --ndr "$NDR_PROGRAM" --corpus "$NDR_CORPUS" | sed -n 's/^ALL /ALL  /p' | tail -1)
above precision 1.0
above recall 1.0
above kind 0.98
above address 0.985
above status 1.0
# The labels take the Status field first; where the words of the server say more than a 0, ndr takes those.
above status-first 0.95
above no-invention 1.0
above reply 0.996
above action 0.99
above mta 1.0
above diagnosed 0.99
has 'nothing ends in trouble' 'trouble 0' "$total"
total=$(python3 "$score" --ndr "$NDR_PROGRAM" --pasted "$NDR_CORPUS/pasted.tsv" | sed -n 's/^ALL /ALL  /p' | tail -1)
above status 1.0
above status-first 1.0
above reply 1.0
above no-invention 1.0
above diagnosed 1.0
# Line ends: a mail that came with CRLF or CR is the same report, and each line keeps its number.
twins=0
differ=
for twin in "$NDR_CORPUS"/mail/dos-*.eml "$NDR_CORPUS"/mail/mac-*.eml; do
    name=${twin##*/}
    mail=$NDR_CORPUS/mail/${name#*-}
    [ -f "$mail" ] || continue
    twins=$((twins + 1))
    if [ "$("$NDR_PROGRAM" analyze --format json "$twin")" != "$("$NDR_PROGRAM" analyze --format json "$mail")" ]; then
        differ="$differ $name"
    fi
done
same 'line ends change nothing in real bounces' '' "$differ"
check 'there were such twins' [ $twins -gt 50 ]
done_testing
