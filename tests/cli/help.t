#!/bin/sh
# --help, help COMMAND, --version; the man page and the completions know every command and option.
. "$NDR_SRCDIR/tests/cli/common.sh"
commands=$(sed -n 's/^COMMAND([A-Z_]*, *"\([a-z-]*\)".*/\1/p' src/cmd/commands.def)
options=$(sed -n 's/^OPTION([A-Z_]*, *"\([a-z-]*\)".*/\1/p' src/cmd/options.def)
page=$NDR_BUILD/man/ndr.1
check 'the tables are read' test "$(printf '%s\n' "$commands" | wc -l)" -ge 9 -a "$(printf '%s\n' "$options" | wc -l)" -ge 11

run --help
ends '--help' 0
same '--help begins with the usage' 'Usage: ndr' "$(head -1 "$t/out" | cut -c1-10)"
general=$out
run -h
same '-h is the same' "$general" "$out"
run help
same 'help is the same' "$general" "$out"
has 'it tells the exit status' 'Exit status' "$general"
for command in $commands; do
    has "--help has $command" "  $command" "$general"
    run help "$command"
    ends "help $command" 0
    has "help $command tells its usage" "Usage: ndr $command" "$out"
    own=$out
    if [ "$command" != help ]; then
        run "$command" --help
        same "$command --help is the same" "$own" "$out"
    fi
done
for option in $options; do
    has "--help has --$option" "--$option" "$general"
done
has '--help tells of the topics' 'ndr help topics' "$general"
run help topics
ends 'help topics' 0
for file in help/topics/*.xml; do
    name=$(basename "$file" .xml)
    has "help topics has $name with its title" "$name $(printf '%*s' $((16 - ${#name})) '')$(sed -n 's:.*<title>\(.*\)</title>.*:\1:p' "$file")" "$out"
    own=$(ndr help "$name")
    has "help $name begins with its title" "$(sed -n 's:.*<title>\(.*\)</title>.*:\1:p' "$file")" "$(printf '%s\n' "$own" | head -1)"
    lacks "help $name has all its keys" '{key' "$own"
done
run help copying
has 'a topic names the keys' 'y sends the text' "$out"
printf 'unbind all y\nbind entry C-y copy\n' >"$t/rc"
NDR_CONFIG=$t/rc run help copying
has 'those that are bound' 'Ctrl-Y sends the text' "$out"
run help shared-account
has 'lines of an example stand below each other' '     Match User helpdesk
         ForceCommand /usr/local/bin/ndr --restricted' "$out"
run help shared-account --format markdown
complains 'a topic takes no format' 2
run --restricted help copying
ends 'topics in restricted mode' 0
mkdir -p "$t/data/ndr/help"
sed 's/First steps/Our own steps/' help/topics/first-steps.xml >"$t/data/ndr/help/first-steps.xml"
XDG_DATA_HOME=$t/data run help topics
has 'a topic of a layer takes the place of ours' 'Our own steps' "$out"
same 'and adds none' "$(ls help/topics | wc -l)" "$(wc -l <"$t/out")"
run help analyze
has 'help analyze has its option' '--format' "$out"
lacks 'help analyze has no option of others' '--answers' "$out"
run help nonsense
complains 'help of no command or topic' 2

run --version
ends '--version' 0
has '--version begins with the program' 'ndr ' "$(head -1 "$t/out" | cut -c1-4)"
date=$(sed -n 's/.*updated="\([0-9-]*\)".*/\1/p' data/codes/*.xml | sort | tail -1)
has '--version tells the date of the knowledge' "$date" "$out"
has '--version tells how many entries' entries "$out"
all=$out
run -V
same '-V is the same' "$all" "$out"
NDR_DATA=$t/missing run --version
same '--version works without the knowledge' "$(printf '%s\n' "$all" | head -1)" "$(head -1 "$t/out")"

for wrong in --nonsense -Z --helpp --format; do
    run $wrong
    complains "option $wrong" 2
done
run list --answers a
complains 'an option of another command' 2
run list --plain=yes
complains 'a value where none belongs' 2
run --color sometimes list
complains 'a value that an option does not take' 2
run analyze -- --nonsense
complains 'behind -- it is a file' 2
has 'that is not there' 'no such file' "$err"

if [ -f "$page" ]; then
    text=$(sed 's/\\-/-/g; s/\\fB//g; s/\\fR//g' "$page")
    for command in $commands; do
        has "the man page has $command" "ndr $command" "$text"
    done
    for option in $options; do
        has "the man page has --$option" "--$option" "$text"
    done
    # Every variable that the program reads.
    for variable in $(grep -rhoE 'getenv\("[A-Z_]+"\)' src | cut -d'"' -f2 | sort -u | grep -vxE 'HOME|TMUX|STY') NDR_DATA NDR_RESTRICTED; do
        has "the man page has $variable" "$variable" "$text"
    done
    if command -v man >/dev/null && man --version >/dev/null 2>&1; then
        same 'the man page is sound' '' "$(LC_ALL=C.UTF-8 MANROFFSEQ='' man --warnings -E UTF-8 -l -Tutf8 -Z "$page" 2>&1 >/dev/null)"
    else
        skip 'the man page is sound' 'no man'
    fi
else
    skip 'the man page' 'not built'
fi
page=$NDR_BUILD/man/ndrrc.5
if [ -f "$page" ]; then
    text=$(sed 's/\\-/-/g' "$page")
    settings=$(sed -n 's/^SETTING([A-Z_]*, *"\([a-z_]*\)".*/\1/p' src/cmd/settings.def)
    screens=$(sed -n 's/^CONTEXT([A-Z]*, *"\([a-z]*\)".*/\1/p' src/cmd/contexts.def)
    roles=$(sed -n 's/^STYLE([A-Z_]*, *"\([a-z-]*\)".*/\1/p' src/cmd/style.def)
    check 'the tables of ndrrc are read' test "$(echo $settings | wc -w)" -ge 14 -a "$(echo $screens | wc -w)" -ge 18 \
        -a "$(echo $roles | wc -w)" -ge 24
    for setting in $settings; do
        has "ndrrc(5) has the setting $setting" ".BI \"$setting = \"" "$text"
    done
    for screen in $screens; do
        has "ndrrc(5) has the screen $screen" ".B $screen
" "$text"
    done
    for role in $roles; do
        has "ndrrc(5) has the role $role" ".BI \"style $role = \"" "$text"
    done
    run config
    for action in $(sed -n 's/^bind [a-z]* [^ ]* \([a-z0-9-]*\) .*/\1/p' "$t/out" | sort -u); do
        has "ndrrc(5) has the action $action" ".B $action
" "$text"
    done
    has 'with its keys and screens' 'Keys: Enter Right l.
Screens: home list trees triage.' "$text"
    if command -v man >/dev/null && man --version >/dev/null 2>&1; then
        same 'ndrrc(5) is sound' '' "$(LC_ALL=C.UTF-8 MANROFFSEQ='' man --warnings -E UTF-8 -l -Tutf8 -Z "$page" 2>&1 >/dev/null)"
    else
        skip 'ndrrc(5) is sound' 'no man'
    fi
else
    skip 'ndrrc(5)' 'not built'
fi
for file in "$NDR_BUILD/man/ndr.bash" "$NDR_BUILD/man/_ndr"; do
    name=$(basename "$file")
    words=$(cat "$file")
    for command in $commands; do
        case $words in
        *"'$command:"* | *" $command "* | *"'$command "*) report 0 "$name has $command" ;;
        *) report 1 "$name has $command" ;;
        esac
    done
    for option in $options; do
        has "$name has --$option" "--$option" "$words"
    done
done
if command -v bash >/dev/null; then
    check 'bash reads its completion' bash -n "$NDR_BUILD/man/ndr.bash"
    got=$(bash -c '. "$1"; COMP_WORDS=(ndr anal); COMP_CWORD=1; _ndr; echo "${COMPREPLY[*]}"' - "$NDR_BUILD/man/ndr.bash")
    same 'bash completes a command' analyze "$got"
    got=$(bash -c '. "$1"; COMP_WORDS=(ndr list --cat); COMP_CWORD=2; _ndr; echo "${COMPREPLY[*]}"' - "$NDR_BUILD/man/ndr.bash")
    same 'bash completes an option' --category "$got"
    got=$(bash -c '. "$1"; COMP_WORDS=(ndr config --li); COMP_CWORD=2; _ndr; echo "${COMPREPLY[*]}"' - "$NDR_BUILD/man/ndr.bash")
    same 'bash completes config --list' --list "$got"
    got=$(bash -c '. "$1"; COMP_WORDS=(ndr walk --cat); COMP_CWORD=2; _ndr; echo "${COMPREPLY[*]}"' - "$NDR_BUILD/man/ndr.bash")
    same 'bash completes no option of another command' '' "$got"
    got=$(bash -c '. "$1"; COMP_WORDS=(ndr analyze --format mark); COMP_CWORD=3; _ndr; echo "${COMPREPLY[*]}"' - "$NDR_BUILD/man/ndr.bash")
    same 'bash completes a value' markdown "$got"
else
    skip 'bash reads its completion' 'no bash'
fi
if command -v zsh >/dev/null; then
    check 'zsh reads its completion' zsh -n "$NDR_BUILD/man/_ndr"
    mkdir "$t/bin" && ln -s "$NDR_PROGRAM" "$t/bin/ndr"
    zsh_same() { # sentence expected typed: the line behind Tab
        if zsh -fc 'zmodload zsh/zpty && zpty probe true' 2>/dev/null; then
            same "$1" "$2" "$(PATH=$t/bin:$PATH zsh -f tests/cli/complete.zsh "$NDR_BUILD/man" "$3" "$t/line")"
        else
            skip "$1" 'no zsh/zpty'
        fi
    }
    zsh_same 'zsh completes a command' 'ndr analyze ' 'ndr anal'
    zsh_same 'zsh completes an option' 'ndr list --category=' 'ndr list --cat'
    zsh_same 'zsh completes a value' 'ndr analyze --format=markdown ' 'ndr analyze --format=mark'
    zsh_same 'zsh completes a value that stands alone' 'ndr analyze --format markdown ' 'ndr analyze --format mark'
    zsh_same 'zsh completes no option of another command' 'ndr walk --cat' 'ndr walk --cat'
    zsh_same 'zsh completes a tree' 'ndr walk dane ' 'ndr walk dan'
    zsh_same 'zsh completes a file' 'ndr analyze README ' 'ndr analyze READ'
else
    skip 'zsh reads its completion' 'no zsh'
fi
done_testing
