#!/bin/sh
# No control character of the input reaches the output: a report must not steer the terminal of its reader.
. "$NDR_SRCDIR/tests/cli/common.sh"

# How many bytes or characters of the last run may not be there: C0 but for the line feed, DEL, C1 (as a character
# and as a byte), the controls of writing direction, and line separators.
controls() { # file
    if command -v perl >/dev/null; then
        perl -0777 -ne '
            my $n = () = /[\x00-\x09\x0b-\x1f\x7f]/g;
            $n += () = /\xc2[\x80-\x9f]/g;
            $n += () = /\xe2\x80[\x8e\x8f\xa8-\xae]|\xe2\x81[\xa6-\xaf]|\xd8\x9c/g;
            my $rest = $_;
            $rest =~ s/[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}//g;
            $n += () = $rest =~ /[\x80-\xff]/g;
            print $n;' "$1"
    else
        LC_ALL=C tr -cd '\000-\011\013-\037\177' <"$1" | wc -c | tr -d ' '
    fi
}

clean() { # sentence
    if [ -s "$t/out" ] || [ -s "$t/err" ]; then
        same "$1" '0 and 0' "$(controls "$t/out") and $(controls "$t/err")"
    else
        report 1 "$1: nothing printed at all"
    fi
}

# The test itself sees what it looks for.
printf 'a\033b\302\233c\342\200\256d\233\177\342\201\246' >"$t/proof"
if command -v perl >/dev/null; then
    same 'every kind is counted' 6 "$(controls "$t/proof")"
    same 'umlauts and lines are none' 0 "$(controls data/codes/auth.xml)"
else
    check 'escapes are counted' test "$(controls "$t/proof")" -gt 0
fi

esc='\033[31m\033]0;owned\007\033]52;c;b3duZWQ=\007\033P+q\033\\\\\033c'
c1='\302\2332J\302\235x\302\234\302\205\2332J\220\234'
bidi='\342\200\256evil\342\200\254\342\201\246x\342\201\251\342\200\216\342\200\217\330\234\342\200\250\342\200\251'
other='\001\002\010\010\010\013\014\016\017\032\177'
for kind in escape c1 bidi other; do
    case $kind in
    escape) bad=$esc ;;
    c1) bad=$c1 ;;
    bidi) bad=$bidi ;;
    other) bad=$other ;;
    esac
    # A pasted line, a pasted form, a mail with its fields.
    printf "550 5.7.23 ${bad}mona@fabrikam.com ${bad}rejected because of Sender Policy Framework violation${bad}\n" >"$t/line"
    printf "Generating server: mx${bad}.example.com\n\nmo${bad}na@fabrikam.com\n#550 5.1.1 ${bad} User unknown ##\n" >"$t/form"
    printf "From: ${bad}MAILER-DAEMON@mx.example.com\nTo: nora@contoso.com\nSubject: Un${bad}deliverable
MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n
--b\nContent-Type: text/plain; charset=utf-8\n\nIt failed: ${bad} sorry.\n
--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx${bad}.example.com\n
Final-Recipient: rfc822; mona${bad}@fabrikam.com\nAction: failed\nStatus: 5.1.1
Remote-MTA: dns; mx1${bad}.fabrikam.com\nDiagnostic-Code: smtp; 550 5.1.1 ${bad}User unknown${bad}\n
--b\nContent-Type: message/rfc822\n\nReceived: from a${bad}.example.com by b.example.com; Tue, 3 Nov 2026 08:14:02 +0000
From: nora@contoso.com\nTo: mona@fabrikam.com\nSubject: ${bad}Hello\n\nHi ${bad}\n--b--\n" >"$t/mail"
    for input in line form mail; do
        for format in text json ndjson markdown html; do
            run analyze --format $format "$t/$input"
            clean "$kind in a $input, $format"
            [ $format = json ] && same "$kind in a $input: it is a report" 0 $status
        done
        run walk --format text "$t/$input"
        clean "$kind in a $input, walk"
    done
    text=$(printf "$bad")
    run explain "550 5.7.23 ${text}Sender Policy Framework"
    clean "$kind in words to explain"
    run explain "nonsense$text"
    clean "$kind in words that nobody knows"
    run search "spf$text"
    clean "$kind in words to search"
    run analyze "$t/missing$text"
    clean "$kind in the name of a file"
    run list --category "x$text"
    clean "$kind in the value of an option"
    run "--x$text"
    clean "$kind in an option"
    run walk spf --answers "x$text"
    clean "$kind in an answer"
    { echo paste; cat "$t/mail"; printf '.\nmessage sender\nmessage ticket\n%s\n' "nonsense$text"; } >"$t/in"
    run shell <"$t/in"
    clean "$kind in the shell"
    printf 'open tests/samples/dane.eml\nwalk\n1\nn by phone%s.\ns\nq\n' "$text" >"$t/in"
    run shell <"$t/in"
    clean "$kind in a note"
    has "$kind in a note: it is there" phone "$out"
    printf '<?xml version="1.0"?>\n<knowledge version="1" updated="2026-11-24" x%b="1"><a%b/></knowledge>\n' "$bad" "$bad" >"$t/bad.xml"
    run lint "$t/bad.xml"
    clean "$kind in a file to lint"
done

# Encoded in the mail, they are still none.
printf 'From: MAILER-DAEMON@mx.example.com\nSubject: =?utf-8?Q?Un=1B[31mdeliverable=E2=80=AE?=
MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n
550 5.1.1 <mona@fabrikam.com> =1B]0;owned=07=C2=9B2J=E2=80=AE User unknown\n' >"$t/mail"
for format in text json markdown html; do
    run analyze --format $format "$t/mail"
    clean "encoded controls, $format"
done
printf '550 5.1.1 <mona@fabrikam.com> a\000b User unknown\n' >"$t/line"
run analyze --format json "$t/line"
clean 'a zero byte'
same 'a zero byte does not end the report' 0 $status

# The same on the screen, whose own controls are another matter: what curses never writes must not be there.
# Reports of the terminal, its title and clipboard, strings, resets, bells, C1 and controls of direction.
if command -v python3 >/dev/null && python3 -c 'import pty; pty.openpty()' 2>/dev/null; then
    ask='\033[6n\033[21t\033]0;owned\007\033]52;c;b3duZWQ=\007\033P$q m\033\\\\\033_x\033\\\\\033c\033[5i'
    for bad in "$ask" "$c1" "$bidi" "$other"; do
        printf "From: ${bad}MAILER-DAEMON@mx.example.com\nTo: nora@contoso.com\nSubject: Un${bad}deliverable
MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n
--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx${bad}.example.com\n
Final-Recipient: rfc822; mona${bad}@fabrikam.com\nAction: failed\nStatus: 5.1.1
Remote-MTA: dns; mx1${bad}.fabrikam.com\nDiagnostic-Code: smtp; 550 5.1.1 ${bad}User unknown${bad}\n
--b\nContent-Type: message/rfc822\n\nReceived: from a${bad}.example.com by b.example.com; Tue, 3 Nov 2026 08:14:02 +0000
From: nora@contoso.com\nTo: mona@fabrikam.com\nSubject: ${bad}Hello\n\nHi ${bad}\n--b--\n" >"$t/mail"
        ON_QUIET=0.15 ON_KEYS='e\x1bH\x1bA\x1bm\x1b\t\x1bo\x1b' python3 tests/cli/on_terminal.py "$NDR_PROGRAM" "$t/mail" >"$t/out" 2>/dev/null
        has 'the report is on the screen' 'does not exist' "$(tr -d '\000' <"$t/out")"
        same 'nothing of it steers the terminal' '' "$(python3 - "$t/out" <<'PYTHON'
import re, sys
raw = open(sys.argv[1], "rb").read()
for bad in (rb"\x1b\[6n|\x1b\[21t|\x1b\[5i", rb"\x1b[\]P_^Xc]", rb"\xc2[\x80-\x9f]",
            rb"\xe2\x80[\x8e\x8f\xa8-\xae]|\xe2\x81[\xa6-\xaf]|\xd8\x9c", rb"[\x01-\x07\x0b\x0c\x10-\x1a\x7f]"):
    print(*set(re.findall(bad, raw)), sep="", end="")
try:
    raw.decode("utf-8")
except UnicodeDecodeError as error:
    print(error)
PYTHON
)"
    done
else
    skip 'nothing of a report steers the terminal' 'no python3 or no pseudo-terminal'
fi

# What is no control character stays.
printf '550 5.1.1 <mona@fabrikam.com> Postfach unbekannt: M\303\274ller \346\227\245\346\234\254\n' >"$t/line"
run analyze --format json "$t/line"
has 'letters of all scripts stay' 'Müller 日本' "$out"
# HTML and markdown of the server are words.
printf '550 5.1.1 <mona@fabrikam.com> <script>alert(1)</script> `x` User unknown\n' >"$t/line"
run analyze --format html "$t/line"
lacks 'no element of the report in html' '<script' "$out"
done_testing
