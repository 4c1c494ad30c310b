#!/bin/sh
# Reports and changed copies of them, read by ndr and by other parsers: every difference is of an explained kind.
. "$NDR_SRCDIR/tests/lib.sh"
here=$NDR_SRCDIR/tests
compare() { # sentence script program folder...
    sentence=$1 script=$2
    shift 2
    said=$(python3 "$here/corpus/$script" "$@")
    report $? "$sentence"
    printf '%s\n' "$said" | grep '^fault' | head -20 | cut -c 1-300 | sed 's/^/# /'
    has "$sentence: there were mutants" ' mutants, ' "$said"
}
both() { # whose folder...
    whose=$1
    shift
    compare "ndr and Python read $whose the same" differential.py "$NDR_PROGRAM" "$@"
    if [ -x "$NDR_BUILD/tests/corpus/gmime" ]; then
        compare "ndr and GMime take $whose apart the same" gmime.py "$NDR_BUILD/tests/corpus/gmime" "$@"
    else
        skip "ndr and GMime take $whose apart the same" 'GMime is not installed'
    fi
}
if ! command -v python3 >/dev/null; then
    skip 'ndr and other parsers read the same' 'no python3'
    done_testing
    exit
fi
both 'our reports' "$here/reports" "$here/nobounce" "$here/stories" "$here/samples"
if [ -d "${NDR_CORPUS:-/nowhere}/mail" ]; then
    both 'real bounces' "$NDR_CORPUS/mail"
else
    skip 'ndr and other parsers read real bounces the same' 'NDR_CORPUS is not set'
fi
done_testing
