#!/bin/sh
# ndr explain and the bare code.
. "$NDR_SRCDIR/tests/cli/common.sh"
spf='Sender Policy Framework'

run explain 5.7.23
ends 'a code' 0
has 'a code: its title' "$spf" "$out"
text=$out
for code in '550 5.7.23' 5723 '#5.7.23' '#550 5.7.23' '550-5.7.23' exo-5.7.23-spf-violation; do
    run explain "$code"
    same "$code says the same" "$text" "$out"
done
run explain 550 5.7.23
same 'a code in two words says the same' "$text" "$out"
run 5.7.23
ends 'a bare code' 0
same 'a bare code says the same' "$text" "$out"
run explain 4.7.512
ends 'a code inside of a range' 0
has 'the range stands there' '4.7.500' "$out"
run explain --format json 4.7.512
json_same 'the range is one of its codes' True 'any(c.startswith("4.7.500") for e in d["entries"] for c in e["codes"])'
run explain --format json '550 5.7.1 Service unavailable, Client host [198.51.100.7] blocked using Spamhaus'
same 'an error line' 0 $status
json_same 'an error line has an entry' True 'len(d["entries"]) > 0'
run explain --format json '550 5.7.23 The message was rejected because of Sender Policy Framework violation'
json_same 'the words find their entry' exo-5.7.23-spf-violation 'd["entries"][0]["id"]'
run explain --format json rejected because of Sender Policy Framework violation
json_same 'words without a code find it, too' exo-5.7.23-spf-violation 'd["entries"][0]["id"] if d["entries"] else None'
run explain --format json 5.7.899
ends 'an unknown code' 0
json_same 'an unknown code has the page of its class' class-5.7 'd["entries"][0]["id"]'
run explain --format json 4.4.999
json_same 'the same for a temporary one' class-4.4 'd["entries"][0]["id"]'
run explain --format json 550
json_same 'a reply code alone' smtp-550 'd["entries"][0]["id"]'
run explain --format json 4.2.4
json_same 'a registered code has a page of its own' iana-X.2.4 'd["entries"][0]["id"]'
run explain --format json x.2.4
json_same 'as the registry writes it too' iana-X.2.4 'd["entries"][0]["id"]'
run explain --format json 2.1.5
json_same 'a code of success says so' 'iana-X.1.5 success' \
    'd["entries"][0]["id"] + " " + d["entries"][0]["kind"]'
run explain X.2.99
complains 'a code that the registry does not have' 1
# Every row of the registry has its page, and each reply code that a bounce can hold.
pages=$(ndr list --format json | sed -n 's/^ *"id": "\(.*\)",$/\1/p')
same 'every registered code has one' 81 "$(printf '%s\n' "$pages" | grep -c '^iana-X')"
missing=
for reply in 421 450 451 452 454 455 500 501 502 503 504 521 530 534 535 538 550 551 552 553 554 555 556; do
    printf '%s\n' "$pages" | grep -qx "smtp-$reply" || missing="$missing $reply"
done
same 'every reply code has one' '' "$missing"

# --- a number that always needs words ---
mkdir -p "$t/data/codes"
some_entry() { # id words line
    cat <<EOF
<entry id="$1" category="content" owner="sender" kind="permanent">
  <code $2>5.6.77</code><title>$1</title><match><text>$3</text></match><summary>S</summary><cause>C</cause>
  <remedy owner="sender"><step>Do it.</step></remedy><source document="D"/>
  <sample origin="made">550 5.6.77 $3</sample>
</entry>
EOF
}
{
    echo '<knowledge version="1" updated="2026-11-24" xml:lang="en" provider="exchange">'
    some_entry a-rare 'words="always"' 'the rare words'
    some_entry b-usual '' 'the usual words'
    echo '</knowledge>'
} >"$t/data/codes/content.xml"
run --data "$t/data" explain --format json '550 5.6.77 words that nobody knows'
json_same 'the number leads to the usual cause only' 'b-usual' '[e["id"] for e in d["entries"]]'
run --data "$t/data" explain --format json '550 5.6.77 the rare words'
json_same 'the words lead to the rare one' 'a-rare' 'd["entries"][0]["id"]'
run --data "$t/data" explain --format json 5.6.77
json_same 'the code lists both, the usual one first' 'b-usual a-rare' '[e["id"] for e in d["entries"]]'
echo '550 5.6.77 words that nobody knows' >"$t/line"
run --data "$t/data" analyze --format json "$t/line"
json_same 'the usual cause is likely: nothing shares its number' 'b-usual likely' \
    '[d["recipients"][0]["diagnoses"][0][k] for k in ("entry", "confidence")]'

run explain --format json 5.7.23
json_same 'json has the schema' 'ndr-explain/1' 'd["schema"]'
json_same 'json has every key of an entry' '' '[k for e in d["entries"] for k in ("id title provider codes replies " +
    "category owner owners kind tree node layer file summary cause remedies messages links source").split()
    if k not in e]'
json_same 'json tells the entry' 'exo-5.7.23-spf-violation auth domain-owner spf shipped' \
    '[d["entries"][0][k] for k in ("id", "category", "owner", "tree", "layer")]'
run explain --format markdown 5.7.23
ends 'markdown' 0
has 'markdown begins with a heading' '# 5.7.23' "$out"
run explain --format dot 5.7.23
complains 'dot is not for explain' 2

run explain zzz qqq
complains 'words that nobody knows' 1
run explain 9.9.9
complains 'no code of mail' 1
run explain 192.0.2.25
complains 'an address is no code' 1
run explain
complains 'explain without a code' 2
run nonsense
complains 'a bare word that is nothing' 2

# A bare word is a file when such a file exists.
cp $reports/postfix-failure.eml "$t/5.7.23"
out=$(cd "$t" && "$NDR_PROGRAM" 5.7.23 2>&1)
has 'a file of that name wins' 'mona@fabrikam.com' "$out"
lacks 'the code is not explained then' "$spf" "$out"
out=$(cd "$t" && "$NDR_PROGRAM" explain 5.7.23 2>&1)
has 'explain stays with the code' "$spf" "$out"
out=$(cd "$t" && "$NDR_PROGRAM" --restricted 5.7.23 2>&1)
has 'so does a bare code in restricted mode' "$spf" "$out"
run explain 5.7.1
ends 'a number with many meanings' 0
has 'it says how many' '5.7.1 has ' "$out"
has 'each with its name' 'exo-5.7.1-not-authorized: ' "$out"
check 'a screen or three, not thirty' test "$(wc -l <"$t/out")" -lt 200
run explain --format json 5.7.1
json_same 'json has them whole' True 'len(d["entries"]) > 10 and all(e["cause"] for e in d["entries"])'
done_testing
