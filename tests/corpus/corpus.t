#!/bin/sh
# Real bounces that are not ours to ship: counted as skipped without NDR_CORPUS.
. "$NDR_SRCDIR/tests/lib.sh"
score=${NDR_CORPUS:-/nowhere}/../tools/score.py
if [ ! -f "$score" ] || ! command -v python3 >/dev/null; then
    skip 'real bounces are read right' 'NDR_CORPUS is not set'
    skip 'real fragments are read right' 'NDR_CORPUS is not set'
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
above recall 0.99
above address 0.97
above status 0.99
above no-invention 1.0
above reply 0.98
has 'nothing ends in trouble' 'trouble 0' "$total"
total=$(python3 "$score" --ndr "$NDR_PROGRAM" --pasted "$NDR_CORPUS/pasted.tsv" | sed -n 's/^ALL /ALL  /p' | tail -1)
above status 0.95
above no-invention 1.0
done_testing
