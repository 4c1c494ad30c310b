#!/bin/sh
# Mail that is no bounce: answers of machines are told apart, nothing else is taken for a report.
. "$NDR_SRCDIR/tests/lib.sh"
cd "$NDR_SRCDIR/tests/nobounce" || exit 1
wrong_autos=
wrong_others=
count=0
for f in *.eml; do
    kind=$(ndr analyze --format ndjson "$f" 2>/dev/null | sed 's/^{"schema":"[^"]*","kind":"\([^"]*\)".*/\1/')
    count=$((count + 1))
    case $f in
    auto-*) [ "$kind" = auto-reply ] || wrong_autos="$wrong_autos $f:$kind" ;;
    *) [ "$kind" = none ] || wrong_others="$wrong_others $f:$kind" ;;
    esac
done
same 'every auto-reply is one' '' "$wrong_autos"
same 'nothing else is a report' '' "$wrong_others"
check 'there are at least 210 mails' [ "$count" -ge 210 ]
lines=$(ndr analyze --format ndjson . 2>/dev/null | wc -l | tr -d ' ')
same 'the folder gives a line a mail' "$count" "$lines"
done_testing
