#!/bin/sh
# ndr shell: commands on standard input.
. "$NDR_SRCDIR/tests/cli/common.sh"
bounce=$reports/postfix-failure.eml

say() { # lines, read with %b
    printf '%b' "$1" >"$t/in"
    run shell <"$t/in"
}

say ''
ends 'no line at all' 0
say 'quit\n'
ends 'quit' 0
same 'quit: nothing printed' '' "$out"
say 'quit\nlist\n'
same 'nothing is done behind quit' '' "$out"
say 'q\nlist\n'
same 'q is quit' '' "$out"
say 'list'
has 'a last line without its end counts' '5.7.23' "$out"
say '\n\n  \nquit\n'
ends 'empty lines' 0
say 'help\n'
ends 'help' 0
for word in paste open walk message explain search list trees quit; do
    has "help tells $word" "$word" "$out"
done
say '5.7.23\n'
has 'a code alone' 'Sender Policy Framework' "$out"
say 'explain 550 5.7.23\n'
has 'explain' 'Sender Policy Framework' "$out"
say 'search sender policy framework\n'
has 'search' '5.7.23' "$out"
say 'trees\n'
has 'trees' 'SPF failure' "$out"
say 'list\n'
same 'list is the list' "$(ndr list)" "$out"
say 'nonsense\n5.7.23\nquit\n'
same 'an unknown command: status' 0 $status
has 'an unknown command is named' nonsense "$out$err"
has 'what follows is still done' 'Sender Policy Framework' "$out"
say "open $bounce\nquit\n"
has 'open' 'mona@fabrikam.com' "$out"
say "open $t/missing\n5.7.23\n"
has 'open of a file that is not there' missing "$out$err"
has 'goes on' 'Sender Policy Framework' "$out"
{
    echo paste
    cat $bounce
    printf '.\n5.7.23\nquit\n'
} >"$t/in"
run shell <"$t/in"
has 'paste' 'mona@fabrikam.com' "$out"
has 'a single dot ends it' 'Sender Policy Framework' "$out"
say 'paste\n550 5.7.23 rejected because of Sender Policy Framework violation\n'
has 'a paste may end with the input' 'Sender Policy Framework' "$out"
say "open $bounce\nmessage sender\n"
check 'message gives a text' test "$(wc -l <"$t/out")" -gt "$(ndr analyze $bounce | wc -l)"
say "open tests/samples/dane.eml\nmessage ticket\n"
for part in Owner Recipient Sender Message-ID Evidence Next 'Diagnostic-Code: smtp;550 5.7.323' '09:12 UTC'; do
    has "the ticket has $part" "$part" "$(sed -n '/has given up/,$p' "$t/out")"
done
say "open tests/samples/dane.eml\nwalk\ncannot-tell\nq\nmessage ticket\n"
has 'the ticket tells what was asked' 'Done' "$out"
say 'message nobody\n'
has 'message asks for whom' postmaster "$out"
say 'walk\n'
has 'walk without a report' paste "$out"
say 'walk nonsense\n'
has 'walk of no tree' tree "$out"
say 'walk spf\n2\ntrees\n'
has 'walk takes a number' 'It is not our sending domain' "$out"
has 'the prompt is there again' 'DANE' "$out"
say 'walk spf\n77\nothers\n'
has 'walk asks again for a wrong number' 'from 1 to' "$out"
has 'walk takes an id, too' 'It is not our sending domain' "$out"
say 'walk spf\nours\nu\nothers\n'
has 'walk takes back an answer' 'It is not our sending domain' "$out"
say 'walk spf\nq\n5.7.23\n'
has 'q leaves the walk alone' 'Sender Policy Framework' "$out"
printf 'open %s\n' $bounce >"$t/in"
run shell --restricted <"$t/in"
lacks 'no file in restricted mode' 'mona@fabrikam.com' "$out"
same 'restricted mode goes on' 0 $status
yes 5.7.23 | head -50 >"$t/in"
run shell <"$t/in"
same 'fifty lines are fifty answers' 50 "$(grep -c '^5.7.23  ' "$t/out")"
head -c 3000000 /dev/zero | tr '\0' a >"$t/in"
run shell <"$t/in"
same 'a line without end does no harm' 0 $status
lacks 'no color' "$escape" "$out"
done_testing
