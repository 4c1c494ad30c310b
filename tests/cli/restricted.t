#!/bin/sh
# A restricted session starts as usual whatever the environment holds, and nothing in it is a way out.
. "$NDR_SRCDIR/tests/cli/common.sh"
if ! command -v python3 >/dev/null || ! python3 -c 'import pty; pty.openpty()' 2>/dev/null; then
    skip 'restricted sessions' 'no python3 or no pseudo-terminal'
    done_testing
    exit
fi
ON_QUIET=0.1
export ON_QUIET
on_terminal() { python3 tests/cli/on_terminal.py "$@" >"$t/out" 2>&1; }

# Files that hostile variables point to.
mkdir -p "$t/bait/78" "$t/bait/x" "$t/bait/ndr/codes" "$t/home/.terminfo/x" "$t/home/.local/share/ndr/codes"
head -c 4000 /dev/urandom >"$t/bait/x/xterm-256color"
cp "$t/bait/x/xterm-256color" "$t/home/.terminfo/x/"
cp "$t/bait/x/xterm-256color" "$t/bait/78/"
cp tests/cli/data/good.xml "$t/bait/ndr/codes/own.xml"
cp tests/cli/data/good.xml "$t/home/.local/share/ndr/codes/own.xml"
printf '"q": "BAITED"\nset editing-mode vi\n' >"$t/bait/inputrc"
cp "$t/bait/inputrc" "$t/home/.inputrc"
echo 'theme = mono' >"$t/bait/config"

for variable in "TERMINFO=$t/bait" "TERMINFO_DIRS=$t/bait" "TERMCAP=$t/bait/config" "HOME=$t/home" "INPUTRC=$t/bait/inputrc" \
    "NCURSES_NO_SETBUF=1" "NCURSES_TRACE=9999" "ESCDELAY=-5" "LESSOPEN=|id" "PAGER=sh" "EDITOR=sh" "VISUAL=sh" \
    "SHELL=/bin/sh" "LINES=65535" "COLUMNS=65535" "LINES=0" "COLUMNS=-1" "LANG=../../tmp" "LC_ALL=/tmp/x" "TZ=:/etc/passwd" \
    "NDR_DATA=$t/bait" "NDR_CONFIG=$t/bait/config" "XDG_DATA_HOME=$t/bait" "XDG_STATE_HOME=$t/bait" "SSH_ORIGINAL_COMMAND=id" \
    "GCONV_PATH=$t/bait" "LOCPATH=$t/bait" "NLSPATH=$t/bait/%N" "XML_CATALOG_FILES=$t/bait/config"; do
    on_terminal env "$variable" "$NDR_PROGRAM" --restricted
    same "${variable%%=*} hostile: a normal end" 0 $?
    has "${variable%%=*} hostile: the usual screen" 'Home' "$(cat "$t/out")"
    env "$variable" "$NDR_PROGRAM" --restricted list >"$t/out" 2>"$t/err"
    lacks "${variable%%=*} hostile: the usual knowledge" '5.3.77' "$(cat "$t/out" "$t/err")"
done
for term in '../../etc/passwd' '/tmp/x' '' 'x;id' "$(printf 'x%.0s' $(seq 500))"; do
    TERM=dumb on_terminal env TERM="$term" "$NDR_PROGRAM" --restricted
    check "TERM \"$(printf %.20s "$term")\": a normal end or status 2" test $? -le 2
done
for size in 0x0 1x1 3x200 65535x65535 10x65535 1000x1000; do
    ON_SIZE=$size on_terminal "$NDR_PROGRAM" --restricted
    same "a window of $size: a normal end" 0 $?
done
for args in '--restricted' ''; do
    LINES=65535 COLUMNS=65535 on_terminal "$NDR_PROGRAM" $args
    same "LINES and COLUMNS of 65535 ${args:-unrestricted}: a normal end" 0 $?
done

# Prompts complete no names of files.
for args in 'walk spf' 'shell'; do
    touch "$t/aa-file-of-mine"
    (cd "$t" && ON_KEYS='\t\taa-\t\t\x15' TERM=dumb python3 "$NDR_SRCDIR/tests/cli/on_terminal.py" "$NDR_PROGRAM" --restricted $args >"$t/out" 2>&1)
    lacks "Tab in $args completes no file" aa-file "$(cat "$t/out")"
done

# Nothing is left behind.
(cd "$t/home" && HOME=$t/home XDG_STATE_HOME='' on_terminal "$NDR_PROGRAM" --restricted)
check 'no state without state_dir' test ! -e "$t/home/.local/state"

# Names of files are words, on every way in.
secret=$t/secret.eml
cp $reports/postfix-failure.eml "$secret"
for args in "$secret" "analyze $secret" "walk $secret" "triage $secret" "triage $t" "lint $secret" "--data $t/bait list" \
    "explain $secret" "search $secret" "analyze -- $secret" "which $secret" "new $secret" "trees $secret"; do
    run --restricted $args
    lacks "ndr --restricted $args shows nothing of the file" 'mona@fabrikam.com' "$out$err"
done
for words in "open $secret" "paste $secret" "walk $secret" "triage $secret" "!id" "explain $secret" "sh" "| id"; do
    printf '%s\n' "$words" | "$NDR_PROGRAM" --restricted shell >"$t/out" 2>&1
    lacks "shell: $words" 'mona@fabrikam.com' "$(cat "$t/out")"
    lacks "shell: $words runs nothing" 'uid=' "$(cat "$t/out")"
done
done_testing
