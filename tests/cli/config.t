#!/bin/sh
# Settings: which there are, where they come from, what a fault says.
. "$NDR_SRCDIR/tests/cli/common.sh"
run config --list
ends 'the list' 0
same 'a line a setting' "$(grep -c '^SETTING(' src/cmd/settings.def)" "$(grep -c ' = ' "$t/out")"
printf '# mine\n\nown_domains =  example.com   fabrikam.com \ntheme = mono\n' >"$t/config"
NDR_CONFIG=$t/config
export NDR_CONFIG
run config
has 'a value of the file' 'own_domains = example.com   fabrikam.com' "$out"
has 'and which file' "$t/config" "$out"
run config --restricted
lacks 'restricted mode reads none' fabrikam "$out"
run walk tests/samples/dane.eml --answers cannot-tell
has 'an own domain answers whose it is' 'One of ours' "$out"
NDR_CONFIG=$t/other
printf 'own_domains = example.org\n' >"$t/other"
run walk tests/samples/dane.eml --answers cannot-tell
has "another's domain too" "Somebody else's" "$out"
printf 'theme = loud\nnonsense = 1\njust words\nown_domains = example.com\n' >"$t/other"
run list
same 'faults: status' 0 $status
has 'a wrong value' "$t/other:1: theme takes default|contrast|mono, not loud" "$err"
has 'an unknown setting' "$t/other:2: unknown setting nonsense" "$err"
has 'a line without =' "$t/other:3:" "$err"
run config
has 'and the rest counts' 'own_domains = example.com' "$out"
NDR_CONFIG=$t/missing
run list
has 'a named file that is not there' "$t/missing: no such file" "$err"
unset NDR_CONFIG
XDG_CONFIG_HOME=$t/xdg
export XDG_CONFIG_HOME
mkdir -p "$t/xdg/ndr"
printf 'own_domains = example.net\n' >"$t/xdg/ndr/config"
run config
has "the person's own file" 'own_domains = example.net' "$out"
printf '\033[31mx = 1\n' >"$t/xdg/ndr/config"
run list
lacks 'no escape sequence gets out' "$escape" "$err"
done_testing
