#!/bin/sh
# Whose words they are: an entry of a provider speaks where something names the provider.
. "$NDR_SRCDIR/tests/cli/common.sh"
mkdir -p "$t/data/codes" "$t/data/trees"
entry() { # id provider code weak words
    cat <<EOF
  <entry id="$1" category="mailbox" owner="sender" kind="permanent" tree="generic" provider="$2">
    <code>$3</code>
    <title>$5</title>
    <match$4><text>$5</text></match>
    <summary>Something happened.</summary>
    <cause>Something happened.</cause>
    <remedy owner="sender"><step>Wait.</step></remedy>
    <source document="Test"/>
    <sample origin="made" remote-mta="mx.google.com">550 $3 $5</sample>
  </entry>
EOF
}
{
    echo '<knowledge version="1" updated="2026-11-24" xml:lang="en" provider="any">'
    entry gate-shut exchange-online 5.3.77 '' 'parcel gate is shut'
    entry drawer-locked gmail 5.3.77 '' 'pigeon drawer is locked'
    entry room-full gmail 5.3.78 ' weak="yes"' 'no room left'
    entry class-5.3 any 5.3.99 '' 'page about the number'
    echo '</knowledge>'
} >"$t/data/codes/own.xml"
cp data/trees/*.xml "$t/data/trees"

answer() { # host line: entry and confidence of the best diagnosis
    printf 'Action: failed\n%sDiagnostic-Code: smtp; %s\n' "${1:+Remote-MTA: dns; $1
}" "$2" >"$t/report"
    run analyze --data "$t/data" --format json "$t/report"
    python3 -c 'import json, sys
d = json.load(sys.stdin)["recipients"][0]["diagnoses"][0]
print(d["entry"], d["confidence"])' <"$t/out"
}

if command -v python3 >/dev/null; then
    for host in mx.google.com smtp.gmail.com; do
        same "$host: its own words" 'drawer-locked exact' "$(answer $host '550 5.3.77 pigeon drawer is locked')"
        same "$host: everyday words" 'room-full strong' "$(answer $host '550 5.3.78 no room left')"
        same "$host: its number" 'room-full likely' "$(answer $host '550 5.3.78 bad day')"
    done
    for tail in 'abc123.7 - gsmtp' 'https://support.google.com/mail/answer/1'; do
        same "$tail: a pasted line names its provider" 'drawer-locked exact' \
            "$(answer '' "550 5.3.77 pigeon drawer is locked $tail")"
    done
    for host in '' mx.example.net mx.mail.protection.outlook.com; do
        same "${host:-no host}: everyday words are not the provider's" 'class-5.3 weak' \
            "$(answer "$host" '550 5.3.78 no room left')"
        same "${host:-no host}: nor is a number" 'class-5.3 weak' "$(answer "$host" '550 5.3.78 bad day')"
        same "${host:-no host}: a stranger's number takes nothing from the one who has it" 'gate-shut likely' \
            "$(answer "$host" '550 5.3.77 bad day')"
        same "${host:-no host}: the provider's own words are shown with doubt" 'drawer-locked weak' \
            "$(answer "$host" '550 5.3.77 pigeon drawer is locked')"
    done
else
    skip 'whose words they are' 'no python3'
fi
done_testing
