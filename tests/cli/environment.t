#!/bin/sh
# Folders, layers, restricted mode, color, locale, and a reader that goes away.
. "$NDR_SRCDIR/tests/cli/common.sh"
bounce=$reports/postfix-failure.eml
mkdir -p "$t/own/codes" "$t/own/trees" "$t/xdg/ndr/codes" "$t/xdg/ndr/trees" "$t/home/.local/share/ndr/codes"
cp tests/cli/data/good.xml "$t/own/codes/own.xml"

# --- NDR_DATA and --data ---
NDR_DATA=$t/own run list
ends 'NDR_DATA' 0
same 'NDR_DATA is used alone' 1 "$(wc -l <"$t/out" | tr -d ' ')"
has 'with its entry' '5.3.77' "$out"
NDR_DATA=$t/own run analyze --format json <<'EOF'
552 5.3.77 parcel gate of the house is closed for mona@fabrikam.com
EOF
json_same 'it explains a report' house-parcel-limit 'd["recipients"][0]["diagnoses"][0]["entry"]'
run --data "$t/own" list
has '--data does the same' '5.3.77' "$out"
same '--data is used alone' 1 "$(wc -l <"$t/out" | tr -d ' ')"
NDR_DATA=$t/missing run list
complains 'NDR_DATA without a folder' 2
run list --data "$t/missing"
complains '--data without a folder' 2
NDR_DATA='' run list
ends 'an empty NDR_DATA is none' 0
program=$t/bin/ndr
mkdir "$t/bin"
cp "$NDR_PROGRAM" "$program"
"$program" list >"$t/out" 2>"$t/err"
status=$?
out=$(cat "$t/out") err=$(cat "$t/err")
complains 'a program without its data' 2

# --- the user's overlay ---
sed 's/house-parcel-limit/exo-5.7.23-spf-violation/; s/5\.3\.77/5.7.23/' tests/cli/data/good.xml >"$t/xdg/ndr/codes/own.xml"
whole=$(ndr list | wc -l)
XDG_DATA_HOME=$t/xdg run list
ends 'an overlay' 0
same 'it replaces, it does not add' "$whole" "$(wc -l <"$t/out")"
XDG_DATA_HOME=$t/xdg run explain --format json exo-5.7.23-spf-violation
json_same 'the entry of that id is the new one' 'The parcel gate of the house is closed user' \
    '[d["entries"][0]["title"], d["entries"][0]["layer"]]'
json_same 'it tells its file' "$t/xdg/ndr/codes/own.xml" 'd["entries"][0]["file"]'
cp tests/cli/data/good.xml "$t/xdg/ndr/codes/own.xml"
XDG_DATA_HOME=$t/xdg run list
same 'another id adds an entry' $((whole + 1)) "$(wc -l <"$t/out" | tr -d ' ')"
cp tests/cli/data/house.xml "$t/xdg/ndr/trees"
XDG_DATA_HOME=$t/xdg run walk house --answers yes
has 'a tree of the overlay' 'The gate opens by itself' "$out"
cp tests/cli/data/good.xml "$t/home/.local/share/ndr/codes"
out=$(unset XDG_DATA_HOME && HOME=$t/home && export HOME && ndr explain 5.3.77 2>&1)
has 'without XDG_DATA_HOME it is ~/.local/share' 'parcel gate' "$out"
out=$(cd "$t" && XDG_DATA_HOME=xdg ndr explain --format json 5.3.77 2>&1)
lacks 'a relative XDG_DATA_HOME does not count' house-parcel-limit "$out"
out=$(unset XDG_DATA_HOME HOME && ndr list 2>&1 | wc -l)
same 'without a home it works' "$whole" "$out"

# --- restricted ---
for how in environment option; do
    if [ $how = environment ]; then
        NDR_RESTRICTED=1
        export NDR_RESTRICTED
        restricted=
    else
        unset NDR_RESTRICTED
        restricted=--restricted
    fi
    NDR_DATA=$t/own run $restricted list
    same "restricted by $how: NDR_DATA is ignored" "$whole" "$(wc -l <"$t/out")"
    XDG_DATA_HOME=$t/xdg run $restricted list
    same "restricted by $how: XDG_DATA_HOME is ignored" "$whole" "$(wc -l <"$t/out")"
    run $restricted analyze <$bounce
    has "restricted by $how: standard input is read" 'mona@fabrikam.com' "$out"
    run $restricted explain 5.7.23
    ends "restricted by $how: codes are explained" 0
    run $restricted analyze $bounce
    complains "restricted by $how: analyze FILE is refused" 2
    lacks "restricted by $how: nothing of the file is shown" 'mona@fabrikam.com' "$out$err"
    run $restricted $bounce
    complains "restricted by $how: a bare FILE is refused" 2
    run $restricted walk $bounce
    lacks "restricted by $how: walk FILE shows nothing" 'mona@fabrikam.com' "$out$err"
    check "restricted by $how: walk FILE is refused" test $status -ne 0
    run $restricted lint tests/cli/data/unknown-element.xml
    complains "restricted by $how: lint FILE is refused" 2
    run $restricted list --data "$t/own"
    lacks "restricted by $how: --data does not help" '5.3.77' "$out"
done
unset NDR_RESTRICTED

# --- color ---
for format in text markdown json; do
    run analyze --format $format $bounce
    lacks "$format has no color without a terminal" "$escape" "$out"
done
run --color never explain 5.7.23
lacks '--color never has none' "$escape" "$out"
if ! command -v python3 >/dev/null; then
    skip 'color on the screen' 'no python3'
elif ! python3 -c 'import pty; pty.openpty()' 2>/dev/null; then
    skip 'color on the screen' 'no pseudo-terminal'
else
    colored() { # arguments: the colors (30 to 49, 90 to 107) among the escape sequences of the screen
        python3 tests/cli/on_terminal.py "$NDR_PROGRAM" "$@" 2>&1 |
            grep -aoE "${escape}\[[0-9;:]*m" | grep -acE '[[;:](3[0-8]|4[0-8]|9[0-7]|10[0-7])[;:m]'
    }
    check 'the screen has color' test "$(colored $bounce)" -gt 0
    same '--color never has none on the screen' 0 "$(colored --color never $bounce)"
    check '--color always has some' test "$(colored --color always $bounce)" -gt 0
    NO_COLOR=1
    export NO_COLOR
    same 'NO_COLOR has none' 0 "$(colored $bounce)"
    check '--color always beats NO_COLOR' test "$(colored --color always $bounce)" -gt 0
    NO_COLOR=
    check 'an empty NO_COLOR is none' test "$(colored $bounce)" -gt 0
    unset NO_COLOR
    same '--theme mono has none' 0 "$(colored --theme mono $bounce)"
    same '--plain has no escape sequence at all' 0 \
        "$(python3 tests/cli/on_terminal.py "$NDR_PROGRAM" explain --plain 5.7.23 | grep -ac "$escape")"
    out=$(TERM=dumb python3 tests/cli/on_terminal.py "$NDR_PROGRAM" $bounce 2>&1)
    has 'a dumb terminal gets lines' 'mona@fabrikam.com' "$out"
    lacks 'and no escape sequence' "${escape}[" "$out"
fi

# --- locale ---
for locale in C C.UTF-8 xx_YY.nonsense; do
    LC_ALL=$locale run list
    ends "the list in locale $locale" 0
    LC_ALL=$locale run analyze --format json $reports/exchange-2010-german.eml
    ends "a German report in locale $locale" 0
    json_same "its json is UTF-8 in locale $locale" 5.1.1 'd["recipients"][0]["status"]'
    LC_ALL=$locale run analyze $reports/exchange-2010-german.eml
    ends "its text in locale $locale" 0
    has "its text is whole in locale $locale" 'Administratoren' "$out"
    check "its text is not broken in locale $locale" iconv -f UTF-8 -t UTF-8 -o "$t/utf8" "$t/out"
done
COLUMNS=0 LINES=-1 run list
ends 'senseless LINES and COLUMNS' 0
TERM='' run list
ends 'no TERM' 0

# --- a reader that goes away, a full disk ---
same 'ndr list | head -1' "$(ndr list | sed -n 1p)" "$({ ndr list 2>"$t/err"; echo $? >"$t/status"; } | head -1)"
same 'silent' '' "$(cat "$t/err")"
for args in 'list --format json' '--help' '--version' "analyze $bounce" 'trees' 'shell'; do
    # The reader is gone before the first byte is written.
    { sleep 1; yes 5.7.23 | head -3000 | "$NDR_PROGRAM" $args 2>"$t/err"; echo $? >"$t/status"; } | :
    same "a pipe without a reader: $args" 'status 0, stderr:' "status $(cat "$t/status"), stderr:$(cat "$t/err")"
done
if [ -c /dev/full ]; then
    for args in list 'list --format json' "analyze $bounce" "analyze --format json $bounce" trees 'lint --format json' \
        --help 'help list' --version; do
        "$NDR_PROGRAM" $args >/dev/full 2>"$t/err"
        status=$?
        err=$(cat "$t/err")
        complains "a full disk: $args" 2
    done
    echo list | "$NDR_PROGRAM" shell >/dev/full 2>"$t/err"
    status=$?
    err=$(cat "$t/err")
    complains 'a full disk: shell' 2
else
    skip 'a full disk' 'no /dev/full'
fi
"$NDR_PROGRAM" list >&- 2>"$t/err"
check 'a closed standard output does not end it by a signal' test $? -lt 126
"$NDR_PROGRAM" analyze <&- >"$t/out" 2>"$t/err"
status=$? err=$(cat "$t/err")
complains 'a closed standard input' 2
for signal in TERM HUP INT; do
    # The caller sees the signal itself.
    if command -v python3 >/dev/null; then
        got=$(python3 -c '
import signal, subprocess, sys, time
p = subprocess.Popen([sys.argv[1], "analyze", "-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
time.sleep(0.5)
p.send_signal(getattr(signal, "SIG" + sys.argv[2]))
try:
    print(-p.wait(5) == getattr(signal, "SIG" + sys.argv[2]))
except subprocess.TimeoutExpired:
    p.kill()
    print("still there")' "$NDR_PROGRAM" $signal)
        same "signal $signal ends it, and the caller sees it" True "$got"
    else
        skip "signal $signal ends it" 'no python3'
    fi
done
done_testing
