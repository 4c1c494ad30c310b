#!/bin/sh
# Real bounces and changed copies of them, read by ndr and by other parsers: every difference is of an explained kind.
. "$NDR_SRCDIR/tests/lib.sh"
if [ ! -d "${NDR_CORPUS:-/nowhere}/mail" ] || ! command -v python3 >/dev/null; then
    skip 'ndr and Python read the same' 'NDR_CORPUS is not set, or no python3'
    done_testing
    exit
fi
said=$(python3 "$NDR_SRCDIR/tests/corpus/differential.py" "$NDR_PROGRAM" "$NDR_CORPUS/mail")
report $? 'ndr and Python read the same'
printf '%s\n' "$said" | grep '^fault' | head -20 | sed 's/^/# /'
has 'there were mails and mutants' ' mutants, ' "$said"
done_testing
