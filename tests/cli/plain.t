#!/bin/sh
# The numbered dialogue, its lines through a pipe (`menu` at the command prompt) and on a terminal (--plain).
. "$NDR_SRCDIR/tests/cli/common.sh"
XDG_STATE_HOME=$t/state
export XDG_STATE_HOME
NDR_DATA=$NDR_SRCDIR/tests/screen/knowledge
export NDR_DATA
bounce=tests/samples/dane.eml

say() { # lines, read with %b
    printf '%b' "$1" >"$t/in"
    run shell <"$t/in"
}
menu() { say "menu\n$1"; }

menu 'q\nquit\n'
ends 'the dialogue and back' 0
for line in '1. Paste a report' 'Browse by category' Search 'Decision trees' 'Saved walks' Help Quit; do
    has "home has $line" "$line" "$out"
done
lacks 'no color, nothing rewritten' "$escape" "$out"
same 'only plain characters' '' "$(printf '%s' "$out" | LC_ALL=C tr -d '\n -~')"
menu '?\n'
has '? tells how to choose' 'Type the number of a line' "$out"
menu '77\nq\n'
has 'a number that is none is looked up' 'Nothing has all these words' "$out"
menu 'b\nq\n'
has 'b at the first list' 'q quits' "$out"

# Looking around.
menu '3\n6\n1\nb\nb\nh\nq\n'
has 'categories are counted' 'TLS: DANE and MTA-STS, ' "$out"
has 'a category lists its entries' '1. 5.7.323, tlsa-invalid' "$out"
has 'an entry is a text' 'Owner ' "$out"
has 'with what can be done next' '1. Walk its decision tree' "$out"
menu '4\ntlsa\n1\n\nq\n'
has 'a search' 'found, best first' "$out"
has 'a hit opens' 'Category  ' "$out"
menu '4\nqqqq\n\nq\n'
has 'a search without a hit' 'Nothing has all these words' "$out"
menu '5.7.323\nb\nq\n'
has 'a code at once' 'Certificate' "$(printf '%s' "$out" | sed 's/certificate/Certificate/')"
menu '5\n1\nb\nb\nq\n'
has 'trees' 'Decision trees' "$out"
has 'a tree tells what it is about' 'At most' "$out"

# A report and its walk.
say "open $bounce\nmenu\n6\n\n\n\n\nb\nq\nquit\n"
has 'lines of the report have numbers' '96: Diagnostic-Code: smtp;550 5.7.323' "$out"
{
    printf 'menu\n1\n'
    cat $bounce
    printf '.\n3\n1\nb\nh\nq\n'
} >"$t/in"
run shell <"$t/in"
has 'a report is pasted' 'orders@fabrikam.com' "$out"
has 'the next steps have numbers' '1. Walk the decision tree' "$out"
has 'who gets a text is chosen' '1. Text for the sender' "$out"
has 'home has the report' 'The report at hand' "$out"
say "file $bounce\nmenu\n4\n5\nq\n"
has 'hops' 'outlook.com' "$out"
has 'authentication' 'SPF' "$out"
cp $bounce "$t/mail.eml"
say "file $t/mail.eml\nmenu\n7\n$t/out.md\n7\n$t/out.md\nn\nq\n"
has 'written' 'Written:' "$out"
check 'as Markdown' grep -q '^# ' "$t/out.md"
has 'a file that is there is kept' 'Nothing was written' "$out"

say "file $bounce\nmenu\n1\nw\nx 1\nn too early\n1\nn by phone\ns\nx 9\nu\n?\nq\nh\nq\n"
has 'what the report answers is told' 'From the report' "$out"
has 'with its line' 'line 96' "$out"
has 'a question with its step' 'Step 2 of at most' "$out"
has 'x asks what the report answered' 'Step 1 of at most' "$out"
has 'why' 'Why: ' "$out"
has 'no note without an answer' 'no answer yet' "$out"
has 'a note' Noted "$out"
has 'the steps have it' 'by phone' "$out"
has 'a step that is none' 'and its number' "$out"
has 'help of the walk' 'take back the last answer' "$out"
has 'left, it is saved' 'The walk is saved' "$out"
has 'home offers to go on' 'Go on with the walk' "$out"
same 'undo asks again' 2 "$(printf '%s\n' "$out" | grep -c '^Step 1 of at most')"

# Saved walks come back.
rm -rf "$t/state"
say "file $bounce\nmenu\n1\n2\nn saved note\n"
menu '6\n1\n1\ns\nq\nh\n6\n1\n2\n6\nq\n'
has 'saved walks are listed' 'Saved walks, the last one first' "$out"
has 'with title and step' 'fabrikam.com, step 3' "$out"
has 'one is taken up with its note' 'saved note' "$out"
has 'and deleted' Deleted "$out"
has 'then there is none' 'No walk is saved yet' "$out"

# Restricted: no files.
menu '?\nq\n'
say_restricted() {
    printf '%b' "$1" >"$t/in"
    run shell --restricted <"$t/in"
}
unset NDR_DATA
say_restricted 'menu\nq\nhelp\nfile /etc/passwd\nwrite x\nanalyze /etc/passwd\n'
lacks 'no file at home' 'from a file' "$out"
lacks 'no file in the help' 'file FILE' "$out"
same 'no file by any command' 3 "$(printf '%s\n' "$out" | grep -c 'Files are off')"

# The same words as on the command line.
say 'list --category auth\n'
same 'list with an option' "$(ndr list --category auth)" "$out"
say 'trees spf --format dot\n'
same 'trees with a format' "$(ndr trees spf --format dot)" "$out"
say 'list --nonsense\n5.7.23\n'
has 'a wrong option is told' 'unknown option' "$err"
has 'and the talk goes on' 'Sender Policy Framework' "$out"
for word in menu commands; do yes $word | head -3000; done >"$t/in"
run shell <"$t/in"
same 'in and out again has no depth' 0 $status
yes 'menu
7' | head -20000 >"$t/in"
run shell <"$t/in"
same 'nor has the prompt inside' 0 $status
done_testing
