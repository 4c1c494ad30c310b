#!/bin/sh
# Settings, keys and looks: which there are, where they come from, what a fault says.
. "$NDR_SRCDIR/tests/cli/common.sh"
run config --list
ends 'the list' 0
same 'a line a setting' "$(grep -c '^SETTING(' src/cmd/settings.def)" "$(grep -c '^[a-z_]* = ' "$t/out")"
same 'a line a role' "$(grep -c '^STYLE(' src/cmd/style.def)" "$(grep -c '^style [a-z-]* = .* # [a-z]' "$t/out")"
for context in $(sed -n 's/^CONTEXT([A-Z]*, *"\([a-z]*\)".*/\1/p' src/cmd/contexts.def); do
    check "keys of the screen $context" grep -q "^bind $context [^ ]* [a-z-]* *# [A-Z]" "$t/out"
done
same 'every key has an action and its meaning' '' "$(grep '^bind' "$t/out" | grep -v '^bind [a-z]* [^ ]* [a-z0-9-]* *# [A-Z]')"
run config
same 'config alone prints the same' "$(cat "$t/out")" "$("$NDR_PROGRAM" config --list)"
run config --format html
complains 'no other format' 2
run config --format json
ends 'as JSON' 0
json_same 'its schema' ndr-config/1 'd["schema"]'
json_same 'a setting' 'default default choice default|contrast|mono default None None' \
    '[(s["value"], s["default"], s["kind"], "|".join(s["choices"]), s["origin"], s["file"], s["line"]) for s in d["settings"] if s["name"] == "theme"][0]'
json_same 'a key' 'trees default' '[(b["action"], b["origin"]) for b in d["bindings"] if b["screen"] == "home" and b["key"] == "t"][0]'
json_same 'a look' 'bold cyan default' '[(s["look"], s["origin"]) for s in d["styles"] if s["role"] == "code"][0]'
printf '# mine\n\nown_domains =  example.com   fabrikam.com \ntheme = mono\n' >"$t/config"
NDR_CONFIG=$t/config
export NDR_CONFIG
run config
has 'a value of the file' 'own_domains = example.com   fabrikam.com' "$out"
has 'and which file' "$t/config" "$out"
has 'and which line' "$t/config:4" "$out"
cat >"$t/config" <<'CONFIG'
theme = mono
unbind home t
bind home T trees
bind all C-g help
unbind walk 3
style proof = reverse red
own_domains = example.com   fabrikam.com
CONFIG
run config
ends 'keys and looks of a file' 0
has 'a key that was bound' "($t/config:3)" "$(grep '^bind home T trees ' "$t/out")"
has 'on all screens' "($t/config:4)" "$(grep '^bind walk C-g help ' "$t/out")"
has 'one that was taken away' "($t/config:2)" "$(grep '^unbind home t ' "$t/out")"
same 'it is bound no more' '' "$(grep '^bind home t ' "$t/out")"
has 'a look as the file has it' "style proof = reverse red " "$(grep "($t/config:6)" "$t/out")"
cp "$t/out" "$t/again"
NDR_CONFIG=$t/again run config
ends 'what is printed is a config file' 0
plain() { sed 's/ *# .*//' "$1" | grep -v '^$'; }
plain "$t/again" >"$t/first"
plain "$t/out" >"$t/second"
check 'that gives the same' cmp -s "$t/first" "$t/second"
run config --format json
json_same 'the file and line of a key' "user $t/config 3" '[(b["origin"], b["file"], b["line"]) for b in d["bindings"] if b["screen"] == "home" and b["key"] == "T"][0]'
json_same 'a key without an action' None '[b["action"] for b in d["bindings"] if b["screen"] == "home" and b["key"] == "t"][0]'
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
printf 'thema = mono\nbind hone x trees\nbind home x tree\nstyle cod = bold\n' >"$t/other"
run list
has 'the nearest setting' "$t/other:1: unknown setting thema (did you mean theme?)" "$err"
has 'the nearest screen' "$t/other:2: unknown screen hone (did you mean home?)" "$err"
has 'the nearest action' "$t/other:3: unknown action tree (did you mean trees?)" "$err"
has 'the nearest role' "$t/other:4: unknown role cod (did you mean code?)" "$err"
printf 'theme = loud\nnonsense = 1\njust words\nown_domains = example.com\n' >"$t/other"
run list
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
